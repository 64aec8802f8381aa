import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChannelReply } from "#channels/define.ts";
import { newWebhookSecret, webhook, webhookSignature } from "#channels/webhook.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { message, note } from "./messages.ts";

const now = new Date("2026-11-20T10:00:00.400Z");
const secret = newWebhookSecret(size => new Uint8Array(size).fill(1));
const previousSecret = newWebhookSecret(size => new Uint8Array(size).fill(2));
const settings = { url: "https://kofe-volna.ru/hook", secret };

const send = (
  more: { previousSecret?: string; previousUntil?: string } = {},
  at = now,
  sent = message([note()]),
) =>
  webhook.request(
    sent,
    { ...settings, ...more },
    {
      now: at,
      plain: false,
      thread: null,
      telegramApi: "",
      slackApi: "",
    },
  );
const verdict = (status: number, headers: Record<string, string> = {}) =>
  webhook.verdict({ status, headers, body: "" } satisfies ChannelReply, settings, { now, plain: false });

describe("a signed request", () => {
  // The library reads the clock itself and refuses a signature older than five minutes.
  beforeEach(() => vi.useFakeTimers({ now }));
  afterEach(() => vi.useRealTimers());

  it("is verified by the library with either secret while they are exchanged", () => {
    const { headers, body } = send({ previousSecret });
    for (const one of [secret, previousSecret])
      expect(() => new Webhook(one).verify(body, headers)).not.toThrow();
    const other = newWebhookSecret(size => new Uint8Array(size).fill(3));
    expect(() => new Webhook(other).verify(body, headers)).toThrow("No matching signature");
  });

  it("carries the old secret's signature until its time is over", () => {
    const old = { previousSecret, previousUntil: "2026-11-20T10:00:00.000Z" };
    const until = Date.parse(old.previousUntil);
    const signaturesAt = (ms: number) => send(old, new Date(ms)).headers["webhook-signature"]?.split(" ");
    expect(signaturesAt(until - 1)).toHaveLength(2);
    expect(signaturesAt(until)).toHaveLength(1);
  });

  it("is no longer verified with the old secret once it is dropped", () => {
    const { headers, body } = send();
    expect(() => new Webhook(previousSecret).verify(body, headers)).toThrow("No matching signature");
  });

  it("keeps id and body on a repeat, and carries the time of the attempt", () => {
    const [first, second] = [send(), send({}, new Date(now.getTime() + 5000))];
    expect(first.headers["webhook-id"]).toBe(message([]).deliveryId);
    expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
    expect(second.body).toBe(first.body);
    expect([first, second].map(one => one.headers["webhook-timestamp"])).toEqual([
      "1795168800",
      "1795168805",
    ]);
  });
});

describe("the payload", () => {
  it("is thin: what fired, where, and ids to follow", () => {
    expect(JSON.parse(send().body)).toEqual({
      type: "alert.fired",
      timestamp: "2026-11-20T09:14:03.000Z",
      data: {
        test: false,
        total: 1,
        omitted: 0,
        alerts: [
          {
            id: "0193a1b2-0000-7000-8000-000000000001",
            kind: "negative-mention",
            rule: "Негатив о кофейне",
            brand: "Волна",
            firedAt: "2026-11-20T09:14:03.000Z",
            reason: "Отзыв с оценкой 1 из 5 остался без ответа",
            source: "Отзывы на картах",
            tone: "negative",
            rating: { value: 1, scale: 5 },
            link: "https://molva.kofe-volna.ru/cases/17",
            ids: { mention: "m-1", case: "c-17" },
            mention: null,
          },
        ],
      },
    });
  });

  it("says that a text was cut, and cuts it between graphemes", () => {
    const mention = { title: null, text: "👩‍👩‍👧‍👦".repeat(2000), authorName: null, url: null };
    const { data } = JSON.parse(send({}, now, message([note({ mention })])).body) as {
      data: { alerts: { mention: { text: string; textCut: boolean } }[] };
    };
    expect(data.alerts[0]?.mention.textCut).toBe(true);
    expect(data.alerts[0]?.mention.text).toMatch(/^(👩‍👩‍👧‍👦)+…$/u);
  });

  it("says how many alerts were left out of a list that is too long", () => {
    const { data } = JSON.parse(send({}, now, message(Array.from({ length: 1000 }, () => note()))).body) as {
      data: { total: number; omitted: number; alerts: unknown[] };
    };
    expect(data.total).toBe(1000);
    expect(data.alerts.length).toBeGreaterThan(20);
    expect(data.omitted).toBe(1000 - data.alerts.length);
  });
});

