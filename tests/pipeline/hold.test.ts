import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RuleTiming } from "#domain/alerts/timing.ts";
import { changeRule } from "#pipeline/alert-setup.ts";
import { ackAlert } from "#pipeline/deliveries.ts";
import { escalateDue } from "#pipeline/escalate.ts";
import { changeSilence, createSilence, endSilence, type SilenceInput } from "#pipeline/silences.ts";
import { inTransaction } from "#store/db.ts";
import { type Alerting, deliveriesOf, openAlerting } from "./alerting.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let alerting: Alerting;
let brandId: string;
let channelId: string;
let ruleId: string;

const nobody = { actor: { personId: null, keyId: null }, brandIds: null } as const;
const everyDay = [1, 2, 3, 4, 5, 6, 7];

beforeAll(async () => {
  world = await openWorld();
  alerting = await openAlerting(world);
});
afterAll(async () => {
  await alerting.close();
  await world.close();
});
let chats = 0;
/** A bot of its own that nobody listens to: an attempt that was made is counted, and these tests ask for no more. */
const makeChat = () =>
  alerting.makeChannel("telegram", {
    settings: { chatId: `${-++chats}` },
    secrets: { botToken: `${chats}:a` },
  });
beforeEach(async () => {
  world.setNow("2026-11-20T20:00:00Z");
  brandId = await world.makeBrand({ timezone: "Europe/Moscow" });
  channelId = await makeChat();
  ruleId = await alerting.makeRule(brandId, [channelId]);
});

const setTiming = (timing: RuleTiming) =>
  world.db
    .updateTable("alert_rule")
    .set({ timing: JSON.stringify(timing) })
    .where("id", "=", ruleId)
    .execute();

const alerts = () => world.db.selectFrom("alert").selectAll().where("rule_id", "=", ruleId).execute();
const told = async (deliveryId: string) =>
  (
    await world.db
      .selectFrom("delivery_alert")
      .select("alert_id")
      .where("delivery_id", "=", deliveryId)
      .execute()
  ).length;
/** Of each message: attempts made, alerts in it, what holds it. */
const messages = async (channel = channelId) =>
  Promise.all(
    (await deliveriesOf(world, channel)).map(async row => [
      row.attempt_count,
      await told(row.id),
      row.held_by,
    ]),
  );
const silence = (input: Partial<SilenceInput> = {}) =>
  inTransaction(world.db, tx =>
    createSilence(
      tx,
      nobody,
      { brandId, reason: "Выкатка", until: new Date("2026-11-20T22:00:00Z"), ...input },
      world.deps.clock(),
    ),
  );

describe("quiet hours", () => {
  beforeEach(() => setTiming({ quietHours: [{ days: everyDay, from: "22:00", to: "08:00" }] }));

  it("raise alerts, and tell all of them in one message when they end", async () => {
    for (let hour = 0; hour < 3; hour++) {
      await alerting.complain(brandId, 2);
      await alerting.send();
      alerting.laterBy(3_600_000);
    }
    expect(await alerts()).toHaveLength(6);
    expect(await messages()).toEqual([[0, 6, "quiet-hours"]]);
    world.setNow("2026-11-21T04:59:59Z");
    await alerting.send();
    expect(await messages()).toEqual([[0, 6, "quiet-hours"]]);
    world.setNow("2026-11-21T05:00:00Z");
    await alerting.send();
    expect(await messages()).toEqual([[1, 6, null]]);
  });

  it("hold back what was tried before them too", async () => {
    world.setNow("2026-11-20T18:59:50Z");
    await alerting.complain(brandId);
    await alerting.send();
    expect(await messages()).toEqual([[1, 1, null]]);
    alerting.laterBy(600_000);
    await alerting.send();
    expect(await messages()).toEqual([[1, 1, "quiet-hours"]]);
  });

  it("that a rule loses while they hold let its messages go", async () => {
    await alerting.complain(brandId);
    await alerting.send();
    expect(await messages()).toEqual([[0, 1, "quiet-hours"]]);
    await inTransaction(world.db, tx => changeRule(tx, ruleId, { timing: {} }, world.deps.clock()));
    await alerting.send();
    expect(await messages()).toEqual([[1, 1, null]]);
  });
});

