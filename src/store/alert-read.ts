import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DeliveryRow } from "./delivery.ts";
import type { DB, DeliveryState } from "./tables.ts";

/** A firing with the language of its brand. */
export type AlertRow = Selectable<DB["alert"]> & { language: "ru" | "en" };

const firing = sql`alert.*, (select language from brand where brand.id = alert.brand_id) as language`;

const all = (conditions: readonly RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);

/** An absent filter lets everything through; times are of the firing, from inclusive, to exclusive. */
export interface AlertFilters {
  /** null is all brands. */
  brandIds: readonly string[] | null;
  ruleId?: string | undefined;
  kind?: string | undefined;
  acked?: boolean | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Firings, newest first, after a position. */
export async function listAlerts(
  db: Db,
  { brandIds, ruleId, kind, acked, from, to }: AlertFilters,
  after: readonly [Date, string] | null,
  limit: number,
): Promise<AlertRow[]> {
  const where = all([
    ...(brandIds === null ? [] : [sql`brand_id = any(${[...brandIds]}::uuid[])`]),
    ...(ruleId === undefined ? [] : [sql`rule_id = ${ruleId}`]),
    ...(kind === undefined ? [] : [sql`kind = ${kind}`]),
    ...(acked === undefined ? [] : [acked ? sql`acked_at is not null` : sql`acked_at is null`]),
    ...(from === undefined ? [] : [sql`fired_at >= ${from}`]),
    ...(to === undefined ? [] : [sql`fired_at < ${to}`]),
    ...(after === null ? [] : [sql`(fired_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`]),
  ]);
  const { rows } = await sql<AlertRow>`
    select ${firing} from alert where ${where} order by fired_at desc, id desc limit ${limit}`.execute(db);
  return rows;
}

export async function findAlert(db: Db, id: string): Promise<AlertRow | undefined> {
  const { rows } = await sql<AlertRow>`select ${firing} from alert where id = ${id}`.execute(db);
  return rows[0];
}

/** Marks an alert as seen; the first word stays. */
export async function markAcked(tx: Tx, id: string, personId: string | null, now: Date): Promise<void> {
  await tx
    .updateTable("alert")
    .set({ acked_at: now, acked_by: personId })
    .where("id", "=", id)
    .where("acked_at", "is", null)
    .execute();
}

interface DeliveryAttempt {
  attempt: number;
  /** RFC 3339. */
  at: string;
  status: number | null;
  answer: string | null;
  problem: string | null;
  durationMs: number;
}

/** A delivery with what was tried and which alerts it tells. */
export interface DeliveryView extends DeliveryRow {
  brand_id: string | null;
  attempts: DeliveryAttempt[];
  alert_ids: string[];
  alert_count: number;
}

export interface DeliveryFilters {
  /** null is all brands; tests, which belong to none, are shown with all brands only. */
  brandIds: readonly string[] | null;
  channelId?: string | undefined;
  ruleId?: string | undefined;
  reportScheduleId?: string | undefined;
  alertId?: string | undefined;
  state?: readonly DeliveryState[] | undefined;
}

/** Alerts of a delivery that a list names; the rest are counted. */
const namedAlerts = 20;

const shown = sql`d.*, coalesce(r.brand_id, s.brand_id) as brand_id,
  coalesce((select json_agg(json_build_object('attempt', t.attempt, 'at', t.at, 'status', t.status, 'answer', t.answer,
    'problem', t.problem, 'durationMs', t.duration_ms) order by t.attempt) from delivery_attempt t where t.delivery_id = d.id), '[]') as attempts,
  coalesce((select json_agg(x.alert_id) from (select alert_id from delivery_alert where delivery_id = d.id order by alert_id limit ${namedAlerts}) x), '[]') as alert_ids,
  (select count(*)::int from delivery_alert where delivery_id = d.id) as alert_count`;

/** Deliveries, newest first, after a position. */
export async function listDeliveries(
  db: Db,
  { brandIds, channelId, ruleId, reportScheduleId, alertId, state }: DeliveryFilters,
  after: readonly [Date, string] | null,
  limit: number,
): Promise<DeliveryView[]> {
  const where = all([
    ...(brandIds === null ? [] : [sql`coalesce(r.brand_id, s.brand_id) = any(${[...brandIds]}::uuid[])`]),
    ...(channelId === undefined ? [] : [sql`d.channel_id = ${channelId}`]),
    ...(ruleId === undefined ? [] : [sql`d.rule_id = ${ruleId}`]),
    ...(reportScheduleId === undefined ? [] : [sql`d.schedule_id = ${reportScheduleId}`]),
    ...(alertId === undefined
      ? []
      : [sql`d.id in (select delivery_id from delivery_alert where alert_id = ${alertId})`]),
    ...(state === undefined ? [] : [sql`d.state = any(${[...state]}::text[])`]),
    ...(after === null ? [] : [sql`(d.created_at, d.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`]),
  ]);
  const { rows } = await sql<DeliveryView>`
    select ${shown} from delivery d left join alert_rule r on r.id = d.rule_id left join report_schedule s on s.id = d.schedule_id
    where ${where} order by d.created_at desc, d.id desc limit ${limit}`.execute(db);
  return rows;
}

/** One delivery as lists show it. */
export async function viewDelivery(db: Db, id: string): Promise<DeliveryView | undefined> {
  const { rows } = await sql<DeliveryView>`
    select ${shown} from delivery d left join alert_rule r on r.id = d.rule_id left join report_schedule s on s.id = d.schedule_id where d.id = ${id}`.execute(
    db,
  );
  return rows[0];
}

/** Locks one delivery. */
export async function lockDelivery(tx: Tx, id: string): Promise<DeliveryRow | undefined> {
  return tx.selectFrom("delivery").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

/** A delivery that a person's test asks for: due at once, of no rule. */
export async function insertTestDelivery(tx: Tx, id: string, channelId: string, now: Date): Promise<void> {
  await tx
    .insertInto("delivery")
    .values({
      id,
      channel_id: channelId,
      state: "waiting",
      test: true,
      next_attempt_at: now,
      first_due_at: now,
      created_at: now,
    })
    .execute();
}
