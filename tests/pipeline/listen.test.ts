import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keepListening } from "#pipeline/listen.ts";
import { setChatsOf } from "#store/chat.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { insertPerson } from "#store/person.ts";
import { type Alerting, deliveriesOf, openAlerting } from "./alerting.ts";
import { BotUpdates, type Platform, pressUpdate, startPlatform } from "./chat-servers.ts";
import { openWorld, type World } from "./world.ts";

const chat = -1001234567890;
const knownUser = 4001;

let world: World;
let telegram: Platform;
let alerting: Alerting;
let updates: BotUpdates;
let brandId: string;
let botToken: string;
let botId = 100;

beforeAll(async () => {
  world = await openWorld();
  telegram = await startPlatform(() => ({ ok: true }));
  alerting = await openAlerting(world, { telegramApi: telegram.url });
  await inTransaction(world.db, async tx => {
    const person = await insertPerson(tx, { id: newId(), name: "Вера", created_at: world.deps.clock() });
    await setChatsOf(tx, person.id, [{ kind: "telegram", userId: String(knownUser) }]);
  });
});
afterAll(async () => {
  await telegram.close();
  await alerting.close();
  await world.close();
});
beforeEach(async () => {
  world.setNow("2026-11-20T12:00:00Z");
  await world.db.updateTable("alert_channel").set({ archived_at: world.deps.clock() }).execute();
  telegram.calls.length = 0;
  updates = new BotUpdates();
  let messageId = 0;
  telegram.respond = ({ method, body }) => {
    if (method === "getUpdates") return updates.answer(body);
    return { ok: true, result: method === "sendMessage" ? { message_id: ++messageId } : true };
  };
  brandId = await world.makeBrand();
  botToken = `${++botId}:AAtoken`;
});

/** A message with a button in the chat; answers its delivery. */
async function tell(settings: object = {}): Promise<string> {
  const channelId = await alerting.makeChannel("telegram", {
    settings: { chatId: chat, ...settings },
    secrets: { botToken },
    brandId,
  });
  await alerting.complain(brandId);
  await alerting.send();
  return (await deliveriesOf(world, channelId))[0]?.id as string;
}

/** Listens with so many notifiers until `done`. */
async function listenUntil(done: () => boolean | Promise<boolean>, notifiers = 1): Promise<void> {
  const stop = new AbortController();
  const ended = Array.from({ length: notifiers }, () => keepListening(alerting.deps, stop.signal));
  await expect.poll(done, { timeout: 10_000, interval: 20 }).toBe(true);
  stop.abort();
  await Promise.all(ended);
}

const answers = () => telegram.calls.filter(call => call.method === "answerCallbackQuery");
const listener = () =>
  world.db.selectFrom("bot_listener").selectAll().where("bot", "=", String(botId)).executeTakeFirstOrThrow();
const ackedCount = async (deliveryId: string) =>
  (
    await world.db
      .selectFrom("alert")
      .innerJoin("delivery_alert", "alert_id", "alert.id")
      .select("alert.id")
      .where("delivery_id", "=", deliveryId)
      .where("acked_at", "is not", null)
      .execute()
  ).length;

describe("a button in Telegram", () => {
  it("fits into 64 bytes, acknowledges, answers, and goes when the message is rewritten", async () => {
    const deliveryId = await tell();
    const [sent] = telegram.calls;
    const data = sent?.body.reply_markup.inline_keyboard[0][0].callback_data as string;
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
    updates.waiting = [pressUpdate(70, { from: knownUser, chat, data })];
    await listenUntil(() => answers().length > 0);
    expect(answers().map(call => call.body)).toEqual([
      { callback_query_id: "q70", text: "Подтверждено.", show_alert: false, cache_time: 0 },
    ]);
    expect(await ackedCount(deliveryId)).toBe(1);
    expect(await listener()).toMatchObject({ next_offset: 71, lease: null });
    alerting.laterBy(4_000);
    await alerting.send();
    const edit = telegram.calls.at(-1);
    expect(edit).toMatchObject({ method: "editMessageText", body: { chat_id: chat, message_id: 1 } });
    expect(edit?.body.text).toContain("✅ Подтверждено 20 ноября 2026 г. в 12:00 UTC");
    expect(edit?.body.text).not.toContain("Вера");
    expect(JSON.stringify(edit?.body)).not.toContain("callback_data");
  });

  it("tells a stranger that nothing is acknowledged, and the id to give to an administrator", async () => {
    const deliveryId = await tell();
    updates.waiting = [pressUpdate(5, { from: 999, chat, data: `ack:${deliveryId}` })];
    await listenUntil(() => answers().length > 0);
    expect(answers()[0]?.body).toMatchObject({ show_alert: true, text: expect.stringContaining("999") });
    expect(answers()[0]?.body.text.length).toBeLessThanOrEqual(200);
    expect(await ackedCount(deliveryId)).toBe(0);
  });

  it("counts only for a message of the chat in which it was pressed", async () => {
    const deliveryId = await tell();
    updates.waiting = [
      pressUpdate(5, { from: knownUser, chat: -42, data: `ack:${deliveryId}` }),
      pressUpdate(6, { from: knownUser, chat, data: "ack:nonsense" }),
      { update_id: 7 },
    ];
    await listenUntil(async () => answers().length > 1 && (await listener()).next_offset === 8);
    expect(await ackedCount(deliveryId)).toBe(0);
  });

  it("is not there where the bot is not to be listened to, and nobody listens", async () => {
    await tell({ acknowledge: false });
    expect(telegram.calls[0]?.raw).not.toContain("callback_data");
    const stop = new AbortController();
    const ended = keepListening(alerting.deps, stop.signal);
    await new Promise(resolve => setTimeout(resolve, 300));
    stop.abort();
    await ended;
    expect(updates.asked).toBe(0);
  });
});

