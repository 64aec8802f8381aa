import { channelKinds, findChannelKind } from "#channels/registry.ts";
import { ifReadable, openSettings } from "#pipeline/channel-settings.ts";
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
import { type Claimed, claimedMs, type NotifyDeps, reportClaimedMs } from "./deps.ts";
import { isReport } from "./report-message.ts";
import { disable } from "./settle.ts";

const unreadable =
  "Its settings cannot be read, as after MOLVA_SECRET_KEY was changed: name the old key in MOLVA_SECRET_KEYS_OLD and test the channel, or give the secrets anew.";

const atOnce = Object.fromEntries(channelKinds.map(kind => [kind.id, kind.atOnce]));

/**
 * Takes what is due and may be sent now; what its chat's budget forbids is due when the budget is free. `putOffCount` is
 * what was due and goes nowhere: it is held, or its channel cannot be read, which stops no other channel.
 */
export async function claimDeliveries(
  deps: NotifyDeps,
): Promise<{ claimed: Claimed[]; putOffCount: number }> {
  const now = deps.clock();
  return inTransaction(deps.db, async tx => {
    await returnLostDeliveries(tx, now);
    const claimed: Claimed[] = [];
    const { free, heldCount } = await lockFreeDeliveries(tx, atOnce, now);
    let unreadableCount = 0;
    for (const delivery of free) {
      const one = await openDelivery(tx, deps, delivery);
      if (one.settings === null) {
        await disable(tx, deps, one, unreadable, now);
        unreadableCount++;
        continue;
      }
      const freeAt = await takeBudget(tx, one, now);
      if (freeAt > now) await updateDelivery(tx, delivery.id, { next_attempt_at: freeAt });
      else claimed.push(await take(tx, one, now));
    }
    return { claimed, putOffCount: heldCount + unreadableCount };
  });
}

/** A delivery with its channel. */
export async function openDelivery(tx: Tx, { secrets }: NotifyDeps, delivery: DeliveryRow): Promise<Claimed> {
  const channel = (await findChannel(tx, delivery.channel_id)) as ChannelRow;
  const settings = ifReadable(() => openSettings(channel, secrets));
  return { delivery, channel, kind: findChannelKind(channel.kind), settings };
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
