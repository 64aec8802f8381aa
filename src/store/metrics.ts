import { sql } from "kysely";
import type { Db } from "./db.ts";

/** One measured number with its labels. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}

async function samples(db: Db, query: ReturnType<typeof sql>): Promise<Sample[]> {
  const { rows } = await query.execute(db);
  return (rows as Record<string, unknown>[]).map(({ value, ...labels }) => ({
    labels: labels as Record<string, string>,
    value: Number(value),
  }));
}

/** Cases that are not ended, by state. */
export const caseCounts = (db: Db) =>
  samples(db, sql`select status, count(*) as value from "case" where status <> 'ended' group by status`);

/** Seconds by which the most overdue case has passed its due time; 0 when none has. */
export const mostOverdueSeconds = (db: Db, now: Date) =>
  samples(
    db,
    sql`select greatest(0, coalesce(extract(epoch from ${now}::timestamptz - min(due_at)), 0)) as value
        from "case" where status <> 'ended' and (sla_running_at is not null or breached_at >= sla_started_at)`,
  );

/** Runs that ended since, by kind of source and outcome. */
export const runCounts = (db: Db, since: Date) =>
  samples(
    db,
    sql`select s.kind, r.outcome, count(*) as value from run r join source s on s.id = r.source_id
        where r.started_at >= ${since} and r.outcome is not null group by s.kind, r.outcome`,
  );

/** Texts that runs since then stored for the first time, by kind of source. */
export const newDocumentCounts = (db: Db, since: Date) =>
  samples(
    db,
    sql`select s.kind, sum(r.new_count) as value from run r join source s on s.id = r.source_id
        where r.started_at >= ${since} group by s.kind`,
  );

/** Sources in service, by kind and health. */
export const sourceCounts = (db: Db) =>
  samples(
    db,
    sql`select kind, health, count(*) as value from source where enabled and archived_at is null group by kind, health`,
  );

/** Messages that are not delivered yet, by kind of channel and state. */
export const deliveryCounts = (db: Db) =>
  samples(
    db,
    sql`select c.kind as channel, d.state, count(*) as value from delivery d join alert_channel c on c.id = d.channel_id
        where d.state in ('gathering', 'waiting', 'sending') group by c.kind, d.state`,
  );

/** Seconds since the message that should have gone first became due; 0 when none is late. */
export const deliveryLagSeconds = (db: Db, now: Date) =>
  samples(
    db,
    sql`select greatest(0, coalesce(extract(epoch from ${now}::timestamptz - min(first_due_at)), 0)) as value
        from delivery where state in ('gathering', 'waiting', 'sending')`,
  );

/** Whether a connection can be had and answers. */
export const databaseAnswers = async (db: Db): Promise<boolean> =>
  (await sql`select 1`.execute(db)).rows.length === 1;
