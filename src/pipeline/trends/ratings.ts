import { type Share, shareOf } from "#domain/wilson.ts";
import { type Db, inSnapshot } from "#store/db.ts";
import { readTrend, type TrendQuestion } from "#store/trend.ts";
import { readStars, type StarCounts } from "#store/trend-stars.ts";

/** Ratings of a time or a source, in stars of five. */
interface RatingFigures {
  ratingCount: number;
  meanRating: number | null;
  /** Ratings that round to one star, to two, …, to five. */
  stars: [number, number, number, number, number];
  /** Of one and two stars, with a 95 % interval. */
  lowShare: Share | null;
  /** Of four and five stars. */
  highShare: Share | null;
}

export interface RatingsView {
  series: (RatingFigures & { start: Date; end: Date })[];
  totals: RatingFigures;
  /** Sources that gave ratings, the most first. */
  sources: (RatingFigures & { sourceId: string })[];
}

/** Ratings of every bucket and source of a brand. */
export const readRatings = (db: Db, question: TrendQuestion): Promise<RatingsView> =>
  inSnapshot(db, async snapshot => {
    const buckets = await readTrend(snapshot, question);
    const found = await readStars(snapshot, question);
    const byStart = Map.groupBy(found, row => row.start.getTime());
    const bySource = Map.groupBy(found, row => row.sourceId);
    return {
      series: buckets.map(({ start, end }) => ({
        start,
        end,
        ...figuresOf(byStart.get(start.getTime()) ?? []),
      })),
      totals: figuresOf(found),
      sources: [...bySource]
        .map(([sourceId, rows]) => ({ sourceId, ...figuresOf(rows) }))
        .sort((a, b) => b.ratingCount - a.ratingCount || (a.sourceId < b.sourceId ? -1 : 1)),
    };
  });

function figuresOf(rows: readonly StarCounts[]): RatingFigures {
  const stars: RatingFigures["stars"] = [0, 0, 0, 0, 0];
  let [ratingCount, ratingSum] = [0, 0];
  for (const row of rows) {
    ratingCount += row.ratingCount;
    ratingSum += row.ratingSum;
    for (const [index, count] of row.stars.entries()) stars[index] = (stars[index] as number) + count;
  }
  return {
    ratingCount,
    meanRating: ratingCount === 0 ? null : Math.round((ratingSum / ratingCount) * 1000) / 1000,
    stars,
    lowShare: shareOf(stars[0] + stars[1], ratingCount),
    highShare: shareOf(stars[3] + stars[4], ratingCount),
  };
}
