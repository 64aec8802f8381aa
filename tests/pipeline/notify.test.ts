import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createNet, type Net } from "#net/client.ts";
import { notifyDue } from "#pipeline/notify.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { deliveriesOf } from "./alerting.ts";
import { openWorld, type World } from "./world.ts";

const secret = `whsec_${Buffer.from("a secret of twenty-four b").toString("base64")}`;
const signal = new AbortController().signal;
const angry = "Ужасная Волна, хамят и обманывают, деньги не вернули. Никому не рекомендую!";

interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}

let world: World;
let net: Net;
let server: Server;
let baseUrl: string;
let received: Received[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let sourceId: string;
let brandId: string;
let nextItem = 0;

beforeAll(async () => {
  world = await openWorld();
  net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/0", contact: "https://molva.test/" });
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({
      path: request.url ?? "",
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString(),
    });
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await net.close();
  await world.close();
});
beforeEach(async () => {
  received = [];
  answer = (_request, response) => response.writeHead(200).end("ok");
  world.setNow("2026-11-20T12:00:00Z");
  await world.db.updateTable("alert_channel").set({ enabled: false }).execute();
  brandId = await world.makeBrand();
  sourceId = await world.makeSource([brandId]);
});

async function addChannel(kind: "webhook" | "slack" | "telegram", fullText = false): Promise<string> {
  const id = newId();
  const settings = {
    webhook: { open: { url: `${baseUrl}/hook/${++nextItem}` }, hidden: { secret } },
    slack: { open: {}, hidden: { webhookUrl: `${baseUrl}/slack/${++nextItem}` } },
    telegram: { open: { chatId: 7 }, hidden: { botToken: `${++nextItem}23456:AAtoken` } },
  }[kind];
  const now = world.deps.clock();
  await world.db
    .insertInto("alert_channel")
    .values({
      id,
      kind,
      name: kind,
      settings: JSON.stringify(settings.open),
      secrets: Buffer.from(JSON.stringify(settings.hidden)),
      full_text: fullText,
      created_at: now,
      updated_at: now,
    })
    .execute();
  await world.db
    .insertInto("alert_rule")
    .values({
      id: newId(),
      brand_id: brandId,
      kind: "negative-mention",
      name: "Негатив",
      settings: "{}",
      channel_ids: [id],
      created_at: now,
      updated_at: now,
    })
    .execute();
  return id;
}

async function complain(count = 1): Promise<void> {
  const rows = Array.from({ length: count }, () => {
    const author = { id: `u-${nextItem}`, name: "Анна Петрова" };
    return {
      sourceId,
      item: pushedItem({
        externalId: `i-${nextItem++}`,
        kind: "review",
        text: `${angry} ${nextItem}`,
        author,
      }),
    };
  });
  await inTransaction(world.db, tx =>
    push(tx, world.deps, rows, { trigger: "push", maySee: async () => true, now: world.deps.clock() }),
  );
}

const send = () =>
  notifyDue(
    { ...world.deps, net, publicUrl: "https://molva.test", telegramApi: baseUrl, slackApi: baseUrl },
    signal,
  );
const deliveries = (channelId: string) => deliveriesOf(world, channelId);
const laterBy = (ms: number) => world.setNow(new Date(world.deps.clock().getTime() + ms).toISOString());

describe("a webhook", () => {
  it("gets each alert alone, signed, thin, under one id for all attempts", async () => {
    const channelId = await addChannel("webhook");
    answer = (_request, response) => response.writeHead(received.length === 1 ? 500 : 200).end();
    await complain();
    await send();
    laterBy(6_000);
    await send();
    expect(received).toHaveLength(2);
    expect(new Set(received.map(one => one.headers["webhook-id"])).size).toBe(1);
    const [first] = received as [Received];
    expect(first.body).not.toContain("Анна");
    expect(first.body).not.toContain("хамят");
    const signed = { ...first.headers, "webhook-timestamp": first.headers["webhook-timestamp"] as string };
    const skewMs = Date.now() - world.deps.clock().getTime();
    if (Math.abs(skewMs) < 240_000)
      expect(() => new Webhook(secret).verify(first.body, signed)).not.toThrow();
    expect(await deliveries(channelId)).toMatchObject([{ state: "delivered", attempt_count: 2 }]);
  });

  it("that is gone for good is switched off, and what comes after waits for it", async () => {
    const channelId = await addChannel("webhook");
    answer = (_request, response) => response.writeHead(410).end();
    await complain();
    await send();
    await complain();
    await send();
    expect(received).toHaveLength(1);
    expect((await deliveries(channelId)).map(row => row.state)).toEqual(["failed", "waiting"]);
    const channel = await world.db
      .selectFrom("alert_channel")
      .selectAll()
      .where("id", "=", channelId)
      .executeTakeFirstOrThrow();
    expect(channel.broken_why).toBeTruthy();
  });

  it("gets its alerts although another channel's secrets cannot be read, and that one is switched off", async () => {
    const lost = await addChannel("webhook");
    await world.db
      .updateTable("alert_channel")
      .set({ secrets: Buffer.from("sealed with a key that is gone") })
      .where("id", "=", lost)
      .execute();
    await addChannel("webhook");
    await complain();
    await send();
    expect(received.filter(one => one.body.includes("alert.fired"))).toHaveLength(1);
    expect(received.filter(one => one.body.includes("channel.broken"))).toHaveLength(1);
    expect(await deliveries(lost)).toMatchObject([
      { state: "failed", problem: expect.stringContaining("MOLVA_SECRET_KEYS_OLD") },
    ]);
  });

  it("is tried by the published table to its end", async () => {
    const channelId = await addChannel("webhook");
    answer = (_request, response) => response.writeHead(503).end();
    await complain();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      await send();
      const [row] = await deliveries(channelId);
      if (!row?.next_attempt_at) break;
      waits.push(Math.round((row.next_attempt_at.getTime() - world.deps.clock().getTime()) / 1.05));
      world.setNow(row.next_attempt_at.toISOString());
    }
    const seconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    expect(waits).toEqual(seconds.map(second => second * 1_000));
    expect(await deliveries(channelId)).toMatchObject([{ state: "failed", attempt_count: 10 }]);
  });

  it("gets each alert once, however many notifiers send at the same time", async () => {
    await addChannel("webhook");
    answer = (_request, response) => void setTimeout(() => response.writeHead(204).end(), 50);
    await complain(12);
    await Promise.all([send(), send(), send()]);
    const ids = received.map(one => one.headers["webhook-id"]);
    expect(ids).toHaveLength(12);
    expect(new Set(ids).size).toBe(12);
  });

  it("whose sender died gets the alert once more under the same id", async () => {
    const channelId = await addChannel("webhook");
    await complain();
    const stopped = { ...world.deps, db: world.db };
    answer = (_request, response) => void response.destroy();
    await notifyDue(
      { ...stopped, net, publicUrl: "https://molva.test", telegramApi: baseUrl, slackApi: baseUrl },
      signal,
    );
    await world.db
      .updateTable("delivery")
      .set({ state: "sending", next_attempt_at: null, claimed_until: world.deps.clock() })
      .where("channel_id", "=", channelId)
      .execute();
    answer = (_request, response) => response.writeHead(204).end();
    await send();
    expect(new Set(received.map(one => one.headers["webhook-id"])).size).toBe(1);
    expect(await deliveries(channelId)).toMatchObject([{ state: "delivered" }]);
  });
});

