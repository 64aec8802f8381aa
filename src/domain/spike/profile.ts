import { type Hours, slotCount } from "./history.ts";

/** Mentions an hour that each hour of the week brings. */
export interface Profile {
  means: Float64Array;
  /** Relative variance of each mean: few weeks leave it uncertain. */
  slack: Float64Array;
  /** Weight of the hour's own weeks in its mean, the rest being the shape of the week; by hours seen. */
  ownWeight: Float64Array;
  seen: Float64Array;
}

/** Fewer than this an hour are too few to tell one hour from another by. */
const leastMean = 0.05;

/**
 * The usual week: each hour's own mean drawn towards the shape that weekdays, and weekends, have in common, by as
 * much as chance alone would explain their difference (empirical Bayes; B. Efron, C. Morris, JASA 70, 1975).
 */
export function profileOf({ counts, slots, usable }: Hours, dispersion: number): Profile {
  const sums = new Float64Array(slotCount);
  const seen = new Float64Array(slotCount);
  for (let index = 0; index < counts.length; index++) {
    if (usable[index] !== 1) continue;
    const slot = slots[index] as number;
    sums[slot] = at(sums, slot) + at(counts, index);
    seen[slot] = at(seen, slot) + 1;
  }
  const shape = shapeOf(sums, seen);
  const between = varianceAround(shape, sums, seen, dispersion);
  const profile: Profile = {
    means: new Float64Array(slotCount),
    slack: new Float64Array(slotCount),
    ownWeight: new Float64Array(slotCount),
    seen,
  };
  for (let slot = 0; slot < slotCount; slot++) {
    const prior = at(shape, slot);
    const count = at(seen, slot);
    const chance = count === 0 ? 1 : (dispersion + 1 / prior) / count;
    const weight = count === 0 ? 0 : between / (between + chance);
    const own = count === 0 ? prior : at(sums, slot) / count;
    profile.ownWeight[slot] = weight;
    profile.means[slot] = Math.max(leastMean, (1 - weight) * prior + weight * own);
    profile.slack[slot] = Math.min(1, weight * chance);
  }
  return profile;
}

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;

const daysAlike = [
  [0, 1, 2, 3, 4],
  [5, 6],
] as const;

/** Hours of the day by weekdays and weekends, times how busy the day is among its like. */
function shapeOf(sums: Float64Array, seen: Float64Array): Float64Array {
  const shape = new Float64Array(slotCount).fill(leastMean);
  /** The mean of these hours of the week, each weighing alike; null where none was seen. */
  const pooled = (slots: readonly number[]): number | null => {
    const known = slots.filter(slot => at(seen, slot) > 0);
    if (known.length === 0) return null;
    return known.reduce((sum, slot) => sum + at(sums, slot) / at(seen, slot), 0) / known.length;
  };
  for (const days of daysAlike) {
    const ofLike = pooled(days.flatMap(day => hoursOfDay(day)));
    if (ofLike === null || ofLike === 0) continue;
    const ofHour = hoursOfDay(0).map(hour => pooled(days.map(day => day * 24 + hour)) ?? ofLike);
    for (const day of days) {
      const ofDay = pooled(hoursOfDay(day)) ?? ofLike;
      ofHour.forEach((mean, hour) => {
        shape[day * 24 + hour] = Math.max(leastMean, (mean * ofDay) / ofLike);
      });
    }
  }
  return shape;
}

const hoursOfDay = (day: number): number[] => Array.from({ length: 24 }, (_, hour) => day * 24 + hour);

/** How far hours of the week truly lie from the shape: relative variance by moments, chance taken off. */
function varianceAround(
  shape: Float64Array,
  sums: Float64Array,
  seen: Float64Array,
  dispersion: number,
): number {
  let [squares, weights] = [0, 0];
  for (let slot = 0; slot < slotCount; slot++) {
    const [prior, count] = [at(shape, slot), at(seen, slot)];
    if (count === 0) continue;
    const distance = at(sums, slot) / count - prior;
    squares += distance * distance - (dispersion * prior * prior + prior) / count;
    weights += prior * prior;
  }
  return Math.max(1e-4, weights > 0 ? squares / weights : 0);
}
