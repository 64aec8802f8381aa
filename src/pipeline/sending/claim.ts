import type { AnyChannelKind } from "#channels/define.ts";
import { channelKinds, findChannelKind } from "#channels/registry.ts";
import { openSettings } from "#pipeline/channel-settings.ts";
import { holdBack, lockFreeDeliveries } from "#pipeline/hold.ts";
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
import { findThread, joinDeliveries, joinFrom, lockJoinable } from "#store/delivery-join.ts";
import { claimedMs, type NotifyDeps, reportClaimedMs } from "./deps.ts";
import { isReport } from "./report-message.ts";

/** A delivery that this process sends, with everything about its channel. */
export interface Claimed {
  delivery: DeliveryRow;
  channel: ChannelRow;
  kind: AnyChannelKind;
  settings: unknown;
}

const atOnce = Object.fromEntries(channelKinds.map(kind => [kind.id, kind.atOnce]));

/** Takes what is due and may be sent now; what its chat's budget forbids is due when the budget is free. */
export async function claimDeliveries(deps: NotifyDeps): Promise<{ claimed: Claimed[]; heldCount: number }> {
  const now = deps.clock();
  return inTransaction(deps.db, async tx => {
    await returnLostDeliveries(tx, now);
    const claimed: Claimed[] = [];
    const { free, heldCount } = await lockFreeDeliveries(tx, atOnce, now);
    for (const delivery of free) {
      const one = await openDelivery(tx, deps, delivery);
      const freeAt = await takeBudget(tx, one, now);
      if (freeAt > now) await updateDelivery(tx, delivery.id, { next_attempt_at: freeAt });
      else claimed.push(await take(tx, one, now));
    }
    return { claimed, heldCount };
  });
}

/** A delivery with its channel. */
export async function openDelivery(tx: Tx, { secrets }: NotifyDeps, delivery: DeliveryRow): Promise<Claimed> {
  const channel = (await findChannel(tx, delivery.channel_id)) as ChannelRow;
  return { delivery, channel, kind: findChannelKind(channel.kind), settings: openSettings(channel, secrets) };
}

/** Takes a place in every budget of the channel, or says when the last of them is free. */
export async function takeBudget(
  tx: Tx,
  { kind, settings }: Pick<Claimed, "kind" | "settings">,
  now: Date,
): Promise<Date> {
  const budgets = kind.budget(settings as never);
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

async function take(tx: Tx, one: Claimed, now: Date): Promise<Claimed> {
  const { delivery, kind, settings } = one;
  const isFirst = delivery.attempt_count === 0;
  const threadMs = kind.threadMs?.(settings as never) ?? 0;
  const changed = {
    state: "sending",
    next_attempt_at: null,
    claimed_until: new Date(now.getTime() + (isReport(delivery) ? reportClaimedMs : claimedMs)),
    attempt_count: delivery.attempt_count + 1,
    thread_of:
      isFirst && threadMs > 0
        ? await findThread(tx, delivery, new Date(now.getTime() - threadMs))
        : delivery.thread_of,
  } as const;
  await updateDelivery(tx, delivery.id, changed);
  if (isFirst && kind.groupMs > 0 && delivery.rule_id !== null) await joinWaiting(tx, delivery, now);
  return { ...one, delivery: { ...delivery, ...changed } };
}

/** A chat that is far behind gets what waits for it of rules with the same quiet hours within the message about to be sent. */
async function joinWaiting(tx: Tx, delivery: DeliveryRow, now: Date): Promise<void> {
  const waiting = await lockJoinable(tx, delivery, now);
  if (waiting.length < joinFrom) return;
  const free: string[] = [];
  for (const other of waiting) if (!(await holdBack(tx, other, now))) free.push(other.id);
  await joinDeliveries(tx, delivery.id, free);
}