describe("the listener of a bot", () => {
  it("is one, however many notifiers there are", async () => {
    await tell();
    await listenUntil(() => updates.asked > 5, 3);
    expect(updates.mostAtOnce).toBe(1);
    expect(
      telegram.calls.filter(call => call.method === "getUpdates").map(call => call.body.offset),
    ).toContain(0);
  });

  it("goes on where the one before it, which died, had come to", async () => {
    const deliveryId = await tell();
    const dead = { lease: newId(), next_offset: 31, leased_until: new Date("2026-11-20T12:00:30Z") };
    const row = { bot: String(botId), listen_at: world.deps.clock(), ...dead };
    await world.db.insertInto("bot_listener").values(row).execute();
    updates.waiting = [
      pressUpdate(30, { from: 999, chat, data: `ack:${deliveryId}` }),
      pressUpdate(31, { from: knownUser, chat, data: `ack:${deliveryId}` }),
    ];
    alerting.laterBy(31_000);
    await listenUntil(() => answers().length > 0);
    expect(answers().map(call => call.body.callback_query_id)).toEqual(["q31"]);
    expect(await ackedCount(deliveryId)).toBe(1);
  });

  it("rests longer each time another program has the bot's ear, and says why", async () => {
    await tell();
    telegram.respond = () => ({
      status: 409,
      ok: false,
      error_code: 409,
      description: "Conflict: terminated",
    });
    const rests: number[] = [];
    for (let n = 0; n < 5; n++) {
      const before = n;
      await listenUntil(async () => {
        const row = await world.db
          .selectFrom("bot_listener")
          .selectAll()
          .where("bot", "=", String(botId))
          .executeTakeFirst();
        return (row?.conflict_count ?? 0) > before;
      });
      const { listen_at } = await listener();
      rests.push((listen_at.getTime() - world.deps.clock().getTime()) / 1000);
      world.setNow(listen_at.toISOString());
    }
    expect(rests).toEqual([5, 30, 120, 600, 600]);
    expect((await listener()).problem).toContain("a bot of its own");
    telegram.respond = ({ body }) => updates.answer(body);
    await listenUntil(async () => (await listener()).problem === null && updates.asked > 0);
  });
});

describe("a group that becomes a supergroup", () => {
  it("is written to by its new id from then on, and the token stays sealed", async () => {
    telegram.respond = ({ body }) =>
      body.chat_id === chat
        ? {
            status: 400,
            ok: false,
            error_code: 400,
            description: "Bad Request: group chat was upgraded to a supergroup chat",
            parameters: { migrate_to_chat_id: -100777 },
          }
        : { ok: true, result: { message_id: 9 } };
    const channelId = await alerting.makeChannel("telegram", {
      settings: { chatId: chat, topicId: 3 },
      secrets: { botToken },
      brandId,
    });
    await alerting.complain(brandId);
    for (let n = 0; n < 2; n++) {
      await alerting.send();
      alerting.laterBy(4_000);
    }
    expect(await deliveriesOf(world, channelId)).toMatchObject([{ state: "delivered", external_id: "9" }]);
    expect(telegram.calls.at(-1)?.body).toMatchObject({ chat_id: -100777, message_thread_id: 3 });
    const stored = await world.db
      .selectFrom("alert_channel")
      .selectAll()
      .where("id", "=", channelId)
      .executeTakeFirstOrThrow();
    expect(stored.settings).toEqual({ chatId: -100777, topicId: 3 });
  });
});