describe("a chat that is behind", () => {
  const night = { quietHours: [{ days: everyDay, from: "22:00", to: "08:00" }] };
  const fail = () => {
    alerting.laterBy(600_000);
    return alerting.send();
  };

  /** More brands with a rule of each timing tell the same chat just before the night begins. */
  async function behind(timings: readonly RuleTiming[]): Promise<string[]> {
    world.setNow("2026-11-20T18:59:50Z");
    await alerting.complain(brandId);
    const ids: string[] = [];
    for (const timing of timings) {
      const other = await world.makeBrand({ timezone: "Europe/Moscow" });
      const id = await alerting.makeRule(other, [channelId]);
      await world.db
        .updateTable("alert_rule")
        .set({ timing: JSON.stringify(timing) })
        .where("id", "=", id)
        .execute();
      await alerting.complain(other);
      ids.push(id);
    }
    alerting.laterBy(5_000);
    await alerting.send();
    return ids;
  }
  const times = (count: number, timing: RuleTiming) => Array.from({ length: count }, () => timing);

  it("gets what waits as one message, which leaves at night when none of its rules has quiet hours", async () => {
    await behind([...times(3, {}), ...times(2, { quietHours: [] })]);
    expect(await messages()).toEqual([[1, 6, null]]);
    await fail();
    expect(await messages()).toEqual([[2, 6, null]]);
  });

  it("gets rules with quiet hours in a message apart, so that only they wait for the morning", async () => {
    await behind([...times(5, {}), ...times(6, night)]);
    alerting.laterBy(4_000);
    await alerting.send();
    expect((await messages()).toSorted()).toEqual([
      [1, 6, null],
      [1, 6, null],
    ]);
    await fail();
    expect((await messages()).toSorted()).toEqual([
      [1, 6, "quiet-hours"],
      [2, 6, null],
    ]);
    world.setNow("2026-11-21T05:00:00Z");
    await alerting.send();
    alerting.laterBy(4_000);
    await alerting.send();
    expect((await messages()).map(([attempts]) => attempts).toSorted()).toEqual([2, 3]);
  });

  it("waits with a tried message for none of its rules whose hours were changed since", async () => {
    const [changed] = await behind(times(5, {}));
    await inTransaction(world.db, tx =>
      changeRule(tx, changed as string, { timing: night }, world.deps.clock()),
    );
    await fail();
    expect(await messages()).toEqual([[2, 6, null]]);
  });

  it("waits for the end of a silence that covers all of a message, and of none that covers a part", async () => {
    await behind(times(5, {}));
    await silence();
    await fail();
    expect(await messages()).toEqual([[2, 6, null]]);
    await silence({ brandId: undefined, channelId });
    await fail();
    expect(await messages()).toEqual([[2, 6, "silence"]]);
  });
});

