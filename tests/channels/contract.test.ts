import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnyChannelKind, ChannelReply, ChannelRequest, Message } from "#channels/define.ts";
import { channelKinds, findChannelKind } from "#channels/registry.ts";
import { slack } from "#channels/slack.ts";
import { InputError } from "#domain/errors.ts";
import { hostileMessage, hostileNote, message, note, runs } from "./messages.ts";
import { readTelegramHtml } from "./telegram-html.ts";

const now = new Date("2026-11-20T10:00:00.000Z");
const api = "https://telegram.kofe-volna.ru";

/** Kinds as they are set up: Slack by its example, an incoming webhook, and as a bot with buttons. */
const setUps: readonly (readonly [title: string, kind: AnyChannelKind])[] = [
  ...channelKinds.map(kind => [kind.id, kind] as const),
  [
    "slack as a bot",
    {
      ...slack,
      example: {
        settings: {
          botToken: "xoxb-1234567890-AbCdEf",
          channel: "C024BE91L",
          signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
        },
      },
    },
  ],
];

const settingsOf = (kind: AnyChannelKind) => kind.settings.parse(kind.example.settings);
const requestOf = (kind: AnyChannelKind, sent: Message, plain = false): ChannelRequest =>
  kind.request(sent, settingsOf(kind), { now, plain, thread: null, telegramApi: api, slackApi: api });
const replyOf = (status: number, body = "", headers: Record<string, string> = {}): ChannelReply => ({
  status,
  headers,
  body,
});
const verdictOf = (kind: AnyChannelKind, reply: ChannelReply, plain = false) =>
  kind.verdict(reply, settingsOf(kind), { now, plain });

interface SlackBody {
  text: string;
  blocks?: {
    type: string;
    text?: { text: string };
    elements?: { text: { text: string }; value: string }[];
  }[];
}

/** Published limits of each channel, checked on the very bytes that would be sent; a kind without a row fails. */
const limits: Record<string, (body: string) => void> = {
  slack: body => {
    const { text, blocks = [] } = JSON.parse(body) as SlackBody;
    const texts = blocks
      .flatMap(block => [block, ...(block.elements ?? [])])
      .flatMap(({ text: one }) => one?.text ?? []);
    expect(text.length).toBeGreaterThan(0);
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const block of blocks) {
      for (const { text: label, value } of block.elements ?? []) {
        expect(label.text.length).toBeLessThanOrEqual(75);
        expect(value.length).toBeLessThanOrEqual(2000);
      }
      if (block.text === undefined) continue;
      expect(block.text.text.length).toBeGreaterThan(0);
      expect(block.text.text.length).toBeLessThanOrEqual(block.type === "header" ? 150 : 3000);
    }
    expect([text, ...texts].reduce((sum, one) => sum + one.length, 0)).toBeLessThanOrEqual(12_000);
    for (const one of [text, ...texts]) {
      const withoutOurs = one.replace(/<https?:[^<>|\s]+\|[^<>|]+>/g, "").replace(/^>/gm, "");
      expect(withoutOurs).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    }
  },
  telegram: body => {
    const { text, parse_mode } = JSON.parse(body) as { text: string; parse_mode?: string };
    const shown = parse_mode === "HTML" ? readTelegramHtml(text).text : text;
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThanOrEqual(4096);
  },
  webhook: body => {
    expect(Buffer.byteLength(body)).toBeLessThan(20_000);
    const { data } = JSON.parse(body) as { data: { total: number; omitted: number; alerts: unknown[] } };
    expect(data.alerts.length + data.omitted).toBe(data.total);
  },
};

/** By status, with an empty body: what each channel makes of it. */
const statuses = [200, 204, 301, 400, 404, 410, 429, 500, 503];
const meanings: Record<string, string[]> = {
  "slack as a bot": ["delivered", "delivered", "retry", "retry", "retry", "retry", "retry", "retry", "retry"],
  slack: ["delivered", "delivered", "retry", "disable", "disable", "disable", "retry", "retry", "retry"],
  telegram: ["delivered", "delivered", "retry", "plain", "disable", "retry", "retry", "retry", "retry"],
  webhook: ["delivered", "delivered", "retry", "retry", "retry", "disable", "retry", "retry", "retry"],
};

