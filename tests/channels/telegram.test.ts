import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "#channels/define.ts";
import { telegram } from "#channels/telegram.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { hostileText, message, note, runs } from "./messages.ts";
import { readTelegramHtml } from "./telegram-html.ts";

const now = new Date("2026-11-20T10:00:00.000Z");
const settings = { botToken: "123:secret", chatId: -1001, acknowledge: false };

interface Body {
  chat_id: number | string;
  message_thread_id?: number;
  text: string;
  parse_mode?: string;
  link_preview_options: { is_disabled: boolean };
  reply_markup?: { inline_keyboard: { text: string; url: string }[][] };
}

const request = (sent: Message, plain = false, more: object = {}) =>
  telegram.request(
    sent,
    { ...settings, ...more },
    {
      now,
      plain,
      thread: null,
      telegramApi: "http://127.0.0.1:8081/",
      slackApi: "",
    },
  );
const body = (sent: Message, plain = false, more: object = {}): Body =>
  JSON.parse(request(sent, plain, more).body) as Body;
const shown = (sent: Message): string => readTelegramHtml(body(sent).text).text;
const verdict = (status: number, answer: object = {}, plain = false) =>
  telegram.verdict(
    { status, headers: {}, body: JSON.stringify({ ok: false, error_code: status, ...answer }) },
    settings,
    { now, plain },
  );

const withText = (text: string) =>
  message([note({ mention: { title: null, text, authorName: null, url: null } })]);

/** What the reader sees inside the quotation. */
function quoteOf(text: string): string {
  const read = readTelegramHtml(body(withText(text)).text);
  const quote = read.entities.find(entity => entity.tag === "blockquote");
  return quote === undefined ? "" : read.text.slice(quote.offset, quote.offset + quote.length);
}

