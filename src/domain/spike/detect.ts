import { hourMs, slotReader } from "./history.ts";
import { dayHours, levelOf, nearHours, type Seen } from "./level.ts";
import type { SpikeModel } from "./model.ts";
import { upperTail } from "./tail.ts";

export const minuteMs = 60_000;

/** Counts of the last minutes, oldest first. */
export interface Recent {
  /** The first minute; whole minutes. */
  startMs: number;
  counts: ArrayLike<number>;
  /** Minutes in which collecting failed. */
  holes: ArrayLike<boolean>;
}

/** So much of the past a look needs before the end of its window. */
export const recentMs = (dayHours + 2) * hourMs;

/** A window in which more was said than chance explains. */
export interface Spike {
  start: Date;
  end: Date;
  count: number;
  expected: number;
  /** Of so many or more by chance. */
  probability: number;
}

/**
 * Windows, with the probability below which chance is no explanation. Each is looked at every minute, and windows
 * that overlap repeat each other: by simulation a window of 10 minutes has some 10,000 independent looks a month,
 * one of two hours a thousand.
 */
const windows = [
  { minutes: 10, limit: 2.5e-5 },
  { minutes: 60, limit: 1e-5 },
  { minutes: 120, limit: 3e-5 },
] as const;

/**
 * A window is for expectations about here, where a threefold count just stands out of chance. Where less is
 * expected a longer window sees more, and where more is, a threefold count is far beyond any limit.
 */
const aimedAt = { from: 16, to: 36 };
const strictness = (expected: number): number =>
  Math.min(1, expected / aimedAt.from, aimedAt.to / expected) ** 2;

/** Less than this many times the expectation is no spike, however improbable: the week's shape is only learnt so well. */
const leastRatio = 2;

/** Prepared sums for looks at many moments of one stretch. */
export type Looker = (endMs: number, minCount: number) => Spike | null;

/** Makes the looks at one stretch of minutes; a look answers the least probable window that ends at its moment. */
export function lookerOf(model: SpikeModel, timezone: string, recent: Recent): Looker {
  const { startMs, counts } = recent;
  const sums = sumsOf(model, timezone, recent);
  const indexOf = (at: number) => Math.max(0, Math.min(counts.length, Math.round((at - startMs) / minuteMs)));
  const seen = (from: number, to: number): Seen => ({
    count: diff(sums.count, from, to),
    expected: diff(sums.expected, from, to),
  });
  const judge = (end: number, minutes: number, limit: number, minCount: number): Spike | null => {
    const begin = end - minutes;
    if (begin < 0) return null;
    let count = 0;
    for (let index = begin; index < end; index++) count += counts[index] ?? 0;
    if (count < minCount) return null;
    const near = seen(Math.max(0, begin - nearHours * 60), begin);
    const day = seen(Math.max(0, begin - dayHours * 60), begin);
    // What a hole has kept back may arrive now, and is no news.
    const owed = diff(sums.owed, Math.max(0, begin - 180), end);
    const expected = (diff(sums.gliding, begin, end) + owed) * levelOf(near, day, model.level);
    if (count < leastRatio * expected) return null;
    const probability = upperTail(
      count,
      expected,
      dispersionOf(model, minutes) + diff(sums.slack, begin, end) / minutes,
    );
    if (probability >= limit * strictness(expected)) return null;
    return {
      start: new Date(startMs + begin * minuteMs),
      end: new Date(startMs + end * minuteMs),
      count,
      expected,
      probability,
    };
  };
  return (endMs, minCount) => {
    const end = indexOf(endMs);
    const found = windows.flatMap(({ minutes, limit }) => judge(end, minutes, limit, minCount) ?? []);
    return found.toSorted((a, b) => a.probability - b.probability)[0] ?? null;
  };
}

const diff = (sums: Float64Array, from: number, to: number): number =>
  (sums[to] as number) - (sums[from] as number);

/** Running sums by the minute. */
interface Sums {
  count: Float64Array;
  expected: Float64Array;
  /** The same, gliding from the middle of an hour to the middle of the next. */
  gliding: Float64Array;
  owed: Float64Array;
  slack: Float64Array;
}

function sumsOf(model: SpikeModel, timezone: string, { startMs, counts, holes }: Recent): Sums {
  const make = () => new Float64Array(counts.length + 1);
  const sums: Sums = { count: make(), expected: make(), gliding: make(), owed: make(), slack: make() };
  const read = slotReader(timezone);
  const meanAt = (at: number) => model.means[read(at).slot] ?? 0;
  for (let index = 0; index < counts.length; index++) {
    const at = startMs + index * minuteMs;
    const { slot } = read(at);
    const mean = (model.means[slot] ?? 0) / 60;
    const within = (at % hourMs) / hourMs;
    const neighbour = meanAt(within < 0.5 ? at - hourMs / 2 : at + hourMs / 2) / 60;
    const share = Math.abs(within - 0.5);
    const isHole = holes[index] === true;
    add(sums.count, index, isHole ? 0 : (counts[index] ?? 0));
    add(sums.expected, index, isHole ? 0 : mean);
    add(sums.gliding, index, isHole ? 0 : mean * (1 - share) + neighbour * share);
    add(sums.owed, index, isHole ? mean : 0);
    add(sums.slack, index, model.slack[slot] ?? 0);
  }
  return sums;
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index + 1] = (sums[index] as number) + value;
}

/** Dispersion grows where counts are taken over less time; 10 minutes follow from the quarter and the hour. */
function dispersionOf({ dispersion: { quarter, hour, twoHours } }: SpikeModel, minutes: number): number {
  if (minutes >= 120) return twoHours;
  if (minutes >= 60) return Math.max(hour, twoHours);
  const slope = Math.min(1, Math.max(0, Math.log(quarter / hour) / Math.log(4)));
  return Math.max(quarter, hour) * (15 / minutes) ** slope;
}