/** What each channel's encoding, or UTF-8, makes longest. */
const giants = ["&", "<", '"', "\\", "\n", "a\nb\n", "ж", "漢", "😀", "👩‍👩‍👧‍👦", "\u0301"];

const anyReply: fc.Arbitrary<ChannelReply> = fc.record({
  status: fc.oneof(fc.constantFrom(...statuses, 401, 403, 413, 502, 504), fc.integer({ min: 0, max: 999 })),
  headers: fc.dictionary(fc.constantFrom("retry-after", "webhook-delivery", "content-type"), fc.string()),
  body: fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom("ok", "invalid_blocks", "<!DOCTYPE html>", "null", "[]", '{"ok":true}'),
    fc
      .record({
        ok: fc.anything(),
        error_code: fc.anything(),
        description: fc.anything(),
        parameters: fc.anything(),
      })
      .map(answer => JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? 1 : value))),
  ),
});

describe.each(setUps)("channel kind %s", (title, kind) => {
  const { id } = kind;
  it("takes its own example and refuses a field it does not know", () => {
    expect(kind.settings.safeParse(kind.example.settings).success).toBe(true);
    expect(kind.settings.safeParse({ ...(kind.example.settings as object), extra: 1 }).success).toBe(false);
  });

  it("names as secrets only fields of its settings, and can make those it issues", () => {
    const fields = Object.keys((kind.settings as unknown as { shape: object }).shape);
    expect(fields).toEqual(expect.arrayContaining([...kind.secrets]));
    for (const [field, make] of Object.entries(kind.issues ?? {})) {
      const settings = {
        ...(kind.example.settings as object),
        [field]: make(size => new Uint8Array(size).fill(7)),
      };
      expect(kind.settings.safeParse(settings).success).toBe(true);
    }
  });

  it("keeps every limit of the receiver, whatever was written", () => {
    fc.assert(
      fc.property(hostileMessage, fc.boolean(), (sent, plain) => {
        const { body } = requestOf(kind, sent, plain);
        expect(body.isWellFormed()).toBe(true);
        expect(body).not.toMatch(/\\ud[89a-f][0-9a-f]{2}/i);
        limits[id]!(body);
      }),
      runs(150),
    );
  });

  it("keeps every limit with a thousand alerts in one message", () => {
    fc.assert(
      fc.property(fc.array(hostileNote, { minLength: 1, maxLength: 5 }), fc.boolean(), (some, plain) => {
        const many = Array.from({ length: 1000 }, (_, index) => some[index % some.length]!);
        limits[id]!(requestOf(kind, message(many), plain).body);
      }),
      runs(5),
    );
  });

  it.each(giants)("keeps every limit when every field is made of %j without end", giant => {
    const text = giant.repeat(9000);
    const url = `https://kofe-volna.ru/?${giant.repeat(500)}`.slice(0, 490);
    const big = note({
      id: text,
      ruleName: text,
      brandName: text,
      reason: text,
      source: text,
      rating: { value: -Number.MAX_VALUE, scale: Number.MAX_VALUE },
      link: url,
      mention: { title: text, text, authorName: text, url },
      ids: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}${text}`, text])),
    });
    for (const language of ["ru", "en"] as const) {
      for (const notes of [[big], Array.from({ length: 12 }, () => big)]) {
        for (const plain of [false, true]) {
          const sent = message(notes, { language, test: true, total: notes.length > 1 ? 1_000_000 : 1 });
          limits[id]!(requestOf(kind, sent, plain).body);
        }
      }
    }
  });

  it("keeps every limit in what it rewrites, says that it is acknowledged, and has no button left", () => {
    const at = {
      externalId: "C1:1.2",
      acked: { at: now, by: "<b>&Вера".repeat(50) },
      telegramApi: api,
      slackApi: api,
    };
    fc.assert(
      fc.property(hostileMessage, fc.boolean(), (sent, plain) => {
        const body = kind.edit?.(sent, settingsOf(kind), { ...at, plain }).body;
        if (body === undefined) return;
        limits[id]!(body);
        expect(body).toMatch(/Подтверждено|Acknowledged/);
        expect(body).not.toMatch(/callback_data|molva-ack/);
      }),
      runs(50),
    );
  });

  it("makes the same request from the same message", () => {
    fc.assert(
      fc.property(hostileMessage, sent => {
        expect(requestOf(kind, sent)).toEqual(requestOf(kind, structuredClone(sent)));
      }),
      runs(20),
    );
  });

  it("puts no secret into the body or into a budget key", () => {
    const settings = settingsOf(kind) as Record<string, string>;
    const open = requestOf(kind, message([note()])).body + JSON.stringify(kind.budget(settings));
    for (const field of kind.secrets) {
      if (settings[field] !== undefined) expect(open).not.toContain(settings[field]);
    }
  });

  it("repeats no secret that the answer echoes", () => {
    const settings = settingsOf(kind) as Record<string, string>;
    for (const secret of kind.secrets.flatMap(field => settings[field] ?? [])) {
      for (const status of [400, 401, 403, 404, 410, 500]) {
        for (const body of [
          secret,
          JSON.stringify({ ok: false, error_code: status, description: `no ${secret}` }),
        ]) {
          expect(JSON.stringify(verdictOf(kind, replyOf(status, body), true))).not.toContain(secret);
        }
      }
    }
  });

  it("shows a mention's words only where they were given", () => {
    const mention = {
      title: "Заголовок-7f3a",
      text: "Слова-91bc",
      authorName: "Анна-55d2",
      url: "https://kofe-volna.ru/r/8e1f",
    };
    const marks = /7f3a|91bc|55d2|8e1f/g;
    for (const plain of [false, true]) {
      expect(requestOf(kind, message([note({ mention })]), plain).body.match(marks)).toHaveLength(4);
      expect(requestOf(kind, message([note()]), plain).body).not.toMatch(marks);
    }
  });

  it("says of a test that it is one, in the same shape", () => {
    const shape = (body: string) => Object.keys(JSON.parse(body) as object);
    for (const language of ["ru", "en"] as const) {
      const real = requestOf(kind, message([note()], { language })).body;
      const test = requestOf(kind, message([note()], { language, test: true })).body;
      expect(shape(test)).toEqual(shape(real));
      expect(test).toMatch(/Это проверка канала|This is a test of the channel|"test":true/);
      expect(real).not.toMatch(/проверк|a test|"test":true/);
    }
  });

  it("carries the id that tells a repeat", () => {
    const sent = requestOf(kind, message([note()]));
    expect(JSON.stringify(sent)).toContain(note().id);
    const { deliveryId } = message([]);
    expect(JSON.stringify(requestOf(kind, message([note(), note()])))).toContain(deliveryId);
  });

  it("reads every answer without throwing, and asks for the plain form once at most", () => {
    fc.assert(
      fc.property(anyReply, fc.boolean(), (reply, plain) => {
        const verdict = verdictOf(kind, reply, plain);
        if (plain) expect(verdict.kind).not.toBe("plain");
        if (reply.status < 200 || reply.status > 299) expect(verdict.kind).not.toBe("delivered");
        if (verdict.kind === "retry" && verdict.afterMs !== null) {
          expect(verdict.afterMs).toBeGreaterThanOrEqual(0);
          expect(verdict.afterMs).toBeLessThanOrEqual(86_400_000);
        }
        if (verdict.kind !== "delivered") expect(verdict.problem).not.toBe("");
      }),
      runs(500),
    );
  });

  it("gives each status its meaning", () => {
    expect(statuses.map(status => verdictOf(kind, replyOf(status)).kind)).toEqual(meanings[title]);
  });

  it("holds its budget as long as a 429 says", () => {
    expect(verdictOf(kind, replyOf(429, "", { "retry-after": "35" }))).toMatchObject({
      kind: "retry",
      afterMs: 35_000,
      pausesAll: true,
    });
    expect(kind.budget(settingsOf(kind)).length).toBeGreaterThan(0);
  });

  it("tries for most of a day before a delivery fails", () => {
    const waits = kind.retriesMs;
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(20 * 3_600_000);
  });
});

describe("findChannelKind", () => {
  it("finds a kind by its id, and names the known ones for another", () => {
    expect(findChannelKind("slack").id).toBe("slack");
    expect(() => findChannelKind("pager")).toThrow(InputError);
    expect(() => findChannelKind("pager")).toThrow(/"pager".*slack, telegram, webhook/);
  });

  it("has no two kinds of one id", () => {
    expect(new Set(channelKinds.map(kind => kind.id)).size).toBe(channelKinds.length);
  });
});
