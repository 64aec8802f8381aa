import type { Db } from "./db.ts";
import type { TrendQuestion } from "./trend.ts";
import { type Figure, sumsByBucket } from "./trend-sums.ts";

/** Mentions of a bucket that speak of an aspect, by the tone toward it. */
export interface AspectTones {
  aspect: string;
  total: number;
  positive: number;
  neutral: number;
  negative: number;
}

/** The same with the mentions whose own tone the aspect carries, in parts of `wholeShare`. */
export interface AspectWeights extends AspectTones {
  positiveShare: number;
  neutralShare: number;
  negativeShare: number;
}

const figures: readonly Figure[] = [
  ["total", "total", "int"],
  ["positive", "positive", "int"],
  ["neutral", "neutral", "int"],
  ["negative", "negative", "int"],
  ["positive_share", "positiveShare", "float8"],
  ["neutral_share", "neutralShare", "float8"],
  ["negative_share", "negativeShare", "float8"],
];
const tables = { day: "aspect_day", hour: "aspect_hour", quarter: "aspect_quarter" };

type Row = Omit<AspectWeights, "aspect"> & { start: Date; group: string };

/** Counts by bucket and aspect; buckets without one are left out. */
export async function readAspectTrend(
  db: Db,
  question: TrendQuestion,
): Promise<(AspectWeights & { start: Date })[]> {
  const { rows } = await sumsByBucket(question, tables, figures, "aspect").$castTo<Row>().execute(db);
  return rows.filter(row => row.total > 0).map(({ group, ...row }) => ({ ...row, aspect: group }));
}
