import type { Firing } from "./firing.ts";
import type { RuleSettings } from "./kinds.ts";

/** Stars of five that one source brought on one day of the brand. */
export interface RatedDay {
  /** YYYY-MM-DD */
  day: string;
  sourceId: string;
  sum: number;
  count: number;
}

/** The days looked at against so many times as many before them. */
const baselineTimes = 4;
export const ratingDays = ({ days }: { days: number }): number => days * (1 + baselineTimes);
/** Deviations by which a drop has to exceed chance: one-sided, about one in 1,000. */
const leastZ = 3;

/**
 * Sources whose mean of the last whole days fell below that of the days before, by at least `minDrop` and by more
 * than chance. Welch's statistic with the largest variance that a mean on 1…5 allows, (m − 1)(5 − m): too
 * cautious rather than too loud. A source is told once in `days`; `told` are the last days told, by source, which
 * this adds to.
 */
export function ratingDropsOn(
  settings: RuleSettings<"rating-drop">,
  ratings: readonly RatedDay[],
  day: string,
  told: Map<string, string>,
  at: Date,
): Firing[] {
  const { days, minCount, minDrop, sourceIds } = settings;
  const [start, baseStart] = [dayBefore(day, days - 1), dayBefore(day, ratingDays(settings) - 1)];
  const firings: Firing[] = [];
  for (const [sourceId, rows] of Map.groupBy(ratings, row => row.sourceId)) {
    if (sourceIds?.includes(sourceId) === false) continue;
    const last = told.get(sourceId);
    if (last !== undefined && last > dayBefore(day, days)) continue;
    const now = meanOf(rows.filter(row => row.day >= start && row.day <= day));
    const before = meanOf(rows.filter(row => row.day >= baseStart && row.day < start));
    const drop = before.mean - now.mean;
    if (now.count < minCount || before.count < minCount || drop < minDrop) continue;
    if (drop < leastZ * Math.sqrt(now.variance / now.count + before.variance / before.count)) continue;
    told.set(sourceId, day);
    firings.push({
      subject: `rating:${sourceId}:${day}`,
      at,
      mentionId: null,
      caseId: null,
      sourceId,
      reason: {
        day,
        days,
        mean: rounded(now.mean),
        before: rounded(before.mean),
        drop: rounded(drop),
        count: now.count,
      },
    });
  }
  return firings;
}

function meanOf(rows: readonly RatedDay[]): { mean: number; count: number; variance: number } {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const mean = count === 0 ? 0 : rows.reduce((sum, row) => sum + row.sum, 0) / count;
  // Never quite certain, even where all ratings were alike.
  return { mean, count, variance: Math.max(0.25, (mean - 1) * (5 - mean)) };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** The day so many days before another; both YYYY-MM-DD. */
export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
