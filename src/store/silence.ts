import { sql } from "kysely";
import type { RuleTiming } from "#domain/alerts/timing.ts";
import type { Tx } from "./db.ts";
import type { DeliveryRow } from "./delivery.ts";
import { newId } from "./id.ts";

/** What a delivery of a rule has to keep to. */
export interface RuleOfDelivery {
  timing: RuleTiming;
  timezone: string;
}

/** The rule of a delivery as far as it says when to leave; undefined for a delivery of no rule. */
export async function ruleOfDelivery(tx: Tx, ruleId: string): Promise<RuleOfDelivery | undefined> {
  return tx
    .selectFrom("alert_rule")
    .innerJoin("brand", "brand.id", "alert_rule.brand_id")
    .select(["alert_rule.timing", "brand.timezone"])
    .where("alert_rule.id", "=", ruleId)
    .executeTakeFirst();
}

export interface SilencedAlert {
  alertId: string;
  /** Of the silence that covers it longest; null: none does. */
  silenceId: string | null;
  until: Date | null;
}

/** Each alert of a delivery with the silence that covers it longest. */
export async function silencedAlerts(
  tx: Tx,
  { id, channel_id }: Pick<DeliveryRow, "id" | "channel_id">,
  now: Date,
): Promise<SilencedAlert[]> {
  const { rows } = await sql<SilencedAlert>`
    select da.alert_id as "alertId", s.id as "silenceId", s.until
    from delivery_alert da join alert a on a.id = da.alert_id
    left join lateral (
      select s.id, s.until from silence s
      where s.ended_at is null and s.until > ${now}
        and (s.brand_id is null or s.brand_id = a.brand_id) and (s.rule_id is null or s.rule_id = a.rule_id)
        and (s.kind is null or s.kind = a.kind) and (s.source_id is null or s.source_id = a.source_id)
        and (s.channel_id is null or s.channel_id = ${channel_id})
      order by s.until desc, s.id limit 1) s on true
    where da.delivery_id = ${id}`.execute(tx);
  return rows;
}

export async function anySilence(tx: Tx, now: Date): Promise<boolean> {
  const row = await tx
    .selectFrom("silence")
    .select("id")
    .where("ended_at", "is", null)
    .where("until", ">", now)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes silenced alerts out of a delivery that nobody has tried to send, into one that waits for the silence's end. */
export async function splitDelivery(
  tx: Tx,
  delivery: DeliveryRow,
  silenced: readonly SilencedAlert[],
  hold: { until: Date; silenceId: string },
  now: Date,
): Promise<void> {
  const id = newId();
  await sql`
    insert into delivery (id, channel_id, rule_id, escalation, state, next_attempt_at, first_due_at, created_at,
      not_before, held_by, silence_id)
    values (${id}, ${delivery.channel_id}, ${delivery.rule_id}, ${delivery.escalation}, 'waiting', ${hold.until}, ${hold.until},
      ${now}, ${hold.until}, 'silence', ${hold.silenceId})`.execute(tx);
  await sql`
    update delivery_alert set delivery_id = ${id}
    where delivery_id = ${delivery.id} and alert_id = any(${silenced.map(({ alertId }) => alertId)}::uuid[])`.execute(
    tx,
  );
}