describe("a chat", () => {
  it("gets a storm as two messages that count everything", async () => {
    const channelId = await addChannel("slack");
    await complain(1);
    await send();
    for (let n = 0; n < 5; n++) await complain(60);
    await send();
    expect(received).toHaveLength(1);
    laterBy(61_000);
    await send();
    expect(received).toHaveLength(2);
    expect(received[1]?.body).toContain("300");
    expect((await deliveries(channelId)).map(row => row.state)).toEqual(["delivered", "delivered"]);
  });

  it("that asks for a pause is left alone until it is over, and nothing is lost", async () => {
    const channelId = await addChannel("telegram");
    answer = (_request, response) =>
      received.length === 1
        ? response
            .writeHead(429, { "content-type": "application/json" })
            .end('{"ok":false,"error_code":429,"parameters":{"retry_after":35}}')
        : response
            .writeHead(200, { "content-type": "application/json" })
            .end('{"ok":true,"result":{"message_id":5}}');
    await complain();
    await send();
    laterBy(34_000);
    await send();
    expect(received).toHaveLength(1);
    laterBy(30_000);
    await send();
    expect(received).toHaveLength(2);
    expect(await deliveries(channelId)).toMatchObject([{ state: "delivered", external_id: "5" }]);
  });

  it("that became another is told there at once, and one that moves on and on only by the table to its end", async () => {
    const channelId = await addChannel("telegram");
    const json = { "content-type": "application/json" };
    const movedTo = (chatId: number) =>
      JSON.stringify({ ok: false, error_code: 400, parameters: { migrate_to_chat_id: chatId } });
    answer = (_request, response) => response.writeHead(400, json).end(movedTo(-1000 - received.length));
    await complain();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 15; attempt++) {
      await send();
      const [row] = await deliveries(channelId);
      if (!row?.next_attempt_at) break;
      waits.push((row.next_attempt_at.getTime() - world.deps.clock().getTime()) / 1_000);
      world.setNow(new Date(row.next_attempt_at.getTime() + 4_000).toISOString());
    }
    const chats = received.map(one => JSON.parse(one.body).chat_id);
    expect(chats).toEqual([7, ...Array.from({ length: 11 }, (_, n) => -1001 - n)]);
    expect([waits[0], waits.at(-1)].every(wait => (wait as number) < 1)).toBe(true);
    expect(waits.slice(1, -1).every(wait => wait >= 30)).toBe(true);
    expect(await deliveries(channelId)).toMatchObject([
      { state: "failed", attempt_count: 12, problem: expect.stringContaining("supergroup") },
    ]);
  });

  it.each([
    [10, false],
    [1, true],
  ])(
    "that became another at its last attempt, after %i, is told there (a test: %j)",
    async (before, test) => {
      const channelId = await addChannel("telegram");
      const json = { "content-type": "application/json" };
      const moved = JSON.stringify({ ok: false, error_code: 400, parameters: { migrate_to_chat_id: -1001 } });
      answer = (_request, response) =>
        received.length === 1
          ? response.writeHead(400, json).end(moved)
          : response.writeHead(200, json).end('{"ok":true,"result":{"message_id":5}}');
      await complain();
      const given = { attempt_count: before, test };
      await world.db.updateTable("delivery").set(given).where("channel_id", "=", channelId).execute();
      laterBy(60_000);
      await send();
      laterBy(4_000);
      await send();
      expect(received.map(one => JSON.parse(one.body).chat_id)).toEqual([7, -1001]);
      expect(await deliveries(channelId)).toMatchObject([{ state: "delivered", attempt_count: before + 2 }]);
    },
  );

  it("whose test is sent on and on is asked three times", async () => {
    const channelId = await addChannel("telegram");
    const movedTo = (chatId: number) =>
      JSON.stringify({ ok: false, error_code: 400, parameters: { migrate_to_chat_id: chatId } });
    answer = (_request, response) =>
      response.writeHead(400, { "content-type": "application/json" }).end(movedTo(-received.length));
    await complain();
    await world.db.updateTable("delivery").set({ test: true }).where("channel_id", "=", channelId).execute();
    for (let attempt = 0; attempt < 6; attempt++) {
      laterBy(60_000);
      await send();
    }
    expect(received).toHaveLength(3);
    expect(await deliveries(channelId)).toMatchObject([{ state: "failed", attempt_count: 3 }]);
  });

  it("shows the text only where the full text was asked for", async () => {
    await addChannel("slack", true);
    await complain();
    await send();
    expect(received[0]?.body).toContain("хамят");
  });

  it("does not hold up the others when it is slow", async () => {
    const slow = await addChannel("slack");
    const quick = await addChannel("webhook");
    answer = (request, response) => {
      if (request.url?.startsWith("/slack")) setTimeout(() => response.writeHead(200).end("ok"), 1_500);
      else response.writeHead(200).end();
    };
    await complain();
    const sending = send();
    await expect
      .poll(() => received.some(one => one.path.startsWith("/hook")), { timeout: 1_000 })
      .toBe(true);
    await sending;
    expect((await deliveries(slow))[0]?.state).toBe("delivered");
    expect((await deliveries(quick))[0]?.state).toBe("delivered");
  });
});
