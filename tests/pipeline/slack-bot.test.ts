import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pressAck } from "#pipeline/chat-press.ts";
import { setChatsOf } from "#store/chat.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { insertPerson } from "#store/person.ts";
import { type Alerting, deliveriesOf, openAlerting } from "./alerting.ts";
import { type Platform, slackApi, startPlatform } from "./chat-servers.ts";
import { openWorld, type World } from "./world.ts";

const secrets = { botToken: "xoxb-1-test", signingSecret: "0123456789abcdef" };
const settings = { channel: "C024BE91L" };

let world: World;
let slack: Platform;
let alerting: Alerting;
let brandId: string;

beforeAll(async () => {
  world = await openWorld();
  slack = await startPlatform(slackApi());
  alerting = await openAlerting(world, { slackApi: slack.url });
});
afterAll(async () => {
  await slack.close();
  await alerting.close();
  await world.close();
});
beforeEach(async () => {
  world.setNow("2026-11-20T12:00:00Z");
  await world.db.updateTable("alert_channel").set({ archived_at: world.deps.clock() }).execute();
  await world.db.deleteFrom("send_budget").execute();
  slack.respond = slackApi();
  slack.calls.length = 0;
  brandId = await world.makeBrand();
});

async function makePerson(brandIds: string[] | null = null): Promise<string> {
  const userId = `U${newId().replaceAll("-", "").toUpperCase().slice(-12)}`;
  await inTransaction(world.db, async tx => {
    const person = await insertPerson(tx, {
      id: newId(),
      name: "Вера Орлова",
      brand_ids: brandIds,
      created_at: world.deps.clock(),
    });
    await setChatsOf(tx, person.id, [{ kind: "slack", teamId: "T0TEAM", userId }]);
  });
  return userId;
}

const press = (userId: string, deliveryId: string, channelId: string) =>
  inTransaction(world.db, tx =>
    pressAck(
      tx,
      { user: { kind: "slack", teamId: "T0TEAM", userId }, deliveryId, channelIds: [channelId] },
      world.deps.clock(),
    ),
  );

/** Alerts now, and some minutes later more of the same rule. */
async function tellTwice(channelId: string) {
  await alerting.complain(brandId);
  await alerting.send();
  alerting.laterBy(10 * 60_000);
  await alerting.complain(brandId, 2);
  await alerting.send();
  return deliveriesOf(world, channelId);
}

const buttonOf = (body: { blocks: { type: string; elements?: { value: string }[] }[] }) =>
  body.blocks.find(block => block.type === "actions")?.elements?.[0];

