import { describe, expect, it } from "vitest";
import type { Message } from "#channels/define.ts";
import { slack } from "#channels/slack.ts";
import { message, note } from "./messages.ts";

const now = new Date("2026-11-20T10:00:00.000Z");
const settings = { webhookUrl: "https://hooks.slack.com/services/T1/B1/x" };

interface Body {
  text: string;
  blocks: { type: string; text: { text: string } }[];
}

const body = (sent: Message, plain = false): Body =>
  JSON.parse(
    slack.request(sent, settings, { now, plain, thread: null, telegramApi: "", slackApi: "" }).body,
  ) as Body;
const texts = (sent: Message): string[] => body(sent).blocks.map(block => block.text.text);
const verdict = (status: number, said = "", plain = false) =>
  slack.verdict({ status, headers: {}, body: said }, settings, { now, plain });

describe("a single alert", () => {
  it("says what fired, about whom, where and why, and leads to the case", () => {
    expect(texts(message([note()]))).toEqual([
      "Негативное упоминание",
      "*Волна*\nОтзыв с оценкой 1 из 5 остался без ответа",
      [
        "Источник: Отзывы на картах",
        "Оценка: 1 из 5",
        "Тональность: негативная",
        "Правило: Негатив о кофейне",
        "Сработало: 20 ноября 2026 г. в 09:14 UTC",
      ].join("\n"),
      "<https://molva.kofe-volna.ru/cases/17|Открыть в Molva>",
      "Оповещение: 0193a1b2-0000-7000-8000-000000000001",
    ]);
    expect(body(message([note()])).text).toBe("Негативное упоминание: Волна");
  });

  it("says it in English to English readers", () => {
    const english = message([note({ rating: { value: 1.5, scale: 5 } })], { language: "en" });
    expect(texts(english)[0]).toBe("Negative mention");
    expect(texts(english)[2]).toContain("Rating: 1.5 of 5\nTone: negative");
  });

  it("quotes each line of the mention, and nothing in it pings anybody", () => {
    const mention = {
      title: null,
      text: "<!channel> & всем\n\nпривет",
      authorName: "A|B>",
      url: "https://kofe-volna.ru/r?a=1|2&b=<x>",
    };
    expect(texts(message([note({ mention })]))[3]).toBe(
      [
        ">&lt;!channel&gt; &amp; всем",
        ">привет",
        "Автор: A|B&gt;",
        "<https://kofe-volna.ru/r?a=1%7C2&amp;b=%3Cx%3E|Оригинал>",
      ].join("\n"),
    );
    expect(JSON.stringify(body(message([note({ mention })]), true))).not.toContain("<!");
  });

  it("leaves out a link that is no web address", () => {
    expect(JSON.stringify(body(message([note({ link: "javascript:alert(1)" })])))).not.toContain(
      "javascript",
    );
  });
});

describe("a group", () => {
  it.each([
    [47, "47 негативных упоминаний", "и ещё 37 негативных упоминаний"],
    [31, "31 негативное упоминание", "и ещё 21 негативное упоминание"],
    [13, "13 негативных упоминаний", "и ещё 3 негативных упоминания"],
  ])("of %d lists ten and counts the rest", (total, title, more) => {
    const lines = texts(
      message(
        Array.from({ length: 10 }, () => note()),
        { total },
      ),
    );
    expect(lines[0]).toBe(title);
    expect(lines[11]).toMatch(/^10\. \*Волна\* · Отзывы на картах · 1 из 5\n/);
    expect(lines[12]).toBe(more);
  });

  it("that is listed whole has no rest", () => {
    expect(texts(message([note(), note()])).join()).not.toContain("ещё");
  });
});

describe("the settings", () => {
  const bot = { botToken: "xoxb-1-a", channel: "#alerts" };
  it("are an incoming webhook or a bot with a channel, and not both", () => {
    expect(slack.settings.safeParse(settings).success).toBe(true);
    expect(slack.settings.safeParse(bot).success).toBe(true);
    for (const wrong of [{}, { botToken: bot.botToken }, { channel: bot.channel }, { ...settings, ...bot }])
      expect(slack.settings.safeParse(wrong).error?.issues[0]?.path).toEqual(["webhookUrl"]);
    expect(slack.settings.safeParse({ ...bot, botToken: "token" }).success).toBe(false);
  });
});

describe("a bot's verdict", () => {
  const bot = { botToken: "xoxb-1-a", channel: "C1" };
  const said = (answer: object, headers: Record<string, string> = {}, status = 200) =>
    slack.verdict({ status, headers, body: JSON.stringify(answer) }, bot, { now, plain: false });

  it("keeps the channel and the time that name the message", () => {
    expect(said({ ok: true, channel: "C024BE91L", ts: "1503435956.000247" })).toEqual({
      kind: "delivered",
      externalId: "C024BE91L:1503435956.000247",
    });
  });

  it.each([
    ["invalid_auth", "disable"],
    ["token_revoked", "disable"],
    ["missing_scope", "disable"],
    ["channel_not_found", "disable"],
    ["not_in_channel", "disable"],
    ["is_archived", "disable"],
    ["restricted_action_read_only_channel", "disable"],
    ["ratelimited", "retry"],
    ["internal_error", "retry"],
    ["service_unavailable", "retry"],
    ["thread_not_found", "unthreaded"],
    ["invalid_blocks", "plain"],
    ["msg_too_long", "plain"],
    ["anything_else", "plain"],
  ])("of %s is %s, though the status is 200", (error, kind) => {
    expect(said({ ok: false, error }).kind).toBe(kind);
  });

  it("of 429 waits as long as is said", () => {
    expect(said({ ok: false, error: "ratelimited" }, { "retry-after": "30" }, 429)).toMatchObject({
      kind: "retry",
      afterMs: 30_000,
      pausesAll: true,
    });
  });
});

describe("the verdict", () => {
  it.each([
    [400, "invalid_payload"],
    [400, "user_not_found"],
    [403, "action_prohibited"],
    [403, "invalid_token"],
    [404, "channel_not_found"],
    [404, "no_service"],
    [410, "channel_is_archived"],
  ])("of %d %s turns the channel off and names the word", (status, said) => {
    expect(verdict(status, said)).toMatchObject({ kind: "disable", problem: expect.stringContaining(said) });
  });

  it("of refused blocks asks for plain text once", () => {
    expect(verdict(400, "invalid_blocks").kind).toBe("plain");
    expect(verdict(400, "invalid_blocks", true).kind).toBe("disable");
  });

  it("of a web page is not taken for a delivery", () => {
    expect(verdict(200, "ok").kind).toBe("delivered");
    expect(verdict(200, "<!DOCTYPE html><title>Sign in</title>").kind).toBe("retry");
  });

  it("of a fault at Slack's side tries again", () => {
    expect(verdict(500, "rollup_error")).toMatchObject({ kind: "retry", pausesAll: false });
  });
});

it("One webhook address sends once a second, whoever uses it", () => {
  const [budget] = slack.budget(settings);
  expect(budget?.everyMs).toBe(1000);
  expect(slack.budget({ ...settings })[0]?.key).toBe(budget?.key);
  expect(slack.budget({ webhookUrl: `${settings.webhookUrl}2` })[0]?.key).not.toBe(budget?.key);
});
