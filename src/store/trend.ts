import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";

export const buckets = ["hour", "day", "week", "month"] as const;
export type Bucket = (typeof buckets)[number];

/** Columns that both rollups carry and a trend may be split by. */
export const groupings = {
  sourceKind: "source_kind",
  kind: "kind",
  language: "language",
  source: "source_id",
} as const;
export type Grouping = keyof typeof groupings;

export interface TrendQuestion {
  brandId: string;
  /** Instants; the range is widened to whole buckets. */
  from: Date;
  to: Date;
  bucket: Bucket;
  timezone: string;
  /** The brand's own zone: buckets of a day and longer in it are read from the days. */
  brandTimezone: string;
}

export interface TrendCounts {
  total: number;
  positive: number;
  neutral: number;
  negative: number;
  scoreSum: number;
  ratingSum: number;
  ratingCount: number;
  runCount: number;
  okCount: number;
}

export interface TrendBucket extends TrendCounts {
  start: Date;
  end: Date;
}

const step: Record<Bucket, string> = { hour: "1 hour", day: "1 day", week: "7 days", month: "1 month" };
/** No change of any zone is further apart from a bucket's edge than this. */
const quarter = "15 minutes";

/**
 * Starts and ends of all buckets that touch the range, empty ones too. Days and longer step on the zone's
 * calendar; hours step on the time line, so that an hour that a zone repeats is there twice.
 */
function bucketRange({ from, to, bucket, timezone }: TrendQuestion): RawBuilder<unknown> {
  if (bucket === "hour") {
    return sql`
      select start, coalesce(lead(start) over (order by start), date_trunc('hour', start + interval '90 minutes', ${timezone})) as "end"
      from (select distinct date_trunc('hour', at, ${timezone}) as start
            from generate_series(${from}::timestamptz, ${to}::timestamptz - interval '1 microsecond', interval '${sql.raw(quarter)}') as at
            union select date_trunc('hour', ${to}::timestamptz - interval '1 microsecond', ${timezone})) starts`;
  }
  const by = sql.raw(step[bucket]);
  return sql`
    select local at time zone ${timezone} as start, (local + interval '${by}') at time zone ${timezone} as "end"
    from generate_series(
      date_trunc(${bucket}, ${from}::timestamptz at time zone ${timezone}),
      (${to}::timestamptz - interval '1 microsecond') at time zone ${timezone},
      interval '${by}') as local
    where (local + interval '${by}') at time zone ${timezone} > local at time zone ${timezone}`;
}

const sums = sql.raw(`sum(total)::int as total, sum(positive)::int as positive, sum(neutral)::int as neutral,
  sum(negative)::int as negative, sum(score_sum) as "scoreSum", sum(rating_sum) as "ratingSum", sum(rating_count)::int as "ratingCount"`);
const runSums = sql.raw(`sum(run_count)::int as "runCount", sum(ok_count)::int as "okCount"`);

/** Where the counts of a question come from, with the bucket each row belongs to. */
function rows(
  { bucket, timezone, brandTimezone, brandId }: TrendQuestion,
  table: "rollup" | "coverage",
): { from: RawBuilder<unknown>; start: RawBuilder<unknown> } {
  const range = sql`(select min(start) as low, max("end") as high from buckets) range`;
  if (bucket !== "hour" && timezone === brandTimezone) {
    return {
      from: sql`${sql.table(`${table}_day`)} r, ${range}
        where r.brand_id = ${brandId} and r.day >= (range.low at time zone ${timezone})::date and r.day < (range.high at time zone ${timezone})::date`,
      start: sql`date_trunc(${bucket}, r.day::timestamp) at time zone ${timezone}`,
    };
  }
  return {
    from: sql`${sql.table(`${table}_quarter`)} r, ${range} where r.brand_id = ${brandId} and r.start >= range.low and r.start < range.high`,
    start: sql`date_trunc(${bucket}, r.start, ${timezone})`,
  };
}

/** Counts of every bucket of a brand, from the rollups alone. */
export async function readTrend(db: Db, question: TrendQuestion): Promise<TrendBucket[]> {
  const counted = rows(question, "rollup");
  const covered = rows(question, "coverage");
  const { rows: found } = await sql<TrendBucket>`
    with buckets as materialized (${bucketRange(question)}),
    counted as (select ${counted.start} as start, ${sums} from ${counted.from} group by 1),
    covered as (select ${covered.start} as start, ${runSums} from ${covered.from} group by 1)
    select b.start, b."end", coalesce(total, 0) as total, coalesce(positive, 0) as positive, coalesce(neutral, 0) as neutral,
      coalesce(negative, 0) as negative, coalesce("scoreSum", 0) as "scoreSum", coalesce("ratingSum", 0) as "ratingSum",
      coalesce("ratingCount", 0) as "ratingCount", coalesce("runCount", 0) as "runCount", coalesce("okCount", 0) as "okCount"
    from buckets b left join counted using (start) left join covered using (start) order by b.start`.execute(
    db,
  );
  return found;
}

/** The same counts split by one column; buckets without a mention are left out, the caller knows them all. */
export async function readGroupedTrend(
  db: Db,
  question: TrendQuestion,
  grouping: Grouping,
): Promise<(TrendCounts & { start: Date; group: string })[]> {
  const counted = rows(question, "rollup");
  const column = sql.ref(`r.${groupings[grouping]}`);
  const { rows: found } = await sql<TrendCounts & { start: Date; group: string }>`
    with buckets as materialized (${bucketRange(question)})
    select ${counted.start} as start, ${column}::text as "group", ${sums}, 0 as "runCount", 0 as "okCount"
    from ${counted.from} group by 1, 2 having sum(total) > 0 order by 2, 1`.execute(db);
  return found;
}

/** The period of equal length in buckets that ends where this one begins. */
export async function previousRange(
  db: Db,
  question: TrendQuestion,
  count: number,
): Promise<{ from: Date; to: Date }> {
  const { bucket, timezone, from } = question;
  const by = sql.raw(step[bucket]);
  const local =
    bucket === "hour"
      ? sql`${from}::timestamptz - ${count} * interval '${by}'`
      : sql`((date_trunc(${bucket}, ${from}::timestamptz at time zone ${timezone}) - ${count} * interval '${by}') at time zone ${timezone})`;
  const { rows: found } = await sql<{ from: Date; to: Date }>`
    select ${local} as "from", date_trunc(${bucket}, ${from}::timestamptz, ${timezone}) as "to"`.execute(db);
  return found[0] as { from: Date; to: Date };
}

/** How many buckets a question asks for, without making them. */
export const roughBucketCount = ({
  from,
  to,
  bucket,
}: Pick<TrendQuestion, "from" | "to" | "bucket">): number =>
  (to.getTime() - from.getTime()) /
  { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_629_746_000 }[bucket];
