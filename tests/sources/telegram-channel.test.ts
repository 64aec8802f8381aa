import { describe, expect, test } from "vitest";
import type { Ask, Json, Page, SourceReply, SourceRequest } from "#sources/define.ts";
import { readShortCount } from "#sources/telegram/message.ts";
import { telegramChannel as kind } from "#sources/telegram-channel.ts";
import { fixtures, itemsOf, parseFixture } from "./fixture.ts";

type Question = Ask<ReturnType<typeof kind.settings.parse>>;

const ask = (changes: Partial<Question> = {}, settings: object = {}): Question => ({
  settings: kind.settings.parse({ channel: "telegram", ...settings }),
  cursor: null,
  progress: null,
  now: new Date("2026-05-20T12:00:00Z"),
  since: null,
  ...changes,
});

const ordinary = () =>
  itemsOf(parseFixture(kind, fixtures(kind.id, "ordinary").find(one => one.name === "ordinary")!));
const item = (number: number) => ordinary().find(one => one.externalId === `telegram/${number}`);

describe("a post", () => {
  test("keeps its lines and its emoji, with views, date, link and the channel as author", () => {
    expect(item(119)).toMatchObject({
      kind: "post",
      url: "https://t.me/Telegram/119",
      text: "Открылись в Туле!\n\nАдрес: ул. Мира, 1\nЖдём вас ☕️",
      publishedAt: new Date("2026-05-12T09:00:00Z"),
      editedAt: null,
      threadTitle: "Крачка",
      parentExternalId: null,
      engagement: { views: 1200 },
      author: { id: "telegram", name: "Крачка", url: "https://t.me/Telegram", reach: 12_500, badges: [] },
    });
  });

  test("that replies names the other post and does not repeat it; a signature names the author", () => {
    expect(item(120)).toMatchObject({
      text: "Уже закрылись, простите",
      parentExternalId: "telegram/119",
      author: { id: "telegram:Анна", name: "Анна" },
      engagement: { views: 3_100_000 },
    });
  });

  test("that is forwarded says where from", () => {
    expect(item(121)?.author).toMatchObject({ name: "Крачка", badges: ["Forwarded from Тула сегодня"] });
  });

  test("with a photo has its caption, a poll its question and options, a sticker nothing", () => {
    expect(item(122)?.text).toBe("Новая витрина");
    expect(item(122)?.engagement).toEqual({ views: 1204 });
    expect(item(123)?.text).toBe("Вернуть раф?\n— Да\n— Нет");
    expect(item(124)?.text).toBe("");
  });

  test("with a link has the linked page's headline as title", () => {
    expect(item(125)).toMatchObject({
      title: "Кофейня Крачка закрыта за долги",
      text: "Читайте: https://news.example/kofe",
      engagement: {},
    });
  });

  test("is none when it is a service message", () => {
    expect(item(118)).toBeUndefined();
    expect(ordinary()).toHaveLength(7);
  });
});

test.each([
  ["2", 2],
  ["1 234", 1234],
  ["436.6K", 436_600],
  ["3.1M", 3_100_000],
  ["1,2K", 1200],
  ["", null],
  ["many", null],
  ["-5", null],
])("a count written %j is %j", (text, count) => {
  expect(readShortCount(text)).toBe(count);
});

/** A channel whose posts have the numbers given, served 3 to a page as Telegram serves 20. */
function pageOf(ids: readonly number[], request: SourceRequest, linked = true): SourceReply {
  const before = Number(new URL(request.url).searchParams.get("before") ?? Number.MAX_SAFE_INTEGER);
  const shown = ids.filter(id => id < before).slice(-3);
  const posts = shown.map(
    id =>
      `<div class="tgme_widget_message" data-post="telegram/${id}"><div class="tgme_widget_message_text js-message_text">Пост ${id}</div>` +
      `<a class="tgme_widget_message_date"><time datetime="${new Date(Date.UTC(2026, 3, id)).toISOString()}"></time></a></div>`,
  );
  const older = linked && ids.some(id => id < (shown[0] ?? 0));
  const body = `<html><head>${older ? '<link rel="prev" href="/s/telegram?before=1">' : ""}</head><body><div class="tgme_channel_info"></div>${
    posts.length === 0 ? '<div class="tme_no_messages_found">No posts found</div>' : posts.join("")
  }</body></html>`;
  return { request, url: request.url, status: 200, headers: {}, body };
}

/** One run over such a channel: the numbers read, the addresses asked, and the cursor at the end. */
function run(ids: readonly number[], question: Question, linked = true) {
  const seen: number[] = [];
  const asked: string[] = [];
  let cursor: Json = question.cursor;
  let request: SourceRequest | null | undefined = [kind.request!(question)].flat()[0];
  while (request) {
    asked.push(request.url.replace("https://t.me/s/telegram", ""));
    expect(asked.length).toBeLessThan(50);
    const page: Page = kind.parse!(pageOf(ids, request, linked), { ...question, progress: cursor });
    seen.push(...page.items.map(one => Number(one.externalId.replace("telegram/", ""))));
    cursor = page.cursor ?? cursor;
    request = page.next;
  }
  return { seen: seen.toSorted((a, b) => a - b), asked, cursor };
}

describe("paging back", () => {
  const channel = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11];

  test("a first run reads the whole of a short channel and ends at its beginning", () => {
    expect(run(channel, ask())).toEqual({
      seen: channel,
      asked: ["", "?before=9", "?before=5", "?before=2"],
      cursor: { lastId: 11 },
    });
  });

  test("a first run ends after maxPages, or at a post older than since", () => {
    expect(run(channel, ask({}, { maxPages: 2 })).asked).toHaveLength(2);
    expect(run(channel, ask({ since: new Date("2026-04-09T12:00:00Z") })).seen).toEqual([9, 10, 11]);
    expect(run(channel, ask({ since: new Date("2026-04-08T12:00:00Z") })).seen).toEqual([5, 7, 8, 9, 10, 11]);
  });

  test("a later run reads back to the last post seen, however many pages that takes", () => {
    const later = run(channel, ask({ cursor: { lastId: 3 } }, { maxPages: 1 }));
    expect(later).toEqual({
      seen: [2, 3, 4, 5, 7, 8, 9, 10, 11],
      asked: ["", "?before=9", "?before=5"],
      cursor: { lastId: 11 },
    });
    expect(run(channel, ask({ cursor: { lastId: 11 } })).asked).toEqual([""]);
  });

  test("goes on without the page's own link, and an empty page that no link promised is the beginning", () => {
    expect(run([4, 5, 6, 7, 8], ask(), false)).toMatchObject({
      seen: [4, 5, 6, 7, 8],
      asked: ["", "?before=6", "?before=4"],
    });
  });

  test("ends when the same page comes again", () => {
    const request: SourceRequest = {
      url: "https://t.me/s/telegram?before=2",
      state: { page: 2, before: 2, linked: true },
    };
    const same = pageOf(channel, { url: "https://t.me/s/telegram" });
    expect(kind.parse!({ ...same, request }, ask()).next).toBeNull();
  });
});

test("the name is a plain one, and a mirror keeps its path", () => {
  for (const channel of ["@telegram", "t.me/telegram", "a b", "../x", "abc"])
    expect(kind.settings.safeParse({ channel }).success, channel).toBe(false);
  const [request] = [kind.request!(ask({}, { baseUrl: "http://127.0.0.1:9/telegram/" }))].flat();
  expect(request?.url).toBe("http://127.0.0.1:9/telegram/s/telegram");
});
