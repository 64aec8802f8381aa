import { channelsToTell, lockUnanswered, planEscalation, type Unanswered } from "#store/alert-due.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { tellChannel } from "./alerts.ts";
import type { Deps } from "./deps.ts";

const perTick = 500;
const minuteMs = 60_000;

/**
 * Tells the next channels of a rule what nobody has acknowledged in time. The wait begins when the round before
 * could leave: nobody answers a message that quiet hours hold. Returns how many alerts went on.
 */
export const escalateDue = ({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> =>
  inTransaction(db, async tx => {
    const now = clock();
    const due = await lockUnanswered(tx, now, perTick);
    const rounds = Map.groupBy(
      due,
      one => `${one.ruleId}:${one.escalation}:${one.heldUntil?.getTime() ?? 0}`,
    );
    for (const alerts of rounds.values()) await nextRound(tx, alerts, now);
    return due.length;
  });

/** Alerts of one rule that have come equally far. */
async function nextRound(tx: Tx, alerts: readonly Unanswered[], now: Date): Promise<void> {
  const ids = alerts.map(({ id }) => id);
  const [{ ruleId, escalation, timing, living, heldUntil }] = alerts as [Unanswered];
  const steps = timing.escalation ?? [];
  const step = steps[escalation];
  if (!living || step === undefined) return planEscalation(tx, ids, { escalateAt: null, escalation });
  if (heldUntil !== null) {
    const escalateAt = new Date(heldUntil.getTime() + step.afterMinutes * minuteMs);
    return planEscalation(tx, ids, { escalateAt, escalation });
  }
  for (const { id, kind } of await channelsToTell(tx, step.channelIds)) {
    await tellChannel(tx, { ruleId, timing, channelId: id, kind, escalation: escalation + 1 }, ids, now);
  }
  const next = steps[escalation + 1];
  const escalateAt = next === undefined ? null : new Date(now.getTime() + next.afterMinutes * minuteMs);
  await planEscalation(tx, ids, { escalateAt, escalation: escalation + 1 });
}
