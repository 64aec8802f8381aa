import { createNet, type Net } from "#net/client.ts";
import { notifyDue } from "#pipeline/notify.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import type { NotifyDeps } from "#pipeline/sending/deps.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import type { World } from "./world.ts";

const angry = "Ужасная Волна, хамят и обманывают, деньги не вернули. Никому не рекомендую!";

interface ChannelOptions {
  settings?: object;
  secrets: object;
  fullText?: boolean;
  /** A rule of this brand tells it; none when absent. */
  brandId?: string;
  name?: string;
}

/** A world whose alerts go out to places on this machine. */
export interface Alerting {
  deps: NotifyDeps & World["deps"];
  net: Net;
  makeChannel(kind: "slack" | "telegram" | "webhook", options: ChannelOptions): Promise<string>;
  makeRule(brandId: string, channelIds: string[]): Promise<string>;
  /** So many complaints about a brand, in one page of its source or of this one. */
  complain(brandId: string, count?: number, sourceId?: string): Promise<void>;
  send(): Promise<number>;
  laterBy(ms: number): void;
  close(): Promise<void>;
}

export async function openAlerting(
  world: World,
  apis: { telegramApi?: string; slackApi?: string; timeoutMs?: number } = {},
): Promise<Alerting> {
  const net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/0", contact: "https://molva.test/" });
  const nowhere = "http://127.0.0.1:1";
  const deps = {
    ...world.deps,
    net,
    publicUrl: "https://molva.test",
    telegramApi: apis.telegramApi ?? nowhere,
    slackApi: apis.slackApi ?? nowhere,
    ...(apis.timeoutMs === undefined ? {} : { timeoutMs: apis.timeoutMs }),
  };
  const sources = new Map<string, string>();
  let nextItem = 0;
  const times = () => ({ created_at: world.deps.clock(), updated_at: world.deps.clock() });
  const makeRule: Alerting["makeRule"] = async (brandId, channelIds) => {
    const id = newId();
    await world.db
      .insertInto("alert_rule")
      .values({
        id,
        brand_id: brandId,
        kind: "negative-mention",
        name: "Негатив",
        settings: "{}",
        channel_ids: channelIds,
        ...times(),
      })
      .execute();
    return id;
  };
  return {
    deps,
    net,
    makeRule,
    makeChannel: async (kind, { settings = {}, secrets, fullText = false, brandId, name = kind }) => {
      const id = newId();
      await world.db
        .insertInto("alert_channel")
        .values({
          id,
          kind,
          name,
          settings: JSON.stringify(settings),
          secrets: Buffer.from(JSON.stringify(secrets)),
          full_text: fullText,
          ...times(),
        })
        .execute();
      if (brandId !== undefined) await makeRule(brandId, [id]);
      return id;
    },
    complain: async (brandId, count = 1, from) => {
      const sourceId = from ?? sources.get(brandId) ?? (await world.makeSource([brandId]));
      if (from === undefined) sources.set(brandId, sourceId);
      const rows = Array.from({ length: count }, () => {
        const n = nextItem++;
        const author = { id: `u-${n}`, name: "Анна Петрова" };
        const item = pushedItem({ externalId: `i-${n}`, kind: "review", text: `${angry} ${n}`, author });
        return { sourceId, item };
      });
      const options = { trigger: "push", maySee: async () => true, now: world.deps.clock() } as const;
      await inTransaction(world.db, tx => push(tx, world.deps, rows, options));
    },
    send: () => notifyDue(deps, new AbortController().signal),
    laterBy: ms => world.setNow(new Date(world.deps.clock().getTime() + ms).toISOString()),
    close: () => net.close(),
  };
}

/** What a channel was to be told, oldest first. */
export const deliveriesOf = (world: World, channelId: string) =>
  world.db
    .selectFrom("delivery")
    .selectAll()
    .where("channel_id", "=", channelId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
