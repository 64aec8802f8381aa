import { setTimeout as sleep } from "node:timers/promises";
import { notifyDue } from "#pipeline/notify.ts";
import type { Alerting } from "#tests/pipeline/alerting.ts";
import { type Platform, type Respond, startPlatform } from "#tests/pipeline/chat-servers.ts";
import type { World } from "#tests/pipeline/world.ts";

/** A message that a platform took or refused, in seconds of the test's clock. */
export interface Seen {
  atSeconds: number;
  status: number;
}

/** Places on this machine whose behaviour follows the test's clock, and notifiers that send to them. */
export interface Flow {
  /** Seconds since the beginning. */
  seconds(): number;
  /** What came to each place, by its first path part. */
  seen: Map<string, Seen[]>;
  platform: Platform;
  /** One second more: `act` makes work, notifiers send, and everything that can be sent is sent. */
  step(act: () => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

/** How a place answers at a second; "reset" breaks the connection, `holdSeconds` answers so much later. */
export type Behaviour = (seconds: number) => {
  status?: number;
  headers?: Record<string, string>;
  body?: object;
  reset?: boolean;
  holdSeconds?: number;
};

export async function openFlow(
  world: World,
  open: (url: string) => Promise<Alerting>,
  behaviours: Record<string, Behaviour>,
): Promise<Flow & { alerting: Alerting }> {
  const beginMs = world.deps.clock().getTime();
  const seconds = () => (world.deps.clock().getTime() - beginMs) / 1_000;
  const seen = new Map<string, Seen[]>(Object.keys(behaviours).map(name => [name, []]));
  const held = new Set<{ untilSeconds: number; release: () => void }>();
  let messageId = 0;
  const respond: Respond = async ({ path }, response) => {
    const name = placeOf(path);
    const { status = 200, headers = {}, body, reset, holdSeconds = 0 } = behaviours[name]?.(seconds()) ?? {};
    seen.get(name)?.push({ atSeconds: seconds(), status: reset ? 0 : status });
    if (reset) {
      response.destroy();
      return null;
    }
    if (holdSeconds > 0)
      await new Promise<void>(release => held.add({ untilSeconds: seconds() + holdSeconds, release }));
    return { status, headers, ...(body ?? { ok: true, result: { message_id: ++messageId } }) };
  };
  const platform = await startPlatform(respond);
  const alerting = await open(platform.url);
  const stop = new AbortController();
  const sending = new Set<Promise<unknown>>();
  const faults: unknown[] = [];
  const send = () => {
    const run = notifyDue(alerting.deps, stop.signal)
      .catch(fault => void faults.push(fault))
      .finally(() => sending.delete(run));
    sending.add(run);
  };
  return {
    seconds,
    seen,
    platform,
    alerting,
    step: async act => {
      await act();
      for (const one of held) {
        if (one.untilSeconds > seconds()) continue;
        held.delete(one);
        one.release();
      }
      await settled(world, {
        // As the tick does: whoever is about to end may not have seen what has just come.
        look: () => {
          if (faults.length > 0) throw faults[0];
          if (sending.size < 2) send();
        },
        heldCount: () => held.size,
      });
      alerting.laterBy(1_000);
    },
    end: async () => {
      for (const { release } of held) release();
      await Promise.all(sending);
      await platform.close();
      await alerting.close();
    },
  };
}

/** The place that a request is for: a webhook's or Slack's own address, else the Bot API. */
const placeOf = (path: string) => (path.startsWith("/bot") ? "telegram" : (path.split("/")[1] ?? ""));

const quietLooks = 3;

/** Waits until nothing is under way but what the receivers hold back, and nothing that may leave is due. */
async function settled(
  world: World,
  { look, heldCount }: { look: () => void; heldCount: () => number },
): Promise<void> {
  for (let quiet = 0, looks = 0; quiet < quietLooks; looks++) {
    look();
    const work = await workOf(world);
    quiet = work.sending <= heldCount() && work.due === 0 ? quiet + 1 : 0;
    if (looks > 1_000)
      throw new Error(`the notifiers do not come to rest: ${JSON.stringify(work)}, ${heldCount()} held`);
    await sleep(15);
  }
}

async function workOf({ db, deps }: World): Promise<{ sending: number; due: number }> {
  const now = deps.clock();
  const rows = await db
    .selectFrom("delivery")
    .innerJoin("alert_channel as c", "c.id", "delivery.channel_id")
    .select(["delivery.state", "delivery.next_attempt_at", "delivery.channel_id", "c.paused_until", "c.kind"])
    .where("delivery.state", "in", ["gathering", "waiting", "sending"])
    .execute();
  const busy = new Set(rows.filter(row => row.state === "sending").map(row => row.channel_id));
  const free = (row: (typeof rows)[number]) => row.paused_until === null || row.paused_until <= now;
  const waits = rows.filter(row => row.next_attempt_at !== null && row.next_attempt_at <= now && free(row));
  // What is behind another message of its own channel, which the receiver holds, is not ours to hurry.
  return {
    sending: rows.length - rows.filter(row => row.state !== "sending").length,
    due: waits.filter(row => !busy.has(row.channel_id)).length,
  };
}

/** The most that came within any stretch of so many seconds, begin included, end not. */
export function mostWithin(seen: readonly Seen[], seconds: number): number {
  return Math.max(
    0,
    ...seen.map(
      ({ atSeconds: from }) => seen.filter(({ atSeconds: at }) => at >= from && at < from + seconds).length,
    ),
  );
}
