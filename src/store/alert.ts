import { type Selectable, sql } from "kysely";
import { nextSeq } from "./change.ts";
import type { Tx } from "./db.ts";
import { newId } from "./id.ts";
import { rowsAs } from "./rows.ts";
import type { DB } from "./tables.ts";

export type AlertRuleRow = Selectable<DB["alert_rule"]>;

/** Rules of these kinds and brands that may fire. */
export async function activeRules(
  tx: Tx,
  brandIds: readonly string[],
  kinds: readonly AlertRuleRow["kind"][],
): Promise<AlertRuleRow[]> {
  if (brandIds.length === 0) return [];
  return tx
    .selectFrom("alert_rule")
    .selectAll()
    .where("brand_id", "in", brandIds)
    .where("kind", "in", kinds)
    .where("enabled", "=", true)
    .where("archived_at", "is", null)
    .execute();
}

/** `subject` is what makes a firing unique within its rule. */
export interface AlertInput {
  id: string;
  rule_id: string;
  brand_id: string;
  kind: string;
  subject: string;
  mention_id: string | null;
  case_id: string | null;
  source_id: string | null;
  fired_at: Date;
  reason: Record<string, unknown>;
}

/** Writes firings with their entries in the log and returns those that are new: a rule fires once for a subject. */
export async function insertAlerts(
  tx: Tx,
  rows: readonly AlertInput[],
): Promise<{ id: string; rule_id: string }[]> {
  if (rows.length === 0) return [];
  const shape = `r(id uuid, rule_id uuid, brand_id uuid, kind text, subject text, mention_id uuid, case_id uuid,
    source_id uuid, fired_at timestamptz, reason jsonb)`;
  const { rows: stored } = await sql<{ id: string; rule_id: string }>`
    with fired as (
      insert into alert (id, rule_id, brand_id, kind, subject, mention_id, case_id, source_id, fired_at, reason, escalate_at)
      select r.*, r.fired_at + make_interval(mins => (rule.timing #>> '{escalation,0,afterMinutes}')::int)
      from ${rowsAs(rows, shape)} join alert_rule rule on rule.id = r.rule_id
      on conflict (rule_id, subject) do nothing
      returning id, rule_id, brand_id, fired_at),
    logged as (
      insert into change (seq, at, event, brand_id, subject_id)
      select ${nextSeq}, fired_at, 'alert.fired', brand_id, id from fired)
    select id, rule_id from fired`.execute(tx);
  return stored;
}

/**
 * The channels that are switched on of each of these rules, in one order for all callers; a broken one keeps
 * gathering, so that nothing is lost while it is.
 */
export async function usableChannels(tx: Tx, ruleIds: readonly string[]) {
  return tx
    .selectFrom("alert_rule")
    .innerJoin("alert_channel", join => join.on(sql<boolean>`alert_channel.id = any(alert_rule.channel_ids)`))
    .select([
      "alert_rule.id as ruleId",
      "alert_rule.timing",
      "alert_channel.id as channelId",
      "alert_channel.kind",
    ])
    .where("alert_rule.id", "in", ruleIds)
    .where("alert_channel.enabled", "=", true)
    .where("alert_channel.archived_at", "is", null)
    .where(
      sql<boolean>`(not alert_channel.settings ? 'events' or alert_channel.settings -> 'events' ? 'alert.fired')`,
    )
    .orderBy("alert_rule.id")
    .orderBy("alert_channel.id")
    .execute();
}

/** One delivery for each alert, to be sent at once. */
export async function insertSingleDeliveries(
  tx: Tx,
  rows: readonly { alertId: string; ruleId: string; channelId: string; escalation: number }[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const prepared = rows.map(row => ({ id: newId(), ...row }));
  await sql`
    with made as (
      insert into delivery (id, channel_id, rule_id, escalation, state, next_attempt_at, first_due_at, created_at)
      select id, "channelId", "ruleId", escalation, 'waiting', ${now}, ${now}, ${now}
      from ${rowsAs(prepared, 'r(id uuid, "channelId" uuid, "ruleId" uuid, escalation int)')} returning id)
    insert into delivery_alert (delivery_id, alert_id)
    select made.id, r."alertId" from made join ${rowsAs(prepared, 'r(id uuid, "alertId" uuid)')} on r.id = made.id`.execute(
    tx,
  );
}

/** A rule that goes on talking is joined for no longer than this, unless its own setting says more. */
const longestGroupSeconds = 60;

/**
 * Adds alerts to the delivery that a rule gathers for a channel, opening one if there is none. It is due at
 * once when the last message is older than `groupMs`, else when that time has passed; from the third message
 * within a minute on it gathers twice as long each time.
 */
export async function gatherDelivery(
  tx: Tx,
  target: { ruleId: string; channelId: string; escalation: number; groupMs: number },
  alertIds: readonly string[],
  now: Date,
): Promise<void> {
  await sql`
    with gathering as (
      select id from delivery where rule_id = ${target.ruleId} and channel_id = ${target.channelId}
        and escalation = ${target.escalation} and state = 'gathering' for share),
    begun as (
      insert into delivery (id, channel_id, rule_id, escalation, state, next_attempt_at, first_due_at, created_at)
      select ${newId()}::uuid, ${target.channelId}::uuid, ${target.ruleId}::uuid, ${target.escalation}::int, 'gathering', due, due, ${now}
      from (select greatest(${now}::timestamptz, max(first_due_at) + make_interval(secs => greatest(${target.groupMs / 1000},
              least(${longestGroupSeconds}::int, ${target.groupMs / 1000} * 2 ^ (count(*) filter (where first_due_at > ${now}::timestamptz - interval '1 minute') - 2))))) as due
            from delivery where rule_id = ${target.ruleId} and channel_id = ${target.channelId}
              and first_due_at > ${now}::timestamptz - make_interval(secs => greatest(${target.groupMs / 1000}, 120))) last
      where not exists (select from gathering)
      on conflict (rule_id, channel_id, escalation) where state = 'gathering' do update set rule_id = excluded.rule_id
      returning id)
    insert into delivery_alert (delivery_id, alert_id)
    select id, unnest(${[...alertIds]}::uuid[]) from (select id from gathering union all select id from begun) message
    on conflict do nothing`.execute(tx);
}
