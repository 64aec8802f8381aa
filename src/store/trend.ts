import { type RawBuilder, sql } from "kysely";
import { type Counts, noCounts } from "#domain/metrics.ts";
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
 * Starts and ends of all buckets that touch the range, empty ones too, and the `key` by which counts find theirs.
 * Days and longer step on the zone's calendar and are known by their local time; a day that a zone skipped has
 * no length and is left out. Hours step on the time line, by the quarters at which zones change, and are known
 * by their instant, so that an hour that a zone repeats is there twice.
 */
export function bucketRange({
  from,
  to,
  bucket,
  timezone,
}: Pick<TrendQuestion, "from" | "to" | "bucket" | "timezone">): RawBuilder<unknown> {
  if (bucket === "hour") {
    return sql`
      select start as key, start, "end" from (
        select start, lead(start) over (order by start) as "end" from (
          select distinct date_trunc('hour', at, ${timezone}) as start
          from generate_series(date_bin('15 minutes', ${from}::timestamptz, 'epoch'),
            ${to}::timestamptz + interval '2 hours', interval '15 minutes') as at) starts) hours
      where start < ${to}::timestamptz`;
  }
  const by = sql.raw(steps[bucket]);
  return sql`
    select local as key, local at time zone ${timezone} as start, (local + interval '${by}') at time zone ${timezone} as "end"
    from generate_series(
      date_trunc(${bucket}, ${from}::timestamptz at time zone ${timezone}),
      (${to}::timestamptz - interval '1 microsecond') at time zone ${timezone},
      interval '${by}') as local
    where (local + interval '${by}') at time zone ${timezone} > local at time zone ${timezone}`;
}

/** What is added up of each table: its column, how the answer calls it, its type. */
const added = {
  rollup: [
    ["total", "total", "int"],
    ["positive", "positive", "int"],
    ["neutral", "neutral", "int"],
    ["negative", "negative", "int"],
    ["score_sum", "scoreSum", "float8"],
    ["rating_sum", "ratingSum", "float8"],
    ["rating_count", "ratingCount", "int"],
    ["originals", "originals", "int"],
  ],
  coverage: [
    ["run_count", "runCount", "int"],
    ["ok_count", "okCount", "int"],
  ],
} as const;

type Facts = keyof typeof added;
type Table = `${"rollup" | "coverage"}_${"day" | "quarter"}` | `${"rollup" | "total"}_hour` | "total_day";

/**
 * The ends of all buckets, read once for the statement; buckets that begin and end on whole hours of UTC cut
 * no hour in two.
 */
const instantRange = sql`
  select min(start) as low, max("end") as high,
    bool_and(date_trunc('hour', start, 'UTC') = start and date_trunc('hour', "end", 'UTC') = "end") as whole
  from buckets`;
const dayRange = (bucket: Bucket) =>
  sql`select min(key)::date as low, (max(key) + interval '${sql.raw(steps[bucket])}')::date as high from buckets`;
const low = sql`(select low from range)`;
const high = sql`(select high from range)`;
const whole = sql`(select whole from range)`;

/** Whether the days of the brand's own zone answer. */
const isByDay = ({ bucket, timezone, brandTimezone }: TrendQuestion): boolean =>
  bucket !== "hour" && timezone === brandTimezone;

/** Statements begin with the buckets that are asked for. */
const withBuckets = (question: TrendQuestion) =>
  sql`with buckets as materialized (${bucketRange(question)}), range as materialized (${isByDay(question) ? dayRange(question.bucket) : instantRange})`;

/**
 * Sums of one table by its own moments, `day` or `start`, and by `split` ("" or ", r.column"). Where a zone
 * repeats the midnight, a day's first hour lies before its start: a little more than the range is read.
 */
function momentsOf({ brandId }: TrendQuestion, table: Table, split: string, when = sql`true`) {
  const byDay = table.endsWith("_day");
  const facts = table.startsWith("coverage") ? "coverage" : "rollup";
  const sums = added[facts].map(([name, , type]) => `sum(r.${name})::${type} as ${name}`).join(", ");
  const within = byDay
    ? sql`r.day >= ${low} and r.day < ${high}`
    : sql`r.start >= ${low} - interval '2 hours' and r.start < ${high} + interval '2 hours'`;
  const moment = sql.raw(byDay ? "r.day" : "r.start");
  return sql`
    select ${moment}${sql.raw(split)}, ${sql.raw(sums)} from ${sql.table(table)} r
    where r.brand_id = ${brandId} and ${within} and ${when} group by ${moment}${sql.raw(split)}`;
}

