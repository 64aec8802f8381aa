import { sql } from "kysely";
import type { Tx } from "./db.ts";
import type { DeliveryRow } from "./delivery.ts";

/** A chat that is so many messages behind gets them as one. */
export const joinFrom = 5;

/** The quiet hours of a rule `r` with the zone of its brand `b`, which says nothing where there are none. */
const quietHours = sql.raw(`
  coalesce(r.timing -> 'quietHours', '[]') as hours,
  case when coalesce(r.timing -> 'quietHours', '[]') <> '[]' then b.timezone end as zone`);

/**
 * Locks what else is due in the channel of a message about to be sent, and was never tried. A message whose attempt
 * fails is held as one, so only rules of the same quiet hours share it: none of their alerts waits for another's night.
 */
export async function lockJoinable(
  tx: Tx,
  { id, channel_id, rule_id }: DeliveryRow,
  now: Date,
): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    with own as (select ${quietHours} from alert_rule r join brand b on b.id = r.brand_id where r.id = ${rule_id})
    select d.* from delivery d
    cross join lateral (select ${quietHours} from alert_rule r join brand b on b.id = r.brand_id where r.id = d.rule_id) its
    join own on own.hours = its.hours and own.zone is not distinct from its.zone
    where d.channel_id = ${channel_id} and d.id <> ${id} and d.state in ('gathering','waiting') and d.attempt_count = 0
      and not d.test and d.next_attempt_at <= ${now}
    order by d.next_attempt_at for update of d skip locked`.execute(tx);
  return rows;
}

/** Moves the alerts of messages that were never tried into another; it belongs to no rule any more if it tells of several brands. */
export async function joinDeliveries(tx: Tx, id: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const others = sql`any(${[...ids]}::uuid[])`;
  await sql`
    insert into delivery_alert (delivery_id, alert_id)
    select distinct ${id}::uuid, alert_id from delivery_alert where delivery_id = ${others}
    on conflict do nothing`.execute(tx);
  await sql`delete from delivery_alert where delivery_id = ${others}`.execute(tx);
  await sql`delete from delivery where id = ${others}`.execute(tx);
  await sql`
    update delivery set rule_id = null where id = ${id} and 1 < (
      select count(distinct a.brand_id) from delivery_alert da join alert a on a.id = da.alert_id where da.delivery_id = ${id})`.execute(
    tx,
  );
}

/** The message of the same rule, sent after `since` and not all acknowledged, whose thread takes the next one. */
export async function findThread(tx: Tx, delivery: DeliveryRow, since: Date): Promise<string | null> {
  if (delivery.rule_id === null) return null;
  const { rows } = await sql<{ id: string }>`
    select d.id from delivery d
    where d.rule_id = ${delivery.rule_id} and d.channel_id = ${delivery.channel_id} and d.state = 'delivered'
      and d.external_id is not null and d.thread_of is null and d.ended_at > ${since}
      and exists (select 1 from delivery_alert da join alert a on a.id = da.alert_id
        where da.delivery_id = d.id and a.acked_at is null)
    order by d.first_due_at desc limit 1`.execute(tx);
  return rows[0]?.id ?? null;
}