describe("the secret", () => {
  it("is whsec_ and 32 bytes", () => {
    expect(secret).toBe("whsec_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
  });

  it.each([
    ["empty", ""],
    ["without bytes", "whsec_"],
    ["without prefix", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="],
    ["of 23 bytes", `whsec_${Buffer.alloc(23, 1).toString("base64")}`],
    ["of 65 bytes", `whsec_${Buffer.alloc(65, 1).toString("base64")}`],
    ["not base64", `whsec_${"!".repeat(44)}`],
  ])("is refused when %s", (_, wrong) => {
    expect(webhook.settings.safeParse({ ...settings, secret: wrong }).success).toBe(false);
  });
});

describe("the address", () => {
  it.each([
    "ftp://kofe-volna.ru/",
    "javascript:alert(1)",
    "kofe-volna.ru",
    "https://user:pass@kofe-volna.ru/",
  ])("is refused as %s", url => expect(webhook.settings.safeParse({ ...settings, url }).success).toBe(false));
  it("may be plain http, for a host inside that the operator allows", () => {
    expect(webhook.settings.safeParse({ ...settings, url: "http://127.0.0.1:9000/hook" }).success).toBe(true);
  });
});

describe("the verdict", () => {
  it.each([429, 502, 503, 504])("of %d slows all messages of the address down", status => {
    expect(verdict(status)).toMatchObject({ kind: "retry", afterMs: null, pausesAll: true });
  });

  it.each([
    ["seconds", "120", 120_000],
    ["a date", "Fri, 20 Nov 2026 10:02:00 GMT", 119_600],
    ["a date gone by", "Fri, 20 Nov 2026 09:00:00 GMT", 0],
    ["more than a day", "9999999", 86_400_000],
    ["nonsense", "soon", null],
    ["a negative number", "-5", null],
    ["a date without a zone", "Fri Nov 20 10:02:00 2026", null],
  ])("reads Retry-After given as %s", (_, value, afterMs) => {
    expect(verdict(503, { "retry-after": value })).toMatchObject({ kind: "retry", afterMs });
  });

  it("ends this message alone when the receiver says abort-message", () => {
    expect(verdict(500, { "webhook-delivery": "abort-message" }).kind).toBe("failed");
    expect(verdict(200, { "webhook-delivery": "abort-message" }).kind).toBe("delivered");
  });

  it("tells that a redirect is not followed", () => {
    expect(verdict(302)).toMatchObject({ kind: "retry", problem: expect.stringContaining("redirect") });
  });
});

interface Vector {
  name: string;
  op: "sign" | "verify" | "construct";
  secret: string;
  id: string;
  timestamp: number;
  now: number;
  headers: Record<string, string>;
  payload: string;
  signature: string;
  valid: boolean;
}

describeShared("Standard Webhooks vectors", "suites/standard-webhooks/vectors.json", () => {
  const { upstream, own } = readSharedJson<Record<"upstream" | "own", Vector[]>>(
    "suites/standard-webhooks/vectors.json",
  );
  const vectors = [...upstream, ...own];
  const of = (op: Vector["op"]) => vectors.filter(vector => vector.op === op);
  afterEach(() => vi.useRealTimers());

  it("are 29", () => expect(vectors).toHaveLength(29));

  it.each(of("sign"))(
    "$name: our signature is the published one",
    ({ secret: key, id, timestamp, payload, signature }) => {
      expect(webhookSignature(key, id, timestamp, payload)).toBe(signature);
    },
  );

  it.each(of("verify"))("$name: the library judges it so, and our signature is the valid one", vector => {
    vi.useFakeTimers({ now: vector.now * 1000 });
    const check = () => new Webhook(vector.secret).verify(vector.payload, vector.headers);
    if (!vector.valid) return void expect(check).toThrow();
    expect(check).not.toThrow();
    const ours = webhookSignature(
      vector.secret,
      vector.headers["webhook-id"]!,
      Number(vector.headers["webhook-timestamp"]),
      vector.payload,
    );
    expect(vector.headers["webhook-signature"]!.split(" ")).toContain(ours);
  });

  it.each(of("construct"))("$name: no settings with the secret '$secret'", ({ secret: empty }) => {
    expect(webhook.settings.safeParse({ ...settings, secret: empty }).success).toBe(false);
  });
});

describeShared("The retry schedule", "suites/standard-webhooks/retry-schedule.json", () => {
  it("is the published one: ten attempts, the first at once", () => {
    const { delaysSeconds } = readSharedJson<{ delaysSeconds: number[] }>(
      "suites/standard-webhooks/retry-schedule.json",
    );
    expect([0, ...webhook.retriesMs.map(wait => wait / 1000)]).toEqual(delaysSeconds);
  });
});
