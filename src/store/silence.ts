import { type Selectable, sql } from "kysely";
import type { TimedRule } from "#domain/alerts/timing.ts";
import type { Db, Tx } from "./db.ts";
import type { DeliveryRow } from "./delivery.ts";
import { newId } from "./id.ts";
import type { DB } from "./tables.ts";

export type SilenceRow = Selectable<DB["silence"]>;

/**
 * The rules whose alerts a delivery tells, as far as they say when it may leave; none for one that tells of no
 * alert. Until its first attempt a delivery has the alerts of its own rule alone.
 */
export async function rulesOfDelivery(
  tx: Tx,
  { id, rule_id, attempt_count }: DeliveryRow,
): Promise<TimedRule[]> {
  const ids =
    attempt_count === 0
      ? sql`select ${rule_id}::uuid`
      : sql`select a.rule_id from delivery_alert da join alert a on a.id = da.alert_id where da.delivery_id = ${id}`;
  const { rows } = await sql<TimedRule>`
    select r.timing, b.timezone from alert_rule r join brand b on b.id = r.brand_id where r.id in (${ids})`.execute(
    tx,
  );
  return rows;
}

export interface SilencedAlert {
  alertId: string;
  /** Of the silence that covers it longest; null: none does. */
  silenceId: string | null;
  until: Date | null;
  /** That silence is of one source: the rule's next alert may be of another. */
  ofSource: boolean;
}

/** Each alert of a delivery with the silence that covers it longest. */
export async function silencedAlerts(
  tx: Tx,
  { id, channel_id }: Pick<DeliveryRow, "id" | "channel_id">,
  now: Date,
): Promise<SilencedAlert[]> {
  const { rows } = await sql<SilencedAlert>`
    select da.alert_id as "alertId", s.id as "silenceId", s.until, s.source_id is not null as "ofSource"
    from delivery_alert da join alert a on a.id = da.alert_id
    left join lateral (
      select s.id, s.until, s.source_id from silence s
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

/** What a silence held is due at once, and looked at again by whoever sends. */
export async function releaseHeld(tx: Tx, silenceId: string, now: Date): Promise<void> {
  await sql`
    update delivery set next_attempt_at = ${now}, not_before = null, held_by = null, silence_id = null
    where silence_id = ${silenceId} and state in ('gathering', 'waiting')`.execute(tx);
}

/** What a rule's timing held is due at once, and looked at again by whoever sends. */
export async function releaseRule(tx: Tx, ruleId: string, now: Date): Promise<void> {
  await sql`
    update delivery d set next_attempt_at = ${now}, not_before = null, held_by = null
    where state in ('gathering', 'waiting') and held_by in ('quiet-hours', 'digest')
      and exists (select from delivery_alert da join alert a on a.id = da.alert_id
        where da.delivery_id = d.id and a.rule_id = ${ruleId})`.execute(tx);
}

export async function insertSilence(
  tx: Tx,
  row: Omit<SilenceRow, "id" | "updated_at" | "ended_at">,
): Promise<SilenceRow> {
  return tx
    .insertInto("silence")
    .values({ ...row, id: newId(), updated_at: row.created_at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findSilence(db: Db, id: string): Promise<SilenceRow | undefined> {
  return db.selectFrom("silence").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Locks one silence that has not been ended by hand. */
export async function lockSilence(tx: Tx, id: string): Promise<SilenceRow | undefined> {
  return tx
    .selectFrom("silence")
    .selectAll()
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

export async function updateSilence(
  tx: Tx,
  id: string,
  columns: Partial<Pick<SilenceRow, "reason" | "until" | "updated_at" | "ended_at">>,
): Promise<SilenceRow> {
  return tx.updateTable("silence").set(columns).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

/** Silences of these brands (null: of all, and those of no brand), oldest first; `active` at this moment or not. */
export async function listSilences(
  db: Db,
  { brandIds, active, now }: { brandIds: readonly string[] | null; active?: boolean | undefined; now: Date },
  after: readonly [Date, string] | null,
  limit: number,
): Promise<SilenceRow[]> {
  const isActive = sql<boolean>`(ended_at is null and until > ${now})`;
  return db
    .selectFrom("silence")
    .selectAll()
    .where(brandIds === null ? sql<boolean>`true` : sql<boolean>`brand_id = any(${[...brandIds]}::uuid[])`)
    .where(active === undefined ? sql<boolean>`true` : active ? isActive : sql<boolean>`not ${isActive}`)
    .where(
      after === null
        ? sql<boolean>`true`
        : sql<boolean>`(created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`,
    )
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit)
    .execute();
}
