import type { AnyChannelKind, Verdict } from "#channels/define.ts";
import { findChannelKind } from "#channels/registry.ts";
import { MolvaError } from "#domain/errors.ts";
import type { Net } from "#net/client.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import {
  type ChannelRow,
  type DeliveryRow,
  findChannel,
  lockBudgets,
  returnLostDeliveries,
  updateDelivery,
  useBudget,
} from "#store/delivery.ts";
import { openSettings } from "./channel-settings.ts";
import type { Deps } from "./deps.ts";
import { lockFreeDeliveries } from "./hold.ts";
import { messageOf } from "./message.ts";

export type NotifyDeps = Pick<Deps, "db" | "clock" | "random" | "log" | "secrets"> & {
  net: Net;
  publicUrl: string;
  telegramApi: string;
};

/** A sender that says nothing for this long is dead; longer than any attempt takes. */
const sendingMs = 60_000;
const timeoutMs = 15_000;
/** Retries of many deliveries must not meet again. */
const jitterShare = 0.1;

/** Sends what is due until nothing is; returns how many attempts were made. */
export async function notifyDue(deps: NotifyDeps, signal: AbortSignal): Promise<number> {
  let sent = 0;
  while (!signal.aborted) {
    const { claimed, heldCount } = await claim(deps);
    if (claimed.length === 0 && heldCount === 0) break;
    await Promise.all(claimed.map(delivery => sendOne(deps, delivery, signal)));
    sent += claimed.length;
  }
  return sent;
}

interface Claimed {
  delivery: DeliveryRow;
  channel: ChannelRow;
  kind: AnyChannelKind;
  settings: unknown;
}

async function claim(deps: NotifyDeps): Promise<{ claimed: Claimed[]; heldCount: number }> {
  const now = deps.clock();
  return inTransaction(deps.db, async tx => {
    await returnLostDeliveries(tx, now);
    const claimed: Claimed[] = [];
    const { free, heldCount } = await lockFreeDeliveries(tx, now);
    for (const delivery of free) {
      const one = await open(tx, deps, delivery);
      const freeAt = await takeBudget(tx, one, now);
      if (freeAt > now) {
        await updateDelivery(tx, delivery.id, { next_attempt_at: freeAt });
        continue;
      }
      await updateDelivery(tx, delivery.id, {
        state: "sending",
        next_attempt_at: null,
        claimed_until: new Date(now.getTime() + sendingMs),
        attempt_count: delivery.attempt_count + 1,
      });
      claimed.push({ ...one, delivery: { ...delivery, attempt_count: delivery.attempt_count + 1 } });
    }
    return { claimed, heldCount };
  });
}

async function open(tx: Tx, { secrets }: NotifyDeps, delivery: DeliveryRow): Promise<Claimed> {
  const channel = (await findChannel(tx, delivery.channel_id)) as ChannelRow;
  return { delivery, channel, kind: findChannelKind(channel.kind), settings: openSettings(channel, secrets) };
}

/** Takes a place in every budget of the channel, or says when the last of them is free. */
async function takeBudget(tx: Tx, { kind, settings }: Claimed, now: Date): Promise<Date> {
  const budgets = kind.budget(settings);
  const freeAt = await lockBudgets(
    tx,
    budgets.map(({ key }) => key),
    now,
  );
  const latest = [...freeAt.values()].reduce((a, b) => (a > b ? a : b), now);
  if (latest <= now) {
    for (const { key, everyMs } of budgets) await useBudget(tx, key, new Date(now.getTime() + everyMs));
  }
  return latest;
}

async function sendOne(deps: NotifyDeps, one: Claimed, signal: AbortSignal): Promise<void> {
  const { delivery, channel, kind } = one;
  const startedMs = performance.now();
  const attempt = await exchange(deps, one, signal);
  const durationMs = Math.round(performance.now() - startedMs);
  const now = deps.clock();
  await inTransaction(deps.db, async tx => {
    await tx
      .insertInto("delivery_attempt")
      .values({
        delivery_id: delivery.id,
        attempt: delivery.attempt_count,
        at: now,
        status: attempt.status,
        answer: attempt.answer,
        problem: "problem" in attempt.verdict ? attempt.verdict.problem : null,
        duration_ms: durationMs,
      })
      .onConflict(oc => oc.doNothing())
      .execute();
    await settle(tx, deps, one, attempt.verdict, now);
  });
  deps.log.info(
    {
      deliveryId: delivery.id,
      channelId: channel.id,
      kind: kind.id,
      attempt: delivery.attempt_count,
      status: attempt.status,
      verdict: attempt.verdict.kind,
      durationMs,
    },
    "delivery",
  );
}

