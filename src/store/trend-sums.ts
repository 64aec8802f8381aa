import { type RawBuilder, sql } from "kysely";
import { bucketRange, type TrendQuestion } from "./trend.ts";

/** One sum of a trend: the column, how the answer calls it, its type. */
export type Figure = readonly [column: string, shown: string, type: "int" | "float8"];

/** Tables that hold the same counts by moments of different length. */
interface Tables {
  day: string;
  /** Serves zones that are off UTC by whole hours. */
  hour: string;
  quarter: string;
}

/** Buckets that begin and end on whole hours of UTC cut no hour in two. */
const range = sql`
  select min(start) as low, max("end") as high,
    bool_and(date_trunc('hour', start, 'UTC') = start and date_trunc('hour', "end", 'UTC') = "end") as whole
  from buckets`;

/**
 * A statement that sums figures by bucket, as `start`, and by a column of the tables as `group`; buckets without any
 * are left out. The brand's own zone is read from the days. Counts are added up by their moments first, so that the
 * zone is reckoned with once for each of those. Where a zone repeats its midnight, a little more than the range is read.
 */
export function sumsByBucket(
  question: TrendQuestion,
  tables: Tables,
  figures: readonly Figure[],
  split: string,
): RawBuilder<unknown> {
  const { brandId, bucket, timezone, brandTimezone } = question;
  const byDay = bucket !== "hour" && timezone === brandTimezone;
  const added = sql.raw(figures.map(([name]) => `sum(r.${name}) as ${name}`).join(", "));
  const shown = sql.raw(figures.map(([name, as, type]) => `sum(${name})::${type} as "${as}"`).join(", "));
  const moments = (table: string, when = sql`true`) => {
    const moment = sql.raw(byDay ? "r.day" : "r.start");
    const within = byDay
      ? sql`r.day >= (select (low at time zone ${timezone})::date from range) and r.day < (select (high at time zone ${timezone})::date from range)`
      : sql`r.start >= (select low - interval '2 hours' from range) and r.start < (select high + interval '2 hours' from range)`;
    return sql`
      select ${moment} as moment, r.${sql.raw(split)} as "group", ${added} from ${sql.table(table)} r
      where r.brand_id = ${brandId} and ${within} and ${when} group by 1, 2`;
  };
  const whole = sql`(select whole from range)`;
  const counts = byDay
    ? moments(tables.day)
    : sql`${moments(tables.hour, whole)} union all ${moments(tables.quarter, sql`not ${whole}`)}`;
  const local = byDay ? sql`moment::timestamp` : sql`moment at time zone ${timezone}`;
  const start =
    bucket === "hour"
      ? sql`date_trunc('hour', moment, ${timezone})`
      : sql`date_trunc(${bucket}, ${local}) at time zone ${timezone}`;
  return sql`
    with buckets as materialized (${bucketRange(question)}), range as materialized (${range})
    select * from (select ${start} as start, "group", ${shown} from (${counts}) r group by 1, 2) counted
    where start in (select start from buckets) order by "group", start`;
}
