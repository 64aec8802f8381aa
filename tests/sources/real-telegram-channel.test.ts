import { expect, test } from "vitest";
import type { Ask } from "#sources/define.ts";
import { telegramChannel as kind } from "#sources/telegram-channel.ts";
import { describeShared, readShared, readSharedJson, sharedExists } from "#tests/shared.ts";
import { itemsOf } from "./fixture.ts";

const folder = "fixtures/telegram";

interface ExpectedMessage {
  id: number;
  created_at: string;
  type: string;
  channel: string;
  author: string | null;
  text: string | null;
  views: number | null;
  forwarded_author?: string;
  reply_to_id?: number;
  preview_title?: string;
}

const settings = kind.settings.parse({ channel: "tchantest" });
const ask: Ask<typeof settings> = {
  settings,
  cursor: null,
  progress: null,
  now: new Date("2026-05-20T12:00:00Z"),
  since: null,
};

function read(file: string) {
  const url = "https://t.me/s/tchantest";
  const body = readShared(`${folder}/${file}`).toString("utf8");
  return itemsOf(kind.parse!({ request: { url }, url, status: 200, headers: {}, body }, ask));
}

/** `datetime.datetime(2023, 2, 24, 7, 26, 49, tzinfo=datetime.timezone.utc)` */
function pythonDate(text: string): Date {
  const [year = 0, month = 1, ...rest] = (/\((\d[\d, ]*)/.exec(text)?.[1] ?? "").split(",").map(Number);
  const [day = 1, hour = 0, minute = 0, second = 0] = rest;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

/** The expectations put a line end where a tag begins, so white space is not compared. */
const letters = (text: string): string => text.replace(/\s+/g, "");

describeShared("recorded posts of Telegram channels", `${folder}/expected.json`, () => {
  const all = readSharedJson<{ [file: string]: unknown[] }>(`${folder}/expected.json`);
  const messages = Object.entries(all)
    .filter(([file]) => !file.includes("#") && sharedExists(`${folder}/${file}`))
    .map(([file, [expected]]) => [file, expected as ExpectedMessage] as const)
    .filter(([, expected]) => expected.created_at !== undefined);
  const posts = messages.filter(([, expected]) => expected.type !== "service");
  const services = messages.filter(([, expected]) => expected.type === "service");

  test.each(services)("%s is a service message and no post", file => {
    expect(read(file)).toEqual([]);
  });

  test.each(posts)("%s", (file, expected) => {
    const items = read(file);
    expect(items).toHaveLength(1);
    const [item] = items;
    expect(item).toMatchObject({
      externalId: `${expected.channel}/${expected.id}`.toLowerCase(),
      kind: "post",
      url: `https://t.me/${expected.channel}/${expected.id}`,
      title: expected.preview_title ?? null,
      publishedAt: pythonDate(expected.created_at),
      parentExternalId:
        expected.reply_to_id === undefined ? null : `${expected.channel}/${expected.reply_to_id}`,
      engagement: expected.views === null ? {} : { views: expected.views },
    });
    if (expected.type !== "poll") expect(letters(item?.text ?? "")).toBe(letters(expected.text ?? ""));
    if (expected.author !== null) expect(item?.author?.name).toBe(expected.author);
    expect(item?.author?.badges).toEqual(
      expected.forwarded_author === undefined ? [] : [`Forwarded from ${expected.forwarded_author}`],
    );
  });

  test.runIf(sharedExists(`${folder}/tchan-test_parse_text_message_multiline-0.html`))(
    "lines stay lines",
    () => {
      expect(read("tchan-test_parse_text_message_multiline-0.html")[0]?.text).toBe(
        "Bigger\ntext\nmessage\nnumber\n34",
      );
    },
  );

  test.runIf(sharedExists(`${folder}/tchan-test_channel_info-0.html`))(
    "the head of a channel alone has no posts",
    () => {
      expect(read("tchan-test_channel_info-0.html")).toEqual([]);
    },
  );
});
