import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { createNet } from "#net/client.ts";
import { notifyDue } from "#pipeline/notify.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import type { NotifyDeps } from "#pipeline/sending/deps.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { type Figure, load, makeBrand, makeSource, openStage, quantile, type Stage } from "./stage.ts";

const alertCount = 1_000;
const angry = "Ужасная Волна, хамят и обманывают, деньги не вернули. Никому не рекомендую!";
const secrets: NotifyDeps["secrets"] = { seal: one => Buffer.from(one), open: sealed => sealed.toString() };

/** What came to the receivers: messages of each chat, and how long each alert of the webhook was on its way. */
interface Came {
  slack: number;
  telegram: number;
  webhookMs: number[];
  url: string;
  close(): void;
}

async function receive(): Promise<Came> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const path = request.url ?? "";
    if (path.startsWith("/bot")) came.telegram++;
    else if (path.startsWith("/slack")) came.slack++;
    else {
      const { data } = JSON.parse(body) as { data: { alerts: { firedAt: string }[] } };
      for (const { firedAt } of data.alerts) came.webhookMs.push(Date.now() - Date.parse(firedAt));
    }
    response.writeHead(200).end('{"ok":true,"result":{"message_id":1}}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const came: Came = { slack: 0, telegram: 0, webhookMs: [], url, close: () => void server.close() };
  return came;
}

async function makeChannels({ db }: Stage, url: string): Promise<string[]> {
  const now = new Date();
  const kinds = [
    {
      kind: "webhook",
      settings: { url: `${url}/hook` },
      hidden: { secret: `whsec_${randomBytes(32).toString("base64")}` },
    },
    { kind: "slack", settings: {}, hidden: { webhookUrl: `${url}/slack` } },
    { kind: "telegram", settings: { chatId: -100, acknowledge: false }, hidden: { botToken: "1:AA" } },
  ] as const;
  const rows = kinds.map(({ kind, settings, hidden }) => ({
    id: newId(),
    kind,
    name: kind,
    settings: JSON.stringify(settings),
    secrets: Buffer.from(JSON.stringify(hidden)),
    created_at: now,
    updated_at: now,
  }));
  await db.insertInto("alert_channel").values(rows).execute();
  return rows.map(row => row.id);
}

/**
 * A thousand negatives within `seconds`, told to a webhook, a Slack channel and a Telegram group at once: how long
 * the webhook waits from the firing, storing included, and how many messages the chats get.
 */
export async function benchAlertStorm(seconds: number): Promise<Figure[]> {
  const stage = await openStage();
  const came = await receive();
  const net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/bench", contact: "" });
  const log = { info: () => {}, warn: () => {}, error: console.error };
  const api = { telegramApi: came.url, slackApi: came.url, publicUrl: "https://molva.example" };
  const deps: NotifyDeps = {
    db: stage.db,
    clock: () => new Date(),
    random: Math.random,
    log,
    secrets,
    net,
    ...api,
  };
  try {
    const brandId = await makeBrand(stage.db, "волна");
    const sourceId = await makeSource(stage.db, brandId, "push", { match: "query" });
    const channelIds = await makeChannels(stage, came.url);
    const rule = {
      id: newId(),
      brand_id: brandId,
      kind: "negative-mention",
      name: "negative",
      settings: "{}",
    } as const;
    const times = { created_at: new Date(), updated_at: new Date() };
    await stage.db
      .insertInto("alert_rule")
      .values({ ...rule, channel_ids: channelIds, ...times })
      .execute();
    const stop = new AbortController();
    const notifier = (async () => {
      while (!stop.signal.aborted) {
        await notifyDue(deps, stop.signal);
        await sleep(50);
      }
    })();
    const everyMs = (seconds * 1_000) / 100;
    const begunMs = performance.now();
    for (let page = 0; page < 100; page++) {
      await pushTen(stage, sourceId, page);
      await sleep(Math.max(0, begunMs + (page + 1) * everyMs - performance.now()));
    }
    for (let waitedMs = 0; waitedMs < 120_000 && (await isWaiting(stage)); waitedMs += 200) await sleep(200);
    const inMinute = { slack: came.slack, telegram: came.telegram };
    stop.abort();
    await notifier;
    const name = `storm: ${alertCount} negatives in ${seconds} s`;
    const lost = alertCount - came.webhookMs.length;
    return [
      {
        name: `${name}, webhook p95 from firing`,
        unit: "ms",
        result: quantile(came.webhookMs, 0.95),
        target: 5_000,
        more: false,
        note: load(),
      },
      {
        name: `${name}, Telegram messages`,
        unit: "messages",
        result: inMinute.telegram,
        target: 20,
        more: false,
      },
      { name: `${name}, Slack messages`, unit: "messages", result: inMinute.slack, target: 60, more: false },
      {
        name: `${name}, alerts that the webhook lacks`,
        unit: "alerts",
        result: lost,
        target: 0,
        more: false,
      },
    ];
  } finally {
    await net.close();
    came.close();
    await stage.close();
  }
}

async function pushTen({ db, tools }: Stage, sourceId: string, page: number): Promise<void> {
  const rows = Array.from({ length: alertCount / 100 }, (_, n) => {
    const externalId = `${page}-${n}`;
    const author = { id: `u-${externalId}`, name: "Анна" };
    return {
      sourceId,
      item: pushedItem({ externalId, kind: "review", text: `${angry} ${externalId}`, author }),
    };
  });
  const options = { trigger: "push", maySee: async () => true, now: new Date() } as const;
  await inTransaction(db, tx => push(tx, tools, rows, options));
}

async function isWaiting({ db }: Stage): Promise<boolean> {
  const row = await db
    .selectFrom("delivery")
    .select("id")
    .where("state", "<>", "delivered")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