/**
 * The smallest rows that answer a question. Days serve the brand's own zone, quarters every other, and hours stand
 * in for the quarters where the zone is off by whole hours. The totals stand in for the rollups where nothing that
 * a source has several of is to be told apart.
 */
function smallest(question: TrendQuestion, facts: Facts, split: string): RawBuilder<unknown> {
  const byDay = isByDay(question);
  if (facts === "coverage") return momentsOf(question, byDay ? "coverage_day" : "coverage_quarter", split);
  const table = split === "" || split === ", r.source_id" ? "total" : "rollup";
  if (byDay) return momentsOf(question, `${table}_day`, split);
  return sql`${momentsOf(question, `${table}_hour`, split, whole)}
    union all ${momentsOf(question, "rollup_quarter", split, sql`not ${whole}`)}`;
}

/** The key of the bucket that a moment lies in. */
function keyOf(question: TrendQuestion): RawBuilder<unknown> {
  const { bucket, timezone } = question;
  if (bucket === "hour") return sql`date_trunc('hour', r.start, ${timezone})`;
  const local = isByDay(question) ? sql`r.day::timestamp` : sql`r.start at time zone ${timezone}`;
  return sql`date_trunc(${bucket}, ${local})`;
}

/**
 * Sums by bucket, as `key`, and by `column` if given, as `group`. They are added up by day, hour or quarter
 * first, so that zones are reckoned with once for each of those and not for each row.
 */
function summed(question: TrendQuestion, facts: Facts, column?: string): RawBuilder<unknown> {
  const split = column === undefined ? "" : `, r.${column}`;
  const sums = added[facts].map(([name, shown, type]) => `sum(r.${name})::${type} as "${shown}"`).join(", ");
  const group = split === "" ? "" : `${split} as "group"`;
  return sql`
    select ${keyOf(question)} as key${sql.raw(group)}, ${sql.raw(sums)} from (${smallest(question, facts, split)}) r group by 1${sql.raw(split)}`;
}

const shown = [...added.rollup, ...added.coverage].map(([, name]) => name);
const columns = sql.raw(
  [
    ...["start", '"end"'].map(moment => `json_agg(extract(epoch from ${moment}) * 1000)`),
    ...shown.map(name => `json_agg(coalesce("${name}", 0))`),
  ].join(", "),
);

/**
 * Counts of every bucket of a brand, from the rollups alone. They come as one JSON text with a list for each column:
 * a year of days in rows of twelve columns costs more to read than to count.
 */
export async function readTrend(db: Db, question: TrendQuestion): Promise<TrendBucket[]> {
  const { rows } = await sql<{ series: (number[] | null)[] }>`
    ${withBuckets(question)},
    counted as (${summed(question, "rollup")}),
    covered as (${summed(question, "coverage")})
    select json_build_array(${columns}) as series
    from (select * from buckets left join counted using (key) left join covered using (key) order by start) found`.execute(
    db,
  );
  const [starts, ends, ...counts] = rows[0]?.series ?? [];
  return (starts ?? []).map((start, bucket) => {
    const found = { ...noCounts, start: new Date(start), end: new Date(ends?.[bucket] ?? start) };
    for (const [index, name] of shown.entries()) found[name] = counts[index]?.[bucket] ?? 0;
    return found;
  });
}

/** The same counts split by one column, without the runs; buckets without a mention are left out, the caller knows them all. */
export async function readGroupedTrend(
  db: Db,
  question: TrendQuestion,
  grouping: Grouping,
): Promise<(Counts & { start: Date; group: string })[]> {
  const { rows } = await sql<Counts & { start: Date; group: string }>`
    ${withBuckets(question)}
    select b.start, r.*, 0 as "runCount", 0 as "okCount"
    from (${summed(question, "rollup", groupings[grouping])}) r join buckets b using (key)
    where total > 0 order by "group", start`.execute(db);
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
