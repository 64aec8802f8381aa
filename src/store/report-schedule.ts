import { type Selectable, sql } from "kysely";
import type { TimePosition } from "./alert-setup.ts";
import type { Db, Tx } from "./db.ts";
import { newId } from "./id.ts";
import type { DB } from "./tables.ts";

export type ReportScheduleRow = Selectable<DB["report_schedule"]>;

export async function insertReportSchedule(tx: Tx, row: ReportScheduleRow): Promise<ReportScheduleRow> {
  return tx.insertInto("report_schedule").values(row).returningAll().executeTakeFirstOrThrow();
}

/** One that is not gone. */
export async function findReportSchedule(db: Db, id: string): Promise<ReportScheduleRow | undefined> {
  return db
    .selectFrom("report_schedule")
    .selectAll()
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .executeTakeFirst();
}

/** Locks one that is not gone. */
export async function lockReportSchedule(tx: Tx, id: string): Promise<ReportScheduleRow | undefined> {
  return tx
    .selectFrom("report_schedule")
    .selectAll()
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

export async function updateReportSchedule(
  tx: Tx,
  id: string,
  columns: Partial<Omit<ReportScheduleRow, "id" | "brand_id" | "created_at">>,
): Promise<ReportScheduleRow> {
  return tx
    .updateTable("report_schedule")
    .set(columns)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Living schedules of these brands (null: of all), oldest first. */
export async function listReportSchedules(
  db: Db,
  brandIds: readonly string[] | null,
  position: TimePosition,
  limit: number,
): Promise<ReportScheduleRow[]> {
  let query = db.selectFrom("report_schedule").selectAll().where("archived_at", "is", null);
  if (brandIds !== null) query = query.where(sql<boolean>`brand_id = any(${[...brandIds]}::uuid[])`);
  if (position !== null)
    query = query.where(sql<boolean>`(created_at, id) > (${position[0]}::timestamptz, ${position[1]}::uuid)`);
  return query.orderBy("created_at").orderBy("id").limit(limit).execute();
}

/** A schedule that is due, with what it takes from its brand. */
export type DueReport = ReportScheduleRow & { next_at: Date; brandTimezone: string; brandArchived: boolean };

/** Locks schedules that are due; those of another scheduler are left to it. */
export async function lockDueReports(tx: Tx, now: Date, limit: number): Promise<DueReport[]> {
  const { rows } = await sql<DueReport>`
    select s.*, b.timezone as "brandTimezone", b.archived_at is not null as "brandArchived"
    from report_schedule s join brand b on b.id = s.brand_id
    where s.next_at <= ${now} order by s.next_at limit ${limit} for update of s skip locked`.execute(tx);
  return rows;
}

/**
 * One delivery of a period for each channel that is there, switched on and wants reports; a period that a channel
 * was given before is not given again. Returns how many there are.
 */
export async function insertReportDeliveries(
  tx: Tx,
  { id, channel_ids }: Pick<ReportScheduleRow, "id" | "channel_ids">,
  { from, to }: { from: Date; to: Date },
  now: Date,
): Promise<number> {
  const channels = await tx
    .selectFrom("alert_channel")
    .select("id")
    .where("id", "in", channel_ids)
    .where("enabled", "=", true)
    .where("archived_at", "is", null)
    .where(sql<boolean>`(not settings ? 'events' or settings -> 'events' ? 'report.ready')`)
    .orderBy("id")
    .execute();
  if (channels.length === 0) return 0;
  const made = await tx
    .insertInto("delivery")
    .values(
      channels.map(channel => ({
        id: newId(),
        channel_id: channel.id,
        schedule_id: id,
        report_from: from,
        report_to: to,
        state: "waiting" as const,
        next_attempt_at: now,
        first_due_at: now,
        created_at: now,
      })),
    )
    .onConflict(oc => oc.doNothing())
    .returning("id")
    .execute();
  return made.length;
}

/** Ends what still waits of a schedule that is gone. */
export async function failReports(tx: Tx, scheduleId: string, problem: string, now: Date): Promise<void> {
  await tx
    .updateTable("delivery")
    .set({ state: "failed", next_attempt_at: null, ended_at: now, problem })
    .where("schedule_id", "=", scheduleId)
    .where("state", "=", "waiting")
    .execute();
}

/** The schedule of a report that is being sent, gone or not. */
export async function scheduleOfReport(db: Db, id: string): Promise<ReportScheduleRow> {
  return db.selectFrom("report_schedule").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}
