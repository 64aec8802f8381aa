import { sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DeliveryRow } from "./delivery.ts";

const atOnce = 20;

/** Sent messages all of whose alerts are acknowledged by now are due to be rewritten; others stay as they are. */
export async function dueEdits(tx: Tx, deliveryIds: readonly string[], now: Date): Promise<void> {
  if (deliveryIds.length === 0) return;
  await sql`
    update delivery d set edit_at = ${now}, edit_count = 0
    where d.id = any(${[...deliveryIds]}::uuid[]) and d.state = 'delivered' and d.external_id is not null
      and exists (select 1 from delivery_alert where delivery_id = d.id)
      and not exists (select 1 from delivery_alert da join alert a on a.id = da.alert_id
        where da.delivery_id = d.id and a.acked_at is null)`.execute(tx);
}

/** The messages that tell of any of these alerts. */
export async function deliveriesOf(tx: Tx, alertIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct delivery_id as id from delivery_alert where alert_id = any(${[...alertIds]}::uuid[])`.execute(
    tx,
  );
  return rows.map(row => row.id);
}

/** Takes messages whose rewriting is due; it is due again after `again`, unless it was done by then. */
export async function claimEdits(tx: Tx, now: Date, again: Date): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    update delivery set edit_at = ${again}, edit_count = edit_count + 1
    where id in (select d.id from delivery d join alert_channel c on c.id = d.channel_id
      where d.edit_at <= ${now} and c.enabled and c.archived_at is null and c.broken_since is null
      order by d.edit_at limit ${atOnce} for update of d skip locked)
    returning *`.execute(tx);
  return rows;
}

export async function setEditAt(tx: Tx, id: string, at: Date | null): Promise<void> {
  await tx.updateTable("delivery").set({ edit_at: at }).where("id", "=", id).execute();
}

/** When the last alert of a message was acknowledged, and by whom; null while one is not. */
export async function ackOf(db: Db, deliveryId: string): Promise<{ at: Date; by: string | null } | null> {
  const { rows } = await sql<{ at: Date | null; by: string | null }>`
    select a.acked_at as at, p.name as by from delivery_alert da join alert a on a.id = da.alert_id
    left join person p on p.id = a.acked_by
    where da.delivery_id = ${deliveryId} order by a.acked_at desc nulls first limit 1`.execute(db);
  const [last] = rows;
  return last?.at ? { at: last.at, by: last.by } : null;
}
