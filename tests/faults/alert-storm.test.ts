import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAlerting } from "#tests/pipeline/alerting.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { type Flow, mostWithin, openFlow } from "./flow.ts";

const alertCount = 1_000;
const stormSeconds = 60;
/** Brands of one team: their rules talk into the same two chats, and to one program. */
const brandCount = 3;
const secret = `whsec_${randomBytes(32).toString("base64")}`;

let world: World;
let flow: Flow;
let channelIds: Record<"slack" | "telegram" | "webhook", string>;
let late: number;

/** So many of the alerts fall into a second that the last one brings them to `alertCount`. */
const inSecond = (second: number) =>
  Math.floor(((second + 1) * alertCount) / stormSeconds) - Math.floor((second * alertCount) / stormSeconds);

beforeAll(async () => {
  world = await openWorld();
  const opened = await openFlow(world, url => openAlerting(world, { telegramApi: url, slackApi: url }), {
    webhook: () => ({ status: 204 }),
    slack: () => ({}),
    telegram: () => ({}),
  });
  flow = opened;
  const { alerting } = opened;
  const { url } = opened.platform;
  channelIds = {
    webhook: await alerting.makeChannel("webhook", {
      settings: { url: `${url}/webhook` },
      secrets: { secret },
    }),
    slack: await alerting.makeChannel("slack", { secrets: { webhookUrl: `${url}/slack` } }),
    telegram: await alerting.makeChannel("telegram", {
      settings: { chatId: -100, acknowledge: false },
      secrets: { botToken: "1:AA" },
    }),
  };
  const brandIds: string[] = [];
  for (let n = 0; n < brandCount; n++) {
    const brandId = await world.makeBrand();
    brandIds.push(brandId);
    await alerting.makeRule(brandId, Object.values(channelIds));
  }
  late = 0;
  for (let second = 0; second < 3 * stormSeconds; second++) {
    await opened.step(async () => {
      if (second >= stormSeconds) return;
      const brandId = brandIds[second % brandCount] as string;
      await alerting.complain(brandId, inSecond(second));
    });
    late += await waitingFor(channelIds.webhook);
    if (second >= stormSeconds && (await waitingFor()) === 0) break;
  }
}, 400_000);

afterAll(async () => {
  await flow.end();
  await world.close();
});

/** Deliveries of a channel, or of all, that have not come yet. */
async function waitingFor(channelId?: string): Promise<number> {
  let query = world.db
    .selectFrom("delivery")
    .select(eb => eb.fn.countAll<number>().as("count"))
    .where("state", "<>", "delivered");
  if (channelId !== undefined) query = query.where("channel_id", "=", channelId);
  return (await query.executeTakeFirstOrThrow()).count;
}

const seen = (name: string) => flow.seen.get(name) ?? [];
const numbersIn = (text: string) => [...text.matchAll(/\d+/g)].map(Number);

describe(`${alertCount} negatives in a minute`, () => {
  test("are at most 20 messages in a Telegram group and 60 in Slack, at the pace that each allows", () => {
    expect(seen("telegram").length).toBeLessThanOrEqual(20);
    expect(seen("slack").length).toBeLessThanOrEqual(60);
    expect(mostWithin(seen("slack"), 1)).toBe(1);
  });

  test("are all told in every channel, each once", async () => {
    for (const channelId of Object.values(channelIds)) {
      const { told, alerts } = await world.db
        .selectFrom("delivery_alert")
        .innerJoin("delivery", "delivery.id", "delivery_alert.delivery_id")
        .select(eb => [
          eb.fn.countAll<number>().as("told"),
          eb.fn.count<number>("alert_id").distinct().as("alerts"),
        ])
        .where("channel_id", "=", channelId)
        .where("state", "=", "delivered")
        .executeTakeFirstOrThrow();
      expect([told, alerts]).toEqual([alertCount, alertCount]);
    }
  });

  test("are counted in the very words of the messages", () => {
    for (const [name, isOf] of [
      ["telegram", /^\/bot/],
      ["slack", /^\/slack/],
    ] as const) {
      const titles = flow.platform.calls
        .filter(call => isOf.test(call.path))
        .map(
          ({ body }) => (name === "slack" ? body.blocks[0].text.text : body.text.split("\n")[0]) as string,
        );
      const counts = titles.map(title => numbersIn(title.replaceAll(/\s(?=\d)/g, ""))[0] ?? 1);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(alertCount);
    }
  });

  test("reach a program one by one, each in the second in which it fired", () => {
    expect(seen("webhook")).toHaveLength(alertCount);
    expect(late).toBe(0);
  });
});
