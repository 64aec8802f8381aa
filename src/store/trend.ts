import { type RawBuilder, sql } from "kysely";
import type { Counts } from "#domain/metrics.ts";
import type { Db } from "./db.ts";

export const buckets = ["hour", "day", "week", "month"] as const;
export type Bucket = (typeof buckets)[number];

/** Columns that both rollups carry and a trend may be split by. */
const groupings = { sourceKind: "source_kind", kind: "kind", language: "language" } as const;
export type Grouping = keyof typeof groupings;
export const groupingNames = Object.keys(groupings) as [Grouping, ...Grouping[]];

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

export interface TrendBucket extends Counts {
  start: Date;
  end: Date;
}

const steps: Record<Bucket, string> = { hour: "1 hour", day: "1 day", week: "7 days", month: "1 month" };

/**
 * Starts and ends of all buckets that touch the range, empty ones too. Days and longer step on the zone's
 * calendar, where a day that a zone skipped has no length and is left out. Hours step on the time line, by the
 * quarters at which zones change, so that an hour that a zone repeats is there twice.
 */
function bucketRange({ from, to, bucket, timezone }: TrendQuestion): RawBuilder<unknown> {
  if (bucket === "hour") {
    return sql`
      select start, "end" from (
        select start, lead(start) over (order by start) as "end" from (
          select distinct date_trunc('hour', at, ${timezone}) as start
          from generate_series(date_bin('15 minutes', ${from}::timestamptz, 'epoch'),
            ${to}::timestamptz + interval '2 hours', interval '15 minutes') as at) starts) hours
      where start < ${to}::timestamptz`;
  }
  const by = sql.raw(steps[bucket]);
  return sql`
    select local at time zone ${timezone} as start, (local + interval '${by}') at time zone ${timezone} as "end"
    from generate_series(
      date_trunc(${bucket}, ${from}::timestamptz at time zone ${timezone}),
      (${to}::timestamptz - interval '1 microsecond') at time zone ${timezone},
      interval '${by}') as local
    where (local + interval '${by}') at time zone ${timezone} > local at time zone ${timezone}`;
}

/**
 * Rows of a rollup that may fall into the buckets, each with the start of its own as `start`. Where a zone
 * repeats the midnight, a day's first hour lies before its start: the quarters are read a little wider, and
 * the start alone decides.
 */
function rowsOf(
  { bucket, timezone, brandTimezone, brandId }: TrendQuestion,
  table: "rollup" | "coverage",
): RawBuilder<unknown> {
  const range = sql`(select min(start) as low, max("end") as high from buckets) range`;
  if (bucket !== "hour" && timezone === brandTimezone) {
    return sql`
      select r.*, date_trunc(${bucket}, r.day::timestamp) at time zone ${timezone} as bucket
      from ${range}, ${sql.table(`${table}_day`)} r where r.brand_id = ${brandId}
        and r.day >= (range.low at time zone ${timezone})::date and r.day < (range.high at time zone ${timezone})::date`;
  }
  const start =
    bucket === "hour"
      ? sql`date_trunc('hour', r.start, ${timezone})`
      : sql`date_trunc(${bucket}, r.start at time zone ${timezone}) at time zone ${timezone}`;
  return sql`
    select r.*, ${start} as bucket
    from ${range}, ${sql.table(`${table}_quarter`)} r where r.brand_id = ${brandId}
      and r.start >= range.low - interval '2 hours' and r.start < range.high + interval '2 hours'`;
}

const sums = sql.raw(`sum(total)::int as total, sum(positive)::int as positive, sum(neutral)::int as neutral,
  sum(negative)::int as negative, sum(score_sum) as "scoreSum", sum(rating_sum) as "ratingSum",
  sum(rating_count)::int as "ratingCount"`);
const runSums = sql.raw(`sum(run_count)::int as "runCount", sum(ok_count)::int as "okCount"`);
const zeros = sql.raw(
  ["total", "positive", "neutral", "negative", "scoreSum", "ratingSum", "ratingCount", "runCount", "okCount"]
    .map(name => `coalesce("${name}", 0) as "${name}"`)
    .join(", "),
);

/** Counts of every bucket of a brand, from the rollups alone. */
export async function readTrend(db: Db, question: TrendQuestion): Promise<TrendBucket[]> {
  const { rows } = await sql<TrendBucket>`
    with buckets as materialized (${bucketRange(question)}),
    counted as (select bucket as start, ${sums} from (${rowsOf(question, "rollup")}) r group by 1),
    covered as (select bucket as start, ${runSums} from (${rowsOf(question, "coverage")}) r group by 1)
    select b.start, b."end", ${zeros}
    from buckets b left join counted using (start) left join covered using (start) order by b.start`.execute(
    db,
  );
  return rows;
}

/** The same counts split by one column, without the runs; buckets without a mention are left out, the caller knows them all. */
export async function readGroupedTrend(
  db: Db,
  question: TrendQuestion,
  grouping: Grouping,
): Promise<(Counts & { start: Date; group: string })[]> {
  const { rows } = await sql<Counts & { start: Date; group: string }>`
    with buckets as materialized (${bucketRange(question)})
    select r.bucket as start, ${sql.ref(`r.${groupings[grouping]}`)} as "group", ${sums}, 0 as "runCount", 0 as "okCount"
    from (${rowsOf(question, "rollup")}) r where r.bucket in (select start from buckets)
    group by 1, 2 having sum(total) > 0 order by 2, 1`.execute(db);
  return rows;
}

/** The range of as many buckets that ends where the first bucket begins. */
export async function previousRange(
  db: Db,
  { bucket, timezone }: TrendQuestion,
  first: Date,
  count: number,
): Promise<{ from: Date; to: Date }> {
  const back = sql`${count}::int * interval '${sql.raw(steps[bucket])}'`;
  const from =
    bucket === "hour"
      ? sql`${first}::timestamptz - ${back}`
      : sql`(${first}::timestamptz at time zone ${timezone} - ${back}) at time zone ${timezone}`;
  const { rows } = await sql<{ from: Date }>`select ${from} as "from"`.execute(db);
  return { from: rows[0]?.from as Date, to: first };
}
