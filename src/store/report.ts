import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";
import { type CountedFigure, countedFigures, counts } from "./report-figures.ts";
import { type ReportFilters, reportItems } from "./report-items.ts";
import { type Bucket, bucketRange } from "./trend.ts";

/** How a report may be split: the column of an item, what it needs to be read, where its name stands. */
const groupings = {
  brand: { key: "i.brand_id", named: "brand" },
  source: { key: "i.source_id", named: "source" },
  sourceKind: { key: "i.source_kind", named: null },
  person: { key: "i.person_id", named: "person" },
  department: { key: "i.department_id", named: "department" },
  aspect: { key: "blamed.aspect", named: null },
} as const;
export type ReportGrouping = keyof typeof groupings;
export const reportGroupings = Object.keys(groupings) as [ReportGrouping, ...ReportGrouping[]];

export interface ReportQuestion extends ReportFilters {
  now: Date;
}

/** Counts by their figures, and how long the first answers took, in seconds; null without one. */
export type ReportRow = Record<CountedFigure, number> & {
  medianSeconds: number | null;
  p90Seconds: number | null;
};

const tookSeconds = sql`greatest(0, extract(epoch from i.answered_at - i.occurred_at))`;

/** A quantile of the first response time, linear between the two values next to it. */
const quantile = (share: number, now: Date) => sql`
  round((percentile_cont(${sql.lit(share)}) within group (order by ${tookSeconds})
    filter (where ${countedFigures["firstResponse.count"](now)}))::numeric, 3)::float8`;

const figures = (now: Date): RawBuilder<unknown> =>
  sql`${counts(now)}, ${quantile(0.5, now)} as "medianSeconds", ${quantile(0.9, now)} as "p90Seconds"`;

const itemsOf = (question: ReportQuestion, needs = { owner: false, aspects: false }) =>
  sql`items as materialized (${reportItems(question, needs)})`;

/** The figures of all items. */
export async function readReport(db: Db, question: ReportQuestion): Promise<ReportRow> {
  const { rows } = await sql<ReportRow>`
    with ${itemsOf(question)} select ${figures(question.now)} from items i`.execute(db);
  return rows[0] as ReportRow;
}

/** The same by bucket: all that touch the range, the first and the last cut off at its ends, so that they add up. */
export async function readReportSeries(
  db: Db,
  question: ReportQuestion,
  calendar: { bucket: Bucket; timezone: string },
): Promise<(ReportRow & { start: Date; end: Date })[]> {
  const { from, to, now } = question;
  const { rows } = await sql<ReportRow & { start: Date; end: Date }>`
    with ${itemsOf(question)},
    buckets as materialized (
      select greatest(start, ${from}::timestamptz) as start, least("end", ${to}::timestamptz) as "end",
        row_number() over (order by start)::int as n
      from (${bucketRange({ from, to, ...calendar })}) whole where "end" > ${from}),
    placed as (
      select *, width_bucket(occurred_at, (select array_agg(start order by start) from buckets)) as n
      from items where in_cohort)
    select b.start, b."end", ${figures(now)}
    from buckets b left join placed i using (n) group by b.n, b.start, b."end" order by b.n`.execute(db);
  return rows;
}

/** The same by one column; the key of what has none is null. A text that blames two aspects counts for both. */
export async function readReportGroups(
  db: Db,
  question: ReportQuestion,
  by: ReportGrouping,
): Promise<(ReportRow & { key: string | null; name: string | null })[]> {
  const { key, named } = groupings[by];
  const needs = { owner: by === "person" || by === "department", aspects: by === "aspect" };
  const blamed = needs.aspects
    ? sql`cross join lateral (select unnest(case when cardinality(i.aspects) = 0 then array[null::text] else i.aspects end) as aspect) blamed`
    : sql``;
  const title = sql.raw(named === "source" ? "title" : "name");
  const name =
    named === null
      ? sql`null::text`
      : sql`(select n.${title} from ${sql.table(named)} n where n.id::text = g.key)`;
  const { rows } = await sql<ReportRow & { key: string | null; name: string | null }>`
    with ${itemsOf(question, needs)}
    select g.*, ${name} as name from (
      select ${sql.raw(key)}::text as key, ${figures(question.now)} from items i ${blamed} group by 1) g
    order by g.key nulls last`.execute(db);
  return rows;
}

/** How many cases have each root cause, the most frequent first. */
export async function readRootCauses(
  db: Db,
  question: ReportQuestion,
): Promise<{ rootCause: string; count: number }[]> {
  const { rows } = await sql<{ rootCause: string; count: number }>`
    with ${itemsOf(question)}
    select cause as "rootCause", count(distinct i.case_id)::int as count
    from items i cross join unnest(i.root_causes) as cause where i.in_cohort
    group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

/** One of the items behind a figure. */
export interface ReportItem {
  mention_id: string;
  /** null: it never had one. */
  case_id: string | null;
  answered_at: Date | null;
  answer_basis: "platform" | "ours" | "seen" | null;
  person_id: string | null;
  department_id: string | null;
  occurred_at: Date;
}

export interface ReportPage {
  after: readonly [Date, string] | null;
  limit: number;
}

/** Sorts newest first, after a position. */
export const pageOfItems = ({ after, limit }: ReportPage): RawBuilder<unknown> => sql`
  ${after === null ? sql`` : sql`and (i.occurred_at, i.mention_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
  order by i.occurred_at desc, i.mention_id desc limit ${limit}`;

/** The items that a figure counts; with `rootCause`, those that have it. */
export async function listReportItems(
  db: Db,
  question: ReportQuestion,
  figure: CountedFigure | { rootCause: string },
  page: ReportPage,
): Promise<ReportItem[]> {
  const condition =
    typeof figure === "string"
      ? countedFigures[figure](question.now)
      : sql`i.in_cohort and ${figure.rootCause} = any(i.root_causes)`;
  const { rows } = await sql<ReportItem>`
    with ${itemsOf(question, { owner: true, aspects: false })}
    select i.mention_id, i.case_id, i.answered_at, i.answer_basis, i.person_id, i.department_id, i.occurred_at
    from items i where ${condition} ${pageOfItems(page)}`.execute(db);
  return rows;
}
