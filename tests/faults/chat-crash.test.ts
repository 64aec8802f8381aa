import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, inject, onTestFinished, test } from "vitest";
import { openAlerting } from "#tests/pipeline/alerting.ts";
import { startPlatform } from "#tests/pipeline/chat-servers.ts";
import { openWorld } from "#tests/pipeline/world.ts";
import { until } from "#tests/queue/backends.ts";
import { expectRepeatsByCrash } from "./checks.ts";
import type { NotifierSetting } from "./notifier.ts";
import { between, randomOf } from "./random.ts";
import type { Arrival } from "./receiver.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);
const kills = Number(process.env["FAULT_CHAT_KILLS"] ?? 8);
/** A dead notifier's message comes back after a minute of the program's time. */
const speed = 30;
const program = fileURLToPath(new URL("notifier.ts", import.meta.url));

/** A notifier that dies on one of its messages; answers when it was dead, by performance.now. */
async function live(setting: NotifierSetting, complaints: string[]): Promise<number> {
  const child = spawn(process.execPath, [program, JSON.stringify(setting)], {
    env: { PATH: process.env["PATH"] ?? "", NODE_COMPILE_CACHE: join(inject("runDir"), "compiled") },
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.on("data", chunk => complaints.push(String(chunk)));
  const end = () => child.kill("SIGKILL");
  onTestFinished(() => void end());
  await once(child, "exit");
  return performance.now();
}

/** The id under which a chat's message tells itself: its footer, the last id of the text. */
const idIn = (raw: string) => raw.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)?.at(-1) ?? "none";

test(`after kill -9 of notifiers every alert is told in both chats, and each crash repeats at most one message of a chat (FAULT_SEED=${seed} FAULT_CHAT_KILLS=${kills})`, {
  timeout: 240_000,
}, async () => {
  const random = randomOf(seed);
  const clock = { sinceMs: Date.now(), speed };
  const world = await openWorld();
  onTestFinished(() => world.close());
  world.deps.clock = () => new Date(clock.sinceMs + (Date.now() - clock.sinceMs) * speed);
  const arrivals: Record<"slack" | "telegram", Arrival[]> = { slack: [], telegram: [] };
  let messageId = 0;
  const platform = await startPlatform(async ({ path, raw, atMs }) => {
    const chat = path.startsWith("/bot") ? "telegram" : "slack";
    arrivals[chat].push({ webhookId: idIn(raw), alertIds: [], atMs, headers: {}, body: raw });
    await sleep(between(random, 0, 30));
    return chat === "telegram" ? { ok: true, result: { message_id: ++messageId } } : { ok: true };
  });
  onTestFinished(() => platform.close());
  const alerting = await openAlerting(world);
  onTestFinished(() => alerting.close());
  const slackId = await alerting.makeChannel("slack", { secrets: { webhookUrl: `${platform.url}/slack` } });
  const telegramId = await alerting.makeChannel("telegram", {
    settings: { chatId: 7, acknowledge: false },
    secrets: { botToken: "1:AA" },
  });
  const brandIds = [await world.makeBrand(), await world.makeBrand()];
  for (const brandId of brandIds) await alerting.makeRule(brandId, [slackId, telegramId]);

  const complaints: string[] = [];
  const deaths: number[] = [];
  let alertCount = 0;
  let isOver = false;
  const trouble = (async () => {
    while (!isOver) {
      const count = between(random, 1, 4);
      await alerting.complain(brandIds[between(random, 0, 1)] as string, count);
      alertCount += count;
      await sleep(150);
    }
  })();
  const databaseUrl = world.database.appUrl;
  const crew = async () => {
    while (deaths.length < kills) {
      const dieAt = { message: between(random, 1, 3), taken: random() < 0.7 };
      deaths.push(await live({ databaseUrl, platformUrl: platform.url, clock, dieAt }, complaints));
    }
  };
  await Promise.all([crew(), crew()]);
  isOver = true;
  await trouble;
  const survivor = live(
    { databaseUrl, platformUrl: platform.url, clock, dieAt: { message: -1, taken: false } },
    complaints,
  );
  survivor.catch(() => {});
  const undelivered = () =>
    world.db.selectFrom("delivery").select("id").where("state", "<>", "delivered").execute();
  await until("all is told", async () => (await undelivered()).length === 0, 90_000);

  expect(complaints.join("")).toBe("");
  for (const [chat, channelId] of [
    ["slack", slackId],
    ["telegram", telegramId],
  ] as const) {
    const rows = await world.db
      .selectFrom("delivery_alert")
      .innerJoin("delivery", "delivery.id", "delivery_alert.delivery_id")
      .select(["delivery.id", "alert_id"])
      .where("channel_id", "=", channelId)
      .execute();
    expect(new Set(rows.map(row => row.alert_id)).size).toBe(alertCount);
    expect(rows).toHaveLength(alertCount);
    // A message of one alert carries the alert's id, a joined one its own.
    const told = [...Map.groupBy(rows, row => row.id)].map(([id, own]) =>
      own.length === 1 ? (own[0]?.alert_id as string) : id,
    );
    expect(new Set(arrivals[chat].map(one => one.webhookId))).toEqual(new Set(told));
    const repeats = expectRepeatsByCrash(arrivals[chat], deaths);
    expect(repeats).toBeLessThanOrEqual(deaths.length);
    console.log(
      `${chat}: ${alertCount} alerts in ${told.length} messages, ${deaths.length} deaths, ${repeats} repeats`,
    );
  }
});