describe("a digest", () => {
  it("tells everything of a day once, at its time", async () => {
    await setTiming({ digest: { every: "daily" } });
    for (let n = 0; n < 4; n++) {
      await alerting.complain(brandId, 5);
      await alerting.send();
      alerting.laterBy(3_600_000);
    }
    expect(await messages()).toEqual([[0, 20, "digest"]]);
    world.setNow("2026-11-21T06:00:00Z");
    await alerting.send();
    expect(await messages()).toEqual([[1, 20, null]]);
  });

  it("holds each message to a program, however many there are", async () => {
    const program = await alerting.makeChannel("webhook", {
      settings: { url: "http://127.0.0.1:1/" },
      secrets: { secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz" },
    });
    await world.db
      .updateTable("alert_rule")
      .set({ channel_ids: [program] })
      .where("id", "=", ruleId)
      .execute();
    await setTiming({ digest: { every: "daily" } });
    await alerting.complain(brandId, 15);
    await alerting.send();
    expect(await messages(program)).toEqual(Array.from({ length: 15 }, () => [0, 1, "digest"]));
  });
});

describe("a silence", () => {
  it("holds what waits already and what fires later, until its end", async () => {
    await alerting.complain(brandId);
    await silence();
    await alerting.send();
    await alerting.complain(brandId, 2);
    alerting.laterBy(3_600_000);
    await alerting.send();
    expect(await alerts()).toHaveLength(3);
    expect(await messages()).toEqual([[0, 3, "silence"]]);
    world.setNow("2026-11-20T22:00:00Z");
    await alerting.send();
    expect(await messages()).toEqual([[1, 3, null]]);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ["ended", id => inTransaction(world.db, tx => endSilence(tx, id, world.deps.clock()))],
    [
      "made shorter",
      id =>
        inTransaction(world.db, tx =>
          changeSilence(tx, id, { until: new Date("2026-11-20T20:30:00Z") }, world.deps.clock()),
        ),
    ],
  ])("that is %s lets go what no other one holds", async (_what, end) => {
    const { id } = await silence();
    await alerting.complain(brandId);
    await alerting.send();
    await end(id);
    alerting.laterBy(1_800_000);
    await alerting.send();
    expect(await messages()).toEqual([[1, 1, null]]);
  });

  it("that ends under a longer one lets nothing go", async () => {
    const { id } = await silence();
    await alerting.complain(brandId);
    await alerting.send();
    await silence({ until: new Date("2026-11-21T00:00:00Z"), kind: "negative-mention" });
    await inTransaction(world.db, tx => endSilence(tx, id, world.deps.clock()));
    await alerting.send();
    expect(await messages()).toEqual([[0, 1, "silence"]]);
    world.setNow("2026-11-21T00:00:00Z");
    await alerting.send();
    expect(await messages()).toEqual([[1, 1, null]]);
  });

  it("of one source takes its alerts out of the message, and lets the others go", async () => {
    await alerting.complain(brandId, 2);
    const source = (await alerts())[0]?.source_id as string;
    const other = await world.makeSource([brandId]);
    const [one] = await alerts();
    await world.db
      .updateTable("alert")
      .set({ source_id: other })
      .where("id", "=", one?.id as string)
      .execute();
    await silence({ sourceId: source });
    await alerting.send();
    expect((await messages()).toSorted()).toEqual([
      [0, 1, "silence"],
      [1, 1, null],
    ]);
  });

  it("of one source holds nothing that another source's alert brings to the rule later", async () => {
    await alerting.complain(brandId);
    const [first] = await alerts();
    await silence({ sourceId: first?.source_id as string });
    await alerting.send();
    expect(await messages()).toEqual([[0, 1, "silence"]]);
    alerting.laterBy(600_000);
    const other = await world.makeSource([brandId]);
    await alerting.complain(brandId, 1, other);
    await alerting.send();
    expect((await messages()).toSorted()).toEqual([
      [0, 1, "silence"],
      [1, 1, null],
    ]);
  });

  it("that ends before quiet hours begin holds nothing until the morning", async () => {
    await setTiming({ quietHours: [{ days: everyDay, from: "23:30", to: "08:00" }] });
    const { id } = await silence();
    await alerting.complain(brandId);
    await alerting.send();
    await inTransaction(world.db, tx => endSilence(tx, id, world.deps.clock()));
    await alerting.send();
    expect(await messages()).toEqual([[1, 1, null]]);
  });

  it("is followed by the quiet hours that it ends in", async () => {
    await setTiming({ quietHours: [{ days: everyDay, from: "23:30", to: "08:00" }] });
    await silence();
    await alerting.complain(brandId);
    await alerting.send();
    expect(await messages()).toEqual([[0, 1, "silence"]]);
    world.setNow("2026-11-20T22:00:00Z");
    await alerting.send();
    expect(await messages()).toEqual([[0, 1, "quiet-hours"]]);
  });

  it("of another brand, rule, kind or channel holds nothing", async () => {
    const stranger = await world.makeBrand();
    await silence({ brandId: stranger });
    await silence({ kind: "spike" });
    await silence({ channelId: await makeChat() });
    await silence({ ruleId: await alerting.makeRule(brandId, []) });
    await alerting.complain(brandId);
    await alerting.send();
    expect(await messages()).toEqual([[1, 1, null]]);
  });
});

describe("what nobody acknowledges", () => {
  let next: string;
  let last: string;
  beforeEach(async () => {
    [next, last] = [await makeChat(), await makeChat()];
    const steps = [
      { afterMinutes: 10, channelIds: [next] },
      { afterMinutes: 30, channelIds: [last] },
    ];
    await setTiming({ escalation: steps });
  });
  const minutes = async (count: number) => {
    alerting.laterBy(count * 60_000);
    await escalateDue(world.deps);
    await escalateDue(world.deps);
  };

  it("goes to the next channels step by step, once each", async () => {
    await alerting.complain(brandId, 2);
    await minutes(9);
    expect(await messages(next)).toEqual([]);
    await minutes(1);
    expect(await messages(next)).toEqual([[0, 2, null]]);
    await minutes(29);
    expect(await messages(last)).toEqual([]);
    await minutes(1);
    await minutes(100);
    expect([await messages(next), await messages(last)]).toEqual([[[0, 2, null]], [[0, 2, null]]]);
  });

  it("stays where it is once somebody has", async () => {
    await alerting.complain(brandId, 2);
    await minutes(10);
    for (const { id } of await alerts())
      await inTransaction(world.db, tx => ackAlert(tx, nobody, id, world.deps.clock()));
    await minutes(60);
    expect(await messages(last)).toEqual([]);
  });

  it("is counted from when the first message could leave", async () => {
    await silence();
    await alerting.complain(brandId);
    await alerting.send();
    await minutes(60);
    expect(await messages(next)).toEqual([]);
    world.setNow("2026-11-20T22:00:00Z");
    await alerting.send();
    await minutes(9);
    expect(await messages(next)).toEqual([]);
    await minutes(1);
    expect(await messages(next)).toEqual([[0, 1, null]]);
  });
});