/** Kept of an answer for people to read. */
const keptAnswer = 2_000;

async function exchange(
  deps: NotifyDeps,
  { delivery, channel, kind, settings }: Claimed,
  signal: AbortSignal,
) {
  const now = deps.clock();
  const plain = delivery.plain;
  try {
    const message = await messageOf(deps.db, delivery, {
      publicUrl: deps.publicUrl,
      fullText: channel.full_text,
      now,
    });
    const request = kind.request(message, settings, { now, plain, telegramApi: deps.telegramApi });
    const reply = await deps.net.post({
      url: request.url,
      headers: request.headers,
      body: request.body,
      signal,
      timeoutMs,
    });
    const verdict = kind.verdict(reply, settings, { now: deps.clock(), plain });
    return { status: reply.status, answer: storable(reply.body), verdict };
  } catch (error) {
    return { status: null, answer: null, verdict: verdictOfFault(error, deps) };
  }
}

const storable = (text: string) => text.replaceAll("\0", "").slice(0, keptAnswer).toWellFormed();

/** A refused address never becomes right by waiting; any other fault may. */
function verdictOfFault(error: unknown, { log }: NotifyDeps): Verdict {
  if (error instanceof MolvaError) {
    if (error.retry === "never") return { kind: "disable", problem: error.message };
    return { kind: "retry", afterMs: null, problem: error.message, pausesAll: false };
  }
  log.error({ err: error }, "delivery attempt failed");
  return {
    kind: "retry",
    afterMs: null,
    problem: "Molva failed to send; the log has the cause",
    pausesAll: false,
  };
}

async function settle(tx: Tx, deps: NotifyDeps, one: Claimed, verdict: Verdict, now: Date): Promise<void> {
  const { delivery, channel } = one;
  const ended = { claimed_until: null, next_attempt_at: null, ended_at: now };
  const repeat = { state: "waiting", claimed_until: null, next_attempt_at: now } as const;
  switch (verdict.kind) {
    case "delivered":
      await updateDelivery(tx, delivery.id, {
        ...ended,
        state: "delivered",
        external_id: verdict.externalId,
        problem: null,
      });
      if (channel.broken_since !== null) await setBroken(tx, channel.id, null, now);
      return;
    case "retry":
      return retry(tx, deps, one, verdict, now);
    case "disable":
      await setBroken(tx, channel.id, verdict.problem, now);
      await updateDelivery(tx, delivery.id, { ...ended, state: "failed", problem: verdict.problem });
      return;
    case "again":
      await keepSettings(tx, channel, verdict.settings, now);
      await updateDelivery(tx, delivery.id, { ...repeat, problem: verdict.problem });
      return;
    case "plain":
      await updateDelivery(tx, delivery.id, { ...repeat, plain: true, problem: verdict.problem });
      return;
    case "failed":
      await updateDelivery(tx, delivery.id, { ...ended, state: "failed", problem: verdict.problem });
  }
}

async function retry(
  tx: Tx,
  { random }: NotifyDeps,
  one: Claimed,
  verdict: Verdict & { kind: "retry" },
  now: Date,
): Promise<void> {
  const { delivery, kind, settings } = one;
  if (verdict.pausesAll && verdict.afterMs !== null) {
    for (const { key } of kind.budget(settings))
      await useBudget(tx, key, new Date(now.getTime() + verdict.afterMs));
  }
  const tableMs = kind.retriesMs[delivery.attempt_count - 1];
  if (tableMs === undefined || delivery.test) {
    await updateDelivery(tx, delivery.id, {
      state: "failed",
      claimed_until: null,
      ended_at: now,
      problem: verdict.problem,
    });
    return;
  }
  const waitMs = Math.max(verdict.afterMs ?? 0, tableMs) * (1 + jitterShare * random());
  await updateDelivery(tx, delivery.id, {
    state: "waiting",
    claimed_until: null,
    next_attempt_at: new Date(now.getTime() + waitMs),
    problem: verdict.problem,
  });
}

async function setBroken(tx: Tx, channelId: string, why: string | null, now: Date): Promise<void> {
  await tx
    .updateTable("alert_channel")
    .set({ broken_since: why === null ? null : now, broken_why: why, updated_at: now })
    .where("id", "=", channelId)
    .execute();
}

/** What the platform told us to use from now on; none of it is secret. */
async function keepSettings(
  tx: Tx,
  channel: ChannelRow,
  changed: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("alert_channel")
    .set({ settings: JSON.stringify({ ...channel.settings, ...changed }), updated_at: now })
    .where("id", "=", channel.id)
    .execute();
}