describe("a Slack bot", () => {
  it("posts with its token, thinly, with a button that names the message", async () => {
    const channelId = await alerting.makeChannel("slack", { settings, secrets, brandId });
    await alerting.complain(brandId);
    await alerting.send();
    const [call] = slack.calls;
    expect(call).toMatchObject({ method: "chat.postMessage", body: { channel: "C024BE91L" } });
    expect(call?.headers.authorization).toBe("Bearer xoxb-1-test");
    expect(call?.raw).not.toMatch(/xoxb|Анна|хамят|thread_ts/);
    const [delivery] = await deliveriesOf(world, channelId);
    expect(delivery).toMatchObject({ state: "delivered", external_id: "C024BE91L:1700000000.000001" });
    expect(buttonOf(call?.body)).toMatchObject({ action_id: "molva-ack", value: delivery?.id });
  });

  it("tells later news in the thread of the first message, until that is acknowledged or old", async () => {
    const channelId = await alerting.makeChannel("slack", { settings, secrets, brandId });
    const [first, second] = await tellTwice(channelId);
    expect(slack.calls[1]?.body.thread_ts).toBe("1700000000.000001");
    expect(second?.thread_of).toBe(first?.id);
    await press(await makePerson(), first?.id as string, channelId);
    alerting.laterBy(5_000);
    await alerting.complain(brandId);
    await alerting.send();
    const posts = slack.calls.filter(call => call.method === "chat.postMessage");
    expect(posts.map(call => call.body.thread_ts)).toEqual([undefined, "1700000000.000001", undefined]);
    alerting.laterBy(61 * 60_000);
    await alerting.complain(brandId);
    await alerting.send();
    expect(slack.calls.at(-1)?.body.thread_ts).toBeUndefined();
  });

  it("rewrites what it sent once everything in it is acknowledged, and its button goes", async () => {
    const channelId = await alerting.makeChannel("slack", { settings, secrets, brandId });
    const [first] = await tellTwice(channelId);
    const userId = await makePerson();
    expect(await press(userId, first?.id as string, channelId)).toMatchObject({
      outcome: "acked",
      ackedCount: 3,
    });
    expect(await press(userId, first?.id as string, channelId)).toMatchObject({ outcome: "already" });
    slack.calls.length = 0;
    for (let n = 0; n < 3; n++) {
      await alerting.send();
      alerting.laterBy(1_100);
    }
    expect(slack.calls.map(call => [call.method, call.body.ts]).toSorted()).toEqual([
      ["chat.update", "1700000000.000001"],
      ["chat.update", "1700000000.000002"],
    ]);
    for (const { body, raw } of slack.calls) {
      expect(buttonOf(body)).toBeUndefined();
      expect(raw).toContain("Подтверждено 20 ноября 2026 г. в 12:10 UTC");
      // Thin: who it was is no news for the platform.
      expect(raw).not.toContain("Вера");
    }
    expect((await deliveriesOf(world, channelId)).map(row => row.edit_at)).toEqual([null, null]);
  });

  it("names who acknowledged where the full text is on", async () => {
    const channelId = await alerting.makeChannel("slack", { settings, secrets, brandId, fullText: true });
    await alerting.complain(brandId);
    await alerting.send();
    const [delivery] = await deliveriesOf(world, channelId);
    await press(await makePerson(), delivery?.id as string, channelId);
    alerting.laterBy(2_000);
    await alerting.send();
    expect(slack.calls.at(-1)?.raw).toContain("· Вера Орлова");
  });

  it("posts anew where the thread is gone", async () => {
    const channelId = await alerting.makeChannel("slack", { settings, secrets, brandId });
    await alerting.complain(brandId);
    await alerting.send();
    slack.respond = slackApi();
    alerting.laterBy(10_000);
    await alerting.complain(brandId);
    await alerting.send();
    alerting.laterBy(2_000);
    await alerting.send();
    const [, second] = await deliveriesOf(world, channelId);
    expect(second).toMatchObject({ state: "delivered", thread_of: null, attempt_count: 2 });
  });

  it("that is refused for a thread it did not name is not asked for ever", async () => {
    const channelId = await alerting.makeChannel("slack", { settings, secrets, brandId });
    slack.respond = () => ({ ok: false, error: "thread_not_found" });
    await alerting.complain(brandId);
    for (let n = 0; n < 3; n++) {
      await alerting.send();
      alerting.laterBy(60_000);
    }
    expect(slack.calls).toHaveLength(1);
    expect(await deliveriesOf(world, channelId)).toMatchObject([{ state: "failed" }]);
  });

  it("that may not post there is switched off by the word of the answer", async () => {
    const channelId = await alerting.makeChannel("slack", { settings, secrets, brandId });
    slack.respond = () => ({ ok: false, error: "not_in_channel" });
    await alerting.complain(brandId);
    await alerting.send();
    const channel = await world.db
      .selectFrom("alert_channel")
      .selectAll()
      .where("id", "=", channelId)
      .executeTakeFirstOrThrow();
    expect(channel.broken_why).toContain("/invite");
  });
});

describe("a webhook that wants some events alone", () => {
  it("is told of nothing else, and says by its type what it tells", async () => {
    const secret = `whsec_${Buffer.from("a secret of twenty-four b").toString("base64")}`;
    const hook = (name: string, events: string[]) =>
      alerting.makeChannel("webhook", {
        settings: { url: `${slack.url}/${name}`, events },
        secrets: { secret },
        brandId,
      });
    await hook("alerts", ["alert.fired"]);
    await hook("troubles", ["channel.broken"]);
    await alerting.makeChannel("slack", { settings, secrets, brandId });
    slack.respond = ({ method }) =>
      method === "chat.postMessage" ? { ok: false, error: "is_archived" } : {};
    await alerting.complain(brandId);
    await alerting.send();
    const told = slack.calls.filter(call => call.method !== "chat.postMessage");
    expect(told.map(call => [call.method, call.body.type])).toEqual([
      ["alerts", "alert.fired"],
      ["troubles", "channel.broken"],
    ]);
  });
});

describe("a pressed button", () => {
  it("of a stranger, of another brand's person, or of another channel's message acknowledges nothing", async () => {
    const channelId = await alerting.makeChannel("slack", { settings, secrets, brandId });
    await alerting.complain(brandId);
    await alerting.send();
    const [delivery] = await deliveriesOf(world, channelId);
    const id = delivery?.id as string;
    const other = await world.makeBrand();
    expect(await press("U0STRANGER", id, channelId)).toMatchObject({ outcome: "stranger" });
    expect(await press(await makePerson([other]), id, channelId)).toMatchObject({ outcome: "foreign" });
    expect(await press(await makePerson(), id, newId())).toMatchObject({ outcome: "gone" });
    const acked = await world.db.selectFrom("alert").select("id").where("acked_at", "is not", null).execute();
    const mine = await world.db
      .selectFrom("delivery_alert")
      .selectAll()
      .where("delivery_id", "=", id)
      .execute();
    expect(acked.filter(alert => mine.some(row => row.alert_id === alert.id))).toEqual([]);
    expect(await press(await makePerson([brandId]), id, channelId)).toMatchObject({ outcome: "acked" });
  });
});
