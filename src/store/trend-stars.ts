import type { Db } from "./db.ts";
import type { TrendQuestion } from "./trend.ts";
import { type Figure, sumsByBucket } from "./trend-sums.ts";

/** Ratings of a source in a bucket; `stars[0]` are those that round to one of five. */
export interface StarCounts {
  start: Date;
  sourceId: string;
  ratingCount: number;
  /** Stars of five. */
  ratingSum: number;
  stars: [number, number, number, number, number];
}

const names = ["stars_1", "stars_2", "stars_3", "stars_4", "stars_5"] as const;
const figures: readonly Figure[] = [
  ["rating_count", "ratingCount", "int"],
  ["rating_sum", "ratingSum", "float8"],
  ...names.map(name => [name, name, "int"] as const),
];
const tables = { day: "total_day", hour: "total_hour", quarter: "rollup_quarter" };

type Row = Record<(typeof names)[number], number> &
  Omit<StarCounts, "sourceId" | "stars"> & { group: string };

/** Ratings by bucket and source; buckets without one are left out. */
export async function readStars(db: Db, question: TrendQuestion): Promise<StarCounts[]> {
  const { rows } = await sumsByBucket(question, tables, figures, "source_id").$castTo<Row>().execute(db);
  return rows
    .filter(row => row.ratingCount > 0)
    .map(({ start, group, ratingCount, ratingSum, ...row }) => ({
      start,
      sourceId: group,
      ratingCount,
      ratingSum,
      stars: [row.stars_1, row.stars_2, row.stars_3, row.stars_4, row.stars_5],
    }));
}
