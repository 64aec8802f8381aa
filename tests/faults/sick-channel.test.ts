import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAlerting } from "#tests/pipeline/alerting.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { type Behaviour, type Flow, mostWithin, openFlow } from "./flow.ts";

/** So long one receiver is away, and the chats ask for pauses within it. */
const outageSeconds = 40;
const alertsEachSecond = 4;
const secret = `whsec_${randomBytes(32).toString("base64")}`;

const behaviours: Record<string, Behaviour> = {
  healthy: () => ({ status: 204 }),
  calm: () => ({ status: 204 }),
  // Slow to answer, then asking for a pause, then well.
  slack: at => {
    if (at < 20) return { holdSeconds: 20 };
    return at < 25 ? { status: 429, headers: { "retry-after": "30" } } : {};
  },
  telegram: at =>
    at < 10 ? { status: 429, body: { ok: false, error_code: 429, parameters: { retry_after: 35 } } } : {},
  resets: at => (at < outageSeconds ? { reset: true } : { status: 204 }),
};

let world: World;
let flow: Flow;
let channelIds: Record<string, string>;
/** Alerts that the healthy ones had not got by the end of the second in which they fired. */
const late: number[] = [];
/** When everything of a channel was sent. */
const drainedAt: Record<string, number> = {};

beforeAll(async () => {
  world = await openWorld();
  const opened = await openFlow(
    world,
    url => openAlerting(world, { telegramApi: url, slackApi: url, timeoutMs: 600_000 }),
    behaviours,
  );
  flow = opened;
  const { alerting } = opened;
  const { url } = opened.platform;
  const brandId = await world.makeBrand();
  channelIds = {
    healthy: await alerting.makeChannel("webhook", {
      settings: { url: `${url}/healthy` },
      secrets: { secret },
    }),
    calm: await alerting.makeChannel("webhook", { settings: { url: `${url}/calm` }, secrets: { secret } }),
    slack: await alerting.makeChannel("slack", { secrets: { webhookUrl: `${url}/slack` } }),
    telegram: await alerting.makeChannel("telegram", {
      settings: { chatId: -100, acknowledge: false },
      secrets: { botToken: "1:AA" },
    }),
    resets: await alerting.makeChannel("webhook", {
      settings: { url: `${url}/resets` },
      secrets: { secret },
    }),
  };
  await alerting.makeRule(brandId, Object.values(channelIds));
  for (let second = 0; second < 3 * outageSeconds; second++) {
    await opened.step(async () => {
      if (second < outageSeconds) await alerting.complain(brandId, alertsEachSecond);
    });
    const waiting = await waitingFor();
    if (waiting.has("healthy") || waiting.has("calm")) late.push(second);
    for (const name of Object.keys(channelIds)) {
      if (waiting.has(name)) delete drainedAt[name];
      else drainedAt[name] ??= second;
    }
    if (second >= outageSeconds && waiting.size === 0) break;
  }
}, 400_000);

afterAll(async () => {
  await flow.end();
  await world.close();
});

/** Channels for which something is not delivered yet. */
async function waitingFor(): Promise<Set<string>> {
  const rows = await world.db
    .selectFrom("delivery")
    .select("channel_id")
    .distinct()
    .where("state", "<>", "delivered")
    .execute();
  const names = Object.entries(channelIds).filter(([, id]) => rows.some(row => row.channel_id === id));
  return new Set(names.map(([name]) => name));
}

const seen = (name: string) => flow.seen.get(name) ?? [];

describe("while a chat is slow and throttles, another throttles and a webhook resets", () => {
  test("the healthy ones get every alert in the second in which it fires, none twice", () => {
    expect(late).toEqual([]);
    for (const name of ["healthy", "calm"]) expect(seen(name)).toHaveLength(outageSeconds * alertsEachSecond);
  });

  test("nothing is sent before the time that a 429 asked for", () => {
    for (const [name, pause] of [
      ["slack", 30],
      ["telegram", 35],
    ] as const) {
      const refused = seen(name).filter(one => one.status === 429);
      expect(refused.length).toBeGreaterThan(0);
      for (const { atSeconds } of refused)
        expect(
          seen(name).filter(one => one.atSeconds > atSeconds && one.atSeconds < atSeconds + pause),
        ).toEqual([]);
    }
  });

  test("Slack gets at most one message a second, Telegram's group at most twenty a minute", () => {
    expect(mostWithin(seen("slack"), 1)).toBe(1);
    expect(mostWithin(seen("telegram"), 60)).toBeLessThanOrEqual(20);
  });

  test("the receiver that resets is asked seldom, and what waited is sent soon after it is back", () => {
    const during = seen("resets").filter(one => one.atSeconds < outageSeconds).length;
    // Without a rest it would be asked for each alert, and again by the table.
    expect(during).toBeLessThan((outageSeconds * alertsEachSecond) / 4);
    expect(drainedAt["resets"]).toBeLessThanOrEqual(2 * outageSeconds);
  });

  test("every alert reaches every channel", async () => {
    const { count } = await world.db
      .selectFrom("delivery_alert")
      .innerJoin("delivery", "delivery.id", "delivery_alert.delivery_id")
      .select(eb => eb.fn.countAll<number>().as("count"))
      .where("delivery.state", "=", "delivered")
      .executeTakeFirstOrThrow();
    expect(count).toBe(outageSeconds * alertsEachSecond * Object.keys(channelIds).length);
    expect(Object.keys(drainedAt)).toHaveLength(5);
  });
});