/** The letters that must survive: all but white space, controls, direction marks and halves of characters. */
const letters = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is taken out
  text.toWellFormed().replace(/[\s\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, "");

describe("the text", () => {
  it("reads as it was written, whatever marks it holds", () => {
    fc.assert(
      fc.property(hostileText, text => {
        const quoted = quoteOf(text);
        if (quoted.endsWith("…")) expect(letters(text).startsWith(letters(quoted.slice(0, -1)))).toBe(true);
        else expect(letters(quoted)).toBe(letters(text));
      }),
      runs(300),
    );
  });

  it("says what fired, about whom, where and why", () => {
    expect(shown(message([note()]))).toBe(
      [
        "Негативное упоминание",
        "Волна\nОтзыв с оценкой 1 из 5 остался без ответа",
        [
          "Источник: Отзывы на картах",
          "Оценка: 1 из 5",
          "Тональность: негативная",
          "Правило: Негатив о кофейне",
          "Сработало: 20 ноября 2026 г. в 09:14 UTC",
        ].join("\n"),
        "Оповещение: 0193a1b2-0000-7000-8000-000000000001",
      ].join("\n\n"),
    );
  });

  it("is cut between graphemes, and says so", () => {
    expect(quoteOf("👩‍👩‍👧‍👦".repeat(500))).toMatch(/^(👩‍👩‍👧‍👦){50,}…$/u);
  });

  it("has no markup in its plain form", () => {
    const plain = body(withText("<b>&amp;"), true);
    expect(plain.parse_mode).toBeUndefined();
    expect(plain.reply_markup).toBeUndefined();
    expect(plain.text).toContain("<b>&amp;");
    expect(plain.text).toContain("Открыть в Molva: https://molva.kofe-volna.ru/cases/17");
  });
});

describe("the request", () => {
  it("goes to the given Bot API, into the given topic, without a preview", () => {
    expect(request(message([note()])).url).toBe("http://127.0.0.1:8081/bot123:secret/sendMessage");
    expect(body(message([note()]), false, { topicId: 7, chatId: "@volna" })).toMatchObject({
      chat_id: "@volna",
      message_thread_id: 7,
      parse_mode: "HTML",
      link_preview_options: { is_disabled: true },
    });
  });

  it("has a button for a link that Telegram takes", () => {
    expect(body(message([note()])).reply_markup).toEqual({
      inline_keyboard: [[{ text: "Открыть в Molva", url: "https://molva.kofe-volna.ru/cases/17" }]],
    });
  });

  it.each([
    "http://localhost:8400/c/1",
    "http://127.0.0.1:8400/c/1",
    "http://[::1]:8400/c/1",
    "http://molva/c/1",
    "http://molva.local/c/1",
    "https://me@kofe-volna.ru/c/1",
  ])("writes %s out instead", link => {
    const sent = message([note({ link })]);
    expect(body(sent).reply_markup).toBeUndefined();
    expect(shown(sent)).toContain(`Открыть в Molva: ${link}`);
  });
});

describe("the settings", () => {
  it.each([-1001234567890, 42, "-1001234567890", "@volna_alerts"])("take the chat %s", chatId => {
    expect(telegram.settings.safeParse({ ...settings, chatId }).success).toBe(true);
  });
  it.each([1.5, "", "volna", "https://t.me/volna", "@1"])("refuse the chat %s", chatId => {
    expect(telegram.settings.safeParse({ ...settings, chatId }).success).toBe(false);
  });
  it.each(["", "secret", "123:sec/ret", "123:a b"])("refuse the token '%s'", botToken => {
    expect(telegram.settings.safeParse({ ...settings, botToken }).success).toBe(false);
  });
});

describe("the budget", () => {
  it.each([
    [-1001, 3100],
    ["-1001", 3100],
    ["@volna", 3100],
    [42, 1000],
    ["42", 1000],
  ])("of chat %s is a message per %d ms, and 30 a second per bot", (chatId, everyMs) => {
    expect(telegram.budget({ ...settings, chatId })).toEqual([
      { key: "telegram:123", everyMs: 34 },
      { key: `telegram:123:${chatId}`, everyMs },
    ]);
  });
});

describe("the verdict", () => {
  it("keeps the id of the message that was sent", () => {
    const reply = { status: 200, headers: {}, body: '{"ok":true,"result":{"message_id":815}}' };
    expect(telegram.verdict(reply, settings, { now, plain: false })).toEqual({
      kind: "delivered",
      externalId: "815",
    });
  });

  it.each([
    ["in a field", { parameters: { retry_after: 35 } }],
    ["in words", { description: "Too Many Requests: retry after 35" }],
  ])("of 429 waits as long as is said %s", (_, answer) => {
    expect(verdict(429, answer)).toMatchObject({ kind: "retry", afterMs: 35_000, pausesAll: true });
  });

  it("of a group that moved asks again with its new id", () => {
    const answer = {
      description: "Bad Request: group chat was upgraded to a supergroup chat",
      parameters: { migrate_to_chat_id: -100200 },
    };
    // The settings to keep are stored in the clear: the token is none of them.
    expect(verdict(400, answer)).toMatchObject({ kind: "again" });
    expect(verdict(400, answer)).toHaveProperty("settings", { chatId: -100200 });
    expect(verdict(400, { ...answer, parameters: { migrate_to_chat_id: -1001 } }).kind).toBe("disable");
  });

  it("of refused markup asks for plain text once, then ends this message alone", () => {
    const answer = { description: "Bad Request: can't parse entities: Unsupported start tag" };
    expect(verdict(400, answer).kind).toBe("plain");
    expect(verdict(400, answer, true).kind).toBe("failed");
  });

  it.each([
    [401, "Unauthorized", "botToken"],
    [404, "Not Found", "botToken"],
    [403, "Forbidden: bot was blocked by the user", "let it in"],
    [403, "Forbidden: bot was kicked from the supergroup chat", "let it in"],
    [400, "Bad Request: chat not found", "chatId"],
    [400, "Bad Request: message thread not found", "topicId"],
    [400, "Bad Request: not enough rights to send text messages to the chat", "right"],
  ])("of %d %s turns the channel off and says what to do", (status, description, advice) => {
    expect(verdict(status, { description })).toMatchObject({
      kind: "disable",
      problem: expect.stringContaining(advice),
    });
  });
});

interface Case {
  mode: string;
  input: string;
  ok: boolean;
  text: string;
  entities: { type: string; offset: number; length: number }[];
}

const suite = "suites/telegram-format/td-parse-entities.json";
describeShared("Telegram's own parser tests", suite, () => {
  const cases = readSharedJson<Case[]>(suite);
  const html = cases.filter(({ mode }) => mode === "HTML");
  const kinds: Record<string, string> = {
    Bold: "b strong",
    Italic: "i em",
    BlockQuote: "blockquote",
    TextUrl: "a",
  };

  it("hold 71 texts that our reader reads so, entities of the tags we write included", () => {
    const accepted = html.filter(({ ok }) => ok);
    expect(accepted).toHaveLength(71);
    for (const { input, text, entities } of accepted) {
      const read = readTelegramHtml(input);
      expect(read.text, input).toBe(text);
      for (const { type, offset, length } of entities.filter(entity => entity.type in kinds)) {
        const tags = kinds[type]!.split(" ");
        expect(
          read.entities.some(one => tags.includes(one.tag) && one.offset === offset && one.length === length),
          input,
        ).toBe(true);
      }
    }
  });

  it("hold texts that our reader refuses too, but for the date format of a tag we never write", () => {
    for (const { input } of html.filter(({ ok, input: text }) => !ok && !text.includes("<tg-time"))) {
      expect(() => readTelegramHtml(input), input).toThrow();
    }
  });

  it("hold no input that a review could not quote", () => {
    for (const { input } of cases) expect(letters(quoteOf(input)), input).toBe(letters(input));
  });
});

describeShared("Naughty strings", "suites/blns/blns.json", () => {
  it("are quoted letter by letter", () => {
    for (const text of readSharedJson<string[]>("suites/blns/blns.json")) {
      const quoted = quoteOf(text);
      if (quoted.endsWith("…") && !text.endsWith("…"))
        expect(letters(text)).toContain(letters(quoted.slice(0, -1)));
      else expect(letters(quoted)).toBe(letters(text));
    }
  });
});
