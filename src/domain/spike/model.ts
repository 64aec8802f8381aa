import { type Hours, hoursOf, quarterMs, type SpikeHistory } from "./history.ts";
import { type LevelWeights, levelReader, levelWeightings } from "./level.ts";
import { type Profile, profileOf } from "./profile.ts";
import { upperTail } from "./tail.ts";
import { markUnusual } from "./unusual.ts";

/** What is usual for a brand: how much, and how far chance strays from it. */
export interface SpikeModel {
  /** Mentions an hour, by the hour of the week. */
  means: number[];
  slack: number[];
  level: LevelWeights;
  /** Over-dispersion of counts of a quarter-hour, an hour, two hours. */
  dispersion: { quarter: number; hour: number; twoHours: number };
}

/** Less of the past says nothing of a week. */
const leastDays = 14;
const leastSpanDays = 20;
const firstGuess = 0.05;
const rounds = 3;

/**
 * Learns what is usual from some weeks of the past; null when there are too few. Holes, days off the week's shape
 * and past spikes teach nothing.
 */
export function learnUsual(history: SpikeHistory, timezone: string): SpikeModel | null {
  const hours = hoursOf(history, timezone);
  if (hours.counts.length < leastSpanDays * 24 || usableCount(hours) < leastDays * 24) return null;
  let dispersion = firstGuess;
  for (let round = 0; round < rounds; round++) {
    const expected = expectedOf(hours, profileOf(hours, dispersion));
    markUnusual(hours, expected, dispersion);
    const pairs = hourPairs(openPast(hours, expected), levelWeightings[0] as LevelWeights);
    dispersion = Math.max(0.005, momentOf(pairs));
  }
  const profile = profileOf(hours, dispersion);
  const past = openPast(hours, expectedOf(hours, profile));
  const level = bestWeights(past);
  return {
    means: [...profile.means],
    slack: [...profile.slack],
    level,
    dispersion: {
      quarter: calibrated(quarterPairs(past, level, history)),
      hour: calibrated(hourPairs(past, level)),
      twoHours: calibrated(twoHourPairs(past, level)),
    },
  };
}

const usableCount = ({ usable }: Hours): number => usable.reduce((sum, value) => sum + value, 0);

/** What each hour of the past was to bring, by the other weeks alone. */
function expectedOf({ counts, slots, usable }: Hours, { means, ownWeight, seen }: Profile): Float64Array {
  return Float64Array.from(counts, (count, index) => {
    const slot = slots[index] as number;
    const mean = means[slot] as number;
    const n = seen[slot] as number;
    const weight = ownWeight[slot] as number;
    // The own count taken out of a mean of n: as much as it had drawn the mean to itself.
    const pull = usable[index] === 1 && n > 1 ? (weight * (mean - count)) / (n - 1) : 0;
    return Math.max(mean * 0.25, mean + pull);
  });
}

/** The past as it was to be expected. */
interface Past {
  hours: Hours;
  expected: Float64Array;
  level: ReturnType<typeof levelReader>;
}

const openPast = (hours: Hours, expected: Float64Array): Past => ({
  hours,
  expected,
  level: levelReader(hours.counts, expected, hours.usable),
});

/** A count of the past beside what was expected of it. */
interface Pair {
  count: number;
  expected: number;
}

/** The first day is left out: nothing is known of the level before it. */
const firstHour = 24;

function hourPairs({ hours, expected, level }: Past, weights: LevelWeights): Pair[] {
  const pairs: Pair[] = [];
  for (let index = firstHour; index < hours.counts.length; index++) {
    if (hours.usable[index] !== 1) continue;
    const mean = (expected[index] as number) * level(index, weights);
    pairs.push({ count: hours.counts[index] as number, expected: mean });
  }
  return pairs;
}

function twoHourPairs({ hours, expected, level }: Past, weights: LevelWeights): Pair[] {
  const pairs: Pair[] = [];
  for (let index = firstHour; index + 1 < hours.counts.length; index++) {
    if (hours.usable[index] !== 1 || hours.usable[index + 1] !== 1) continue;
    const mean = (expected[index] as number) + (expected[index + 1] as number);
    const count = (hours.counts[index] as number) + (hours.counts[index + 1] as number);
    pairs.push({ count, expected: mean * level(index, weights) });
  }
  return pairs;
}

function quarterPairs(
  { hours, expected, level }: Past,
  weights: LevelWeights,
  history: SpikeHistory,
): Pair[] {
  const pairs: Pair[] = [];
  const first = (hours.startMs - history.startMs) / quarterMs;
  for (let index = firstHour; index < hours.counts.length; index++) {
    if (hours.usable[index] !== 1) continue;
    const mean = ((expected[index] as number) * level(index, weights)) / 4;
    for (let quarter = first + index * 4; quarter < first + index * 4 + 4; quarter++) {
      pairs.push({ count: history.counts[quarter] ?? 0, expected: mean });
    }
  }
  return pairs;
}

/** Over-dispersion by moments; where counts stray further up than down, what lies above counts twice. */
function momentOf(pairs: readonly Pair[]): number {
  let [all, above, weights] = [0, 0, 0];
  for (const { count, expected } of pairs) {
    const excess = (count - expected) ** 2 - expected;
    all += excess;
    if (count > expected) above += 2 * excess + expected;
    else above -= expected;
    weights += expected * expected;
  }
  return weights === 0 ? 0 : Math.max(all, above, 0) / weights;
}

/** The second largest surprise of the past may be this many times rarer than as many looks make it. */
const strayFactor = 5;
const step = 1.25;
const mostSteps = 25;

/** Moments see the middle of the counts; where bursts make the tail longer, the dispersion is raised until the past fits. */
function calibrated(pairs: readonly Pair[]): number {
  let dispersion = Math.max(0.002, momentOf(pairs));
  const suspects = pairs.filter(({ count, expected }) => count > expected * 1.3 && count >= 5);
  for (let turn = 0; turn < mostSteps; turn++) {
    const tails = suspects
      .map(({ count, expected }) => upperTail(count, expected, dispersion))
      .toSorted((a, b) => a - b);
    if ((tails[1] ?? 1) * pairs.length * strayFactor >= 1) break;
    dispersion *= step;
  }
  return dispersion;
}

/** The weights of the recent level that would have told the past's hours best, by squared error in units of chance. */
function bestWeights(past: Past): LevelWeights {
  let [best, least] = [levelWeightings[0] as LevelWeights, Number.POSITIVE_INFINITY];
  for (const weights of levelWeightings) {
    const loss = hourPairs(past, weights).reduce(
      (sum, { count, expected }) => sum + (count - expected) ** 2 / (expected + 1),
      0,
    );
    // A more complicated explanation has to be a better one.
    if (loss < least * 0.99) [best, least] = [weights, loss];
  }
  return best;
}
