import { randomBytes } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Alerting, openAlerting } from "#tests/pipeline/alerting.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { type Receivers, type Row, rows, startReceivers } from "./answers.ts";

const scheduleFile = "suites/standard-webhooks/retry-schedule.json";
/** The spec's schedule, in seconds after the attempt before. */
const scheduleSeconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const secret = `whsec_${randomBytes(32).toString("base64")}`;
const previousSecret = `whsec_${randomBytes(32).toString("base64")}`;

const trusted = getCACertificates("default");

interface Fate {
  state: string;
  problem: string | null;
  /** Seconds between attempts; the test's constant chance adds 5 % to each wait. */
  waits: number[];
  attempts: { status: number | null; answer: string | null }[];
}

let world: World;
let alerting: Alerting;
let receivers: Receivers;
let fates: Map<Row, Fate>;
const channelIds = new Map<Row, string>();

/** Sends one alert to every receiver and goes from one due time to the next, until nothing waits. */
beforeAll(async () => {
  world = await openWorld();
  receivers = await startReceivers(world.deps.clock);
  setDefaultCACertificates([...trusted, receivers.expiredCertificate]);
  alerting = await openAlerting(world, { timeoutMs: 2_000 });
  const brandId = await world.makeBrand();
  for (const row of rows) {
    const options = { settings: { url: receivers.url(row) }, secrets: { secret, previousSecret }, name: row };
    channelIds.set(row, await alerting.makeChannel("webhook", options));
  }
  const gone = channelIds.get("410") as string;
  await alerting.makeRule(
    brandId,
    [...channelIds.values()].filter(id => id !== gone),
  );
  const onCall = { settings: { url: receivers.url("200") }, secrets: { secret, previousSecret } };
  await alerting.makeRule(brandId, [gone, await alerting.makeChannel("webhook", onCall)]);
  await alerting.complain(brandId);
  for (let step = 0; step < 50; step++) {
    await alerting.send();
    const due = await nextDue();
    if (due === null) break;
    world.setNow(due.toISOString());
  }
  fates = new Map();
  for (const row of rows) fates.set(row, await fateOf(row));
}, 240_000);

afterAll(async () => {
  setDefaultCACertificates(trusted);
  await receivers.close();
  await alerting.close();
  await world.close();
});

async function nextDue(): Promise<Date | null> {
  const { at } = await world.db
    .selectFrom("delivery")
    .select(eb => eb.fn.min("next_attempt_at").as("at"))
    .executeTakeFirstOrThrow();
  return at;
}

async function fateOf(row: Row): Promise<Fate> {
  const delivery = await world.db
    .selectFrom("delivery")
    .selectAll()
    .where("channel_id", "=", channelIds.get(row) as string)
    .where("notice", "is", null)
    .executeTakeFirstOrThrow();
  const attempts = await world.db
    .selectFrom("delivery_attempt")
    .selectAll()
    .where("delivery_id", "=", delivery.id)
    .orderBy("attempt")
    .execute();
  const times = attempts.map(attempt => attempt.at.getTime());
  const waits = times.slice(1).map((at, n) => Math.round((at - (times[n] as number)) / 1.05) / 1_000);
  return { state: delivery.state, problem: delivery.problem, waits, attempts };
}

const fate = (row: Row) => fates.get(row) as Fate;
const alertsAt = (row: Row) =>
  receivers.got.filter(one => one.row === row && one.body.includes("alert.fired"));

describe("a receiver that answers", () => {
  test.each(["200", "204"] as const)("%s has taken the message at once", row => {
    expect(fate(row)).toMatchObject({ state: "delivered", waits: [] });
  });

  test.each(["301", "400", "404", "429", "500", "hang", "TLS expired"] as const)(
    "%s is tried by the exact table, then the message has failed",
    row => {
      expect(fate(row)).toMatchObject({ state: "failed", waits: scheduleSeconds });
      expect(fate(row).attempts).toHaveLength(10);
      expect(alertsAt(row)).toHaveLength(row === "TLS expired" ? 0 : 10);
    },
  );

  test("429 with a longer time is waited for as long", () => {
    expect(fate("429 with Retry-After").waits).toEqual([600, 600, ...scheduleSeconds.slice(2)]);
  });

  test("301 is not followed", () => {
    expect(receivers.got.filter(one => one.path === "/moved")).toEqual([]);
  });

  test("410 is not asked again, and the channel is off", async () => {
    expect(fate("410")).toMatchObject({ state: "failed", waits: [] });
    const channel = await world.db
      .selectFrom("alert_channel")
      .select("broken_why")
      .where("id", "=", channelIds.get("410") as string)
      .executeTakeFirstOrThrow();
    expect(channel.broken_why).toContain("410");
  });

  test("with a gigabyte has the message, and 64 KiB of it are read", () => {
    expect(fate("1 GB")).toMatchObject({ state: "delivered", waits: [] });
    expect(fate("1 GB").attempts[0]?.answer?.length).toBeLessThanOrEqual(2_000);
    // The rest is what the two sockets hold.
    expect(receivers.floodedBytes).toHaveLength(1);
    expect(receivers.floodedBytes[0]).toBeLessThan(64 * 1024 * 1024);
  });

  test("200 and then never ends has the message: sending again would make it come twice", () => {
    expect(fate("slow drip")).toMatchObject({ state: "delivered", waits: [] });
    expect(alertsAt("slow drip")).toHaveLength(1);
  });

  test("nothing, or with an expired certificate, is named so", () => {
    expect(fate("hang").attempts[0]?.status).toBeNull();
    expect(fate("hang").problem).toContain("did not answer");
    expect(fate("TLS expired").problem).toContain("could not be reached");
  });
});

test("Every attempt has the same id and bytes, and a signature for each of the two secrets at its own time", () => {
  for (const row of rows.filter(one => one !== "TLS expired" && one !== "200")) {
    const attempts = alertsAt(row);
    expect(new Set(attempts.map(one => one.headers["webhook-id"])).size).toBe(1);
    expect(new Set(attempts.map(one => one.body)).size).toBe(1);
  }
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    for (const { headers, body, at } of receivers.got) {
      vi.setSystemTime(at);
      for (const one of [secret, previousSecret])
        expect(() => new Webhook(one).verify(body, headers)).not.toThrow();
      vi.setSystemTime(at.getTime() + 301_000);
      expect(() => new Webhook(secret).verify(body, headers)).toThrow();
    }
  } finally {
    vi.useRealTimers();
  }
});

test("A channel that is switched off is told of through one that shares a rule with it", () => {
  const notices = receivers.got
    .filter(one => one.body.includes("channel.broken"))
    .map(one => ({ row: one.row, body: JSON.parse(one.body) as { data: { alerts: object[] } } }));
  expect(notices).toHaveLength(1);
  for (const { row, body } of notices) {
    expect(row).toBe("200");
    expect(body.data.alerts).toMatchObject([
      { kind: "channel-broken", brand: "410", ids: { channelId: channelIds.get("410") } },
    ]);
  }
});

describeShared("the published schedule", scheduleFile, () => {
  test("is the one that is kept here", () => {
    const text = JSON.stringify(readSharedJson<unknown>(scheduleFile));
    for (const seconds of scheduleSeconds) expect(text).toContain(String(seconds));
  });
});
