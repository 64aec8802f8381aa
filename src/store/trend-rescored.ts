import { sql } from "kysely";
import type { Counts } from "#domain/metrics.ts";
import { type Db, inSnapshot } from "./db.ts";
import {
  type Grouping,
  groupings,
  readGroupedTrend,
  readTrend,
  type TrendBucket,
  type TrendQuestion,
} from "./trend.ts";

/** By how much the newest scores move the counts of a bucket. */
interface Difference {
  start: Date;
  /** The value that the trend is split by, or null. */
  group: string | null;
  positive: number;
  neutral: number;
  negative: number;
  scoreSum: number;
}

/** The differences between two instants by bucket; a little more is read, as a zone may repeat its midnight. */
async function readDifferences(
  db: Db,
  { brandId, bucket, timezone }: TrendQuestion,
  { from, to }: { from: Date; to: Date },
  grouping: Grouping | null,
): Promise<Difference[]> {
  const start =
    bucket === "hour"
      ? sql`date_trunc('hour', r.start, ${timezone})`
      : sql`date_trunc(${bucket}, r.start at time zone ${timezone}) at time zone ${timezone}`;
  const group = grouping === null ? sql`null::text` : sql.raw(`r.${groupings[grouping]}`);
  const { rows } = await sql<Difference>`
    select ${start} as start, ${group} as "group", sum(positive)::int as positive, sum(neutral)::int as neutral,
      sum(negative)::int as negative, sum(score_sum)::float8 as "scoreSum"
    from rescore_quarter r
    where brand_id = ${brandId} and r.start >= ${from}::timestamptz - interval '2 hours'
      and r.start < ${to}::timestamptz + interval '2 hours'
    group by 1, 2`.execute(db);
  return rows;
}

const keyOf = (start: Date, group: string | null): string => `${start.getTime()} ${group ?? ""}`;

async function moved<Row extends Counts & { start: Date }>(
  db: Db,
  question: TrendQuestion,
  found: Row[],
  range: { from: Date; to: Date },
  grouping: Grouping | null,
  groupOf: (row: Row) => string | null,
): Promise<Row[]> {
  const differences = new Map(
    (await readDifferences(db, question, range, grouping)).map(one => [keyOf(one.start, one.group), one]),
  );
  return found.map(row => {
    const by = differences.get(keyOf(row.start, groupOf(row)));
    if (by === undefined) return row;
    return {
      ...row,
      positive: row.positive + by.positive,
      neutral: row.neutral + by.neutral,
      negative: row.negative + by.negative,
      scoreSum: row.scoreSum + by.scoreSum,
    };
  });
}

/** `readTrend` with the newest score of each mention in place of the first. */
export const readRescoredTrend = (db: Db, question: TrendQuestion): Promise<TrendBucket[]> =>
  inSnapshot(db, async snapshot => {
    const found = await readTrend(snapshot, question);
    const range = { from: found[0]?.start ?? question.from, to: found.at(-1)?.end ?? question.to };
    return moved(snapshot, question, found, range, null, () => null);
  });

/** `readGroupedTrend` with the newest score of each mention in place of the first; `range` spans all buckets. */
export const readRescoredGroups = (
  db: Db,
  question: TrendQuestion,
  grouping: Grouping,
  range: { from: Date; to: Date },
): Promise<(Counts & { start: Date; group: string })[]> =>
  inSnapshot(db, async snapshot => {
    const found = await readGroupedTrend(snapshot, question, grouping);
    return moved(snapshot, question, found, range, grouping, row => row.group);
  });
