import { holdOf } from "#domain/alerts/timing.ts";
import type { Tx } from "#store/db.ts";
import { type DeliveryRow, lockDueDeliveries, unheld, updateDelivery } from "#store/delivery.ts";
import {
  anySilence,
  rulesOfDelivery,
  type SilencedAlert,
  silencedAlerts,
  splitDelivery,
} from "#store/silence.ts";

/** Locks what is due and may leave, and says how much of what is due was held back. */
export async function lockFreeDeliveries(
  tx: Tx,
  atOnce: Readonly<Record<string, number>>,
  now: Date,
): Promise<{ free: DeliveryRow[]; heldCount: number }> {
  const due = await lockDueDeliveries(tx, atOnce, now);
  const free: DeliveryRow[] = [];
  for (const delivery of due) if (!(await holdBack(tx, delivery, now))) free.push(delivery);
  return { free, heldCount: due.length - free.length };
}

/**
 * Holds a due delivery back where a silence or its rules want it so, and says whether it did. Every message
 * passes here on its way out, so what is asked for later also counts for what waits already. A delivery that is
 * held goes on gathering, unless what comes next may be none of the silence's. What has been tried was in no digest's
 * way any more.
 */
export async function holdBack(tx: Tx, delivery: DeliveryRow, now: Date): Promise<boolean> {
  const rules = await rulesOfDelivery(tx, delivery);
  if (rules.length === 0) return false;
  const silence = await silenceOf(tx, delivery, now);
  const gathers = delivery.escalation === 0 && delivery.attempt_count === 0;
  const hold =
    silence === null
      ? holdOf(rules, { now, gatheredSince: gathers ? delivery.created_at : null })
      : { until: silence.until, by: "silence" as const };
  if (hold === null) {
    if (delivery.held_by !== null) await updateDelivery(tx, delivery.id, unheld);
    return false;
  }
  await updateDelivery(tx, delivery.id, {
    next_attempt_at: hold.until,
    not_before: hold.until,
    held_by: hold.by,
    silence_id: silence?.silenceId ?? null,
    ...(silence?.ofSource === true ? { state: "waiting" } : {}),
  });
  return true;
}

/**
 * The silence that covers a whole delivery, until it no longer covers all of it. Where it covers a part, that
 * part is taken out to wait, and the rest may leave.
 */
async function silenceOf(tx: Tx, delivery: DeliveryRow, now: Date): Promise<Silenced | null> {
  if (!(await anySilence(tx, now))) return null;
  const alerts = await silencedAlerts(tx, delivery, now);
  const silenced = alerts.filter(isSilenced).toSorted((a, b) => a.until.getTime() - b.until.getTime());
  const [first] = silenced;
  if (first === undefined) return null;
  if (silenced.length === alerts.length) return first;
  if (delivery.attempt_count === 0) await splitDelivery(tx, delivery, silenced, first, now);
  return null;
}

type Silenced = SilencedAlert & { silenceId: string; until: Date };

const isSilenced = (alert: SilencedAlert): alert is Silenced =>
  alert.until !== null && alert.silenceId !== null;
