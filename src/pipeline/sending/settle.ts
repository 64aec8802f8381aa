import type { Verdict } from "#channels/define.ts";
import { insertNotices, noteAnswer, noteFailure, setBroken } from "#store/channel-health.ts";
import type { Tx } from "#store/db.ts";
import { mergeSettings, updateDelivery, useBudget } from "#store/delivery.ts";
import { dueEdits } from "#store/delivery-edit.ts";
import type { Claimed, NotifyDeps } from "./deps.ts";

/** Retries of many deliveries must not meet again. */
const jitterShare = 0.1;
/** A channel that has only failed for so long is switched off. */
const failingMostMs = 5 * 86_400_000;

/** Stores what an attempt means for the delivery and for its channel. */
export async function settle(
  tx: Tx,
  deps: NotifyDeps,
  one: Claimed,
  verdict: Verdict,
  now: Date,
): Promise<void> {
  if (isSilence(verdict)) {
    const { failingSince } = await noteFailure(tx, one.channel.id, now);
    const isOver = failingSince !== null && now.getTime() - failingSince.getTime() >= failingMostMs;
    if (isOver)
      return disable(tx, deps, one, `Every attempt of five days has failed. ${verdict.problem}`, now);
  } else if (verdict.kind !== "disable") await noteAnswer(tx, one.channel.id, now);
  await settleDelivery(tx, deps, one, verdict, now);
}

/** Whether nobody sensible answered; who says "later" is there. */
const isSilence = (verdict: Verdict): verdict is Verdict & { kind: "retry" } =>
  verdict.kind === "retry" && !(verdict.pausesAll && verdict.afterMs !== null);

async function settleDelivery(
  tx: Tx,
  deps: NotifyDeps,
  one: Claimed,
  verdict: Verdict,
  now: Date,
): Promise<void> {
  const { delivery, channel } = one;
  const repeat = { state: "waiting", claimed_until: null, next_attempt_at: now } as const;
  switch (verdict.kind) {
    case "delivered":
      await end(tx, one, { state: "delivered", externalId: verdict.externalId, problem: null }, now);
      if (channel.broken_since !== null) await setBroken(tx, channel.id, null, now);
      // What was acknowledged elsewhere while it was on its way says so at once.
      await dueEdits(tx, [delivery.id], now);
      return;
    case "retry":
      return retry(tx, deps, one, verdict, now);
    case "disable":
      return disable(tx, deps, one, verdict.problem, now);
    case "again":
      await mergeSettings(tx, channel.id, verdict.settings, now);
      if (!isRepeatedAtOnce(one)) return retry(tx, deps, one, laterOf(verdict), now);
      await updateDelivery(tx, delivery.id, { ...repeat, problem: verdict.problem });
      return;
    case "plain":
      await updateDelivery(tx, delivery.id, { ...repeat, plain: true, problem: verdict.problem });
      return;
    case "unthreaded":
      // A message in no thread that is refused for its thread would be sent for ever.
      if (delivery.thread_of === null)
        return end(tx, one, { state: "failed", externalId: null, problem: verdict.problem }, now);
      await updateDelivery(tx, delivery.id, { ...repeat, thread_of: null, problem: verdict.problem });
      return;
    case "failed":
      await end(tx, one, { state: "failed", externalId: null, problem: verdict.problem }, now);
  }
}

/**
 * A receiver that sends us on and on would be asked without end, so only two attempts are repeated at once: the first, and
 * the last, after which nothing would be sent to where it is now.
 */
function isRepeatedAtOnce({ delivery, kind }: Claimed): boolean {
  const last = delivery.test ? 2 : kind.retriesMs.length + 1;
  return delivery.attempt_count === 1 || delivery.attempt_count === last;
}

const laterOf = ({ problem }: Verdict & { kind: "again" }) =>
  ({ kind: "retry", afterMs: null, problem, pausesAll: false }) as const;

interface End {
  state: "delivered" | "failed";
  externalId: string | null;
  problem: string | null;
}

async function end(tx: Tx, { delivery }: Claimed, { state, externalId, problem }: End, now: Date) {
  const over = { claimed_until: null, next_attempt_at: null, ended_at: now };
  await updateDelivery(tx, delivery.id, { ...over, state, external_id: externalId, problem });
}

/** The channel takes nothing any more: this message has failed, the others wait, and others are told. */
export async function disable(
  tx: Tx,
  deps: NotifyDeps,
  one: Claimed,
  problem: string,
  now: Date,
): Promise<void> {
  const { delivery, channel } = one;
  await setBroken(tx, channel.id, problem, now);
  await end(tx, one, { state: "failed", externalId: null, problem }, now);
  // Whoever tests a channel reads the answer; a channel that was broken before has been told of.
  if (delivery.test || channel.broken_since !== null) return;
  const notice = {
    kind: "channel-broken",
    channelId: channel.id,
    channelName: channel.name,
    problem,
  } as const;
  const told = await insertNotices(tx, notice, now);
  deps.log.warn({ channelId: channel.id, problem, told }, "channel broken");
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
    for (const { key } of kind.budget(settings as never))
      await useBudget(tx, key, new Date(now.getTime() + verdict.afterMs));
  }
  const tableMs = kind.retriesMs[delivery.attempt_count - 1];
  if (tableMs === undefined || delivery.test)
    return end(tx, one, { state: "failed", externalId: null, problem: verdict.problem }, now);
  const waitMs = Math.max(verdict.afterMs ?? 0, tableMs) * (1 + jitterShare * random());
  await updateDelivery(tx, delivery.id, {
    state: "waiting",
    claimed_until: null,
    next_attempt_at: new Date(now.getTime() + waitMs),
    problem: verdict.problem,
  });
}
