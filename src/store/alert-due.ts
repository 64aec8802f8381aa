import { sql } from "kysely";
import type { RuleTiming } from "#domain/alerts/timing.ts";
import type { AlertRuleRow } from "./alert.ts";
import type { Tx } from "./db.ts";

/** Locks one rule that is due to look; those of another tick are left to it. */
export async function lockDueRule(tx: Tx, now: Date): Promise<AlertRuleRow | undefined> {
  return tx
    .selectFrom("alert_rule")
    .selectAll()
    .where("next_look_at", "<=", now)
    .where("enabled", "=", true)
    .where("archived_at", "is", null)
    .orderBy("next_look_at")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

export async function planLook(tx: Tx, ruleId: string, at: Date): Promise<void> {
  await tx.updateTable("alert_rule").set({ next_look_at: at }).where("id", "=", ruleId).execute();
}

export async function keepLearnt(
  tx: Tx,
  ruleId: string,
  learnt: NonNullable<AlertRuleRow["learnt"]>,
): Promise<void> {
  await tx
    .updateTable("alert_rule")
    .set({ learnt: JSON.stringify(learnt) })
    .where("id", "=", ruleId)
    .execute();
}

/** What a rule fired for last; null: it never has. */
export async function lastSubject(tx: Tx, ruleId: string): Promise<string | null> {
  const row = await tx
    .selectFrom("alert")
    .select("subject")
    .where("rule_id", "=", ruleId)
    .orderBy("fired_at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.subject ?? null;
}

/** The last day on which a rule told a fall of ratings, by source. */
export async function toldRatings(tx: Tx, ruleId: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ sourceId: string; day: string }>`
    select source_id as "sourceId", max(reason ->> 'day') as day from alert
    where rule_id = ${ruleId} and source_id is not null group by 1`.execute(tx);
  return new Map(rows.map(({ sourceId, day }) => [sourceId, day]));
}

/** An alert that nobody has acknowledged in time. */
export interface Unanswered {
  id: string;
  ruleId: string;
  escalation: number;
  timing: RuleTiming;
  /** The rule may still fire. */
  living: boolean;
  /** Until when the messages of the last round are held; null when they may leave. */
  heldUntil: Date | null;
}

/** Locks alerts whose next channels are due; those of another tick are left to it. */
export async function lockUnanswered(tx: Tx, now: Date, limit: number): Promise<Unanswered[]> {
  const { rows } = await sql<Unanswered>`
    select a.id, a.rule_id as "ruleId", a.escalation, r.timing, r.enabled and r.archived_at is null as living,
      (select max(d.not_before) from delivery_alert da join delivery d on d.id = da.delivery_id
       where da.alert_id = a.id and d.escalation = a.escalation and d.state in ('gathering', 'waiting')
         and d.not_before > ${now}) as "heldUntil"
    from alert a join alert_rule r on r.id = a.rule_id
    where a.escalate_at <= ${now} and a.acked_at is null
    order by a.escalate_at limit ${limit} for update of a skip locked`.execute(tx);
  return rows;
}

export async function planEscalation(
  tx: Tx,
  alertIds: readonly string[],
  next: { escalateAt: Date | null; escalation: number },
): Promise<void> {
  await tx
    .updateTable("alert")
    .set({ escalate_at: next.escalateAt, escalation: next.escalation })
    .where("id", "in", alertIds)
    .execute();
}

/** Those of these channels that are switched on. */
export async function channelsToTell(
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; kind: string }[]> {
  return tx
    .selectFrom("alert_channel")
    .select(["id", "kind"])
    .where("id", "in", ids)
    .where("enabled", "=", true)
    .where("archived_at", "is", null)
    .orderBy("id")
    .execute();
}
