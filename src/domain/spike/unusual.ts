import type { Hours } from "./history.ts";
import { upperTail } from "./tail.ts";

/** Nothing where so many were expected is a collector that was silent, not a quiet hour. */
const silentExpected = 15;
/** Days that differ from the week's shape by this share at least, and stand out among the days. */
const leastDayShift = 0.3;
const outlyingMads = 4;
const mostDaysShare = 0.2;
/** Hours as rare as this are past spikes; at most this share of all, or they are the brand's way. */
const spikeTail = 1e-6;
const spikeRatio = 2;
const mostSpikesShare = 0.012;

/** Takes hours out that do not tell what is usual: silent collectors, days off the week's shape, past spikes. */
export function markUnusual(hours: Hours, expected: Float64Array, dispersion: number): void {
  markSilence(hours, expected);
  markDays(hours, expected);
  markSpikes(hours, expected, dispersion);
}

function markSilence({ counts, usable }: Hours, expected: Float64Array): void {
  let start = 0;
  let sum = 0;
  for (let index = 0; index <= counts.length; index++) {
    if (index < counts.length && counts[index] === 0) {
      sum += expected[index] as number;
      continue;
    }
    if (sum >= silentExpected) usable.fill(0, start, index);
    start = index + 1;
    sum = 0;
  }
}

function markDays({ counts, usable, days }: Hours, expected: Float64Array): void {
  const byDay = new Map<number, { count: number; expected: number; indices: number[] }>();
  counts.forEach((count, index) => {
    if (usable[index] !== 1) return;
    const day = byDay.get(days[index] as number) ?? { count: 0, expected: 0, indices: [] };
    byDay.set(days[index] as number, day);
    day.count += count;
    day.expected += expected[index] as number;
    day.indices.push(index);
  });
  const shifts = [...byDay.values()].map(day => ({
    ...day,
    shift: Math.log((day.count + 1) / (day.expected + 1)),
  }));
  const middle = median(shifts.map(({ shift }) => shift));
  const mad = median(shifts.map(({ shift }) => Math.abs(shift - middle)));
  const limit = Math.max(leastDayShift, outlyingMads * mad);
  const outlying = shifts
    .filter(({ shift, indices }) => indices.length >= 12 && Math.abs(shift - middle) > limit)
    .toSorted((a, b) => Math.abs(b.shift - middle) - Math.abs(a.shift - middle))
    .slice(0, Math.floor(shifts.length * mostDaysShare));
  for (const { indices } of outlying) for (const index of indices) usable[index] = 0;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function markSpikes({ counts, usable }: Hours, expected: Float64Array, dispersion: number): void {
  const found: { index: number; tail: number }[] = [];
  counts.forEach((count, index) => {
    const mean = expected[index] as number;
    if (usable[index] !== 1 || count < spikeRatio * mean || count < 8) return;
    const tail = upperTail(count, mean, dispersion);
    if (tail < spikeTail) found.push({ index, tail });
  });
  const most = Math.floor(counts.length * mostSpikesShare);
  for (const { index } of found.toSorted((a, b) => a.tail - b.tail).slice(0, most)) usable[index] = 0;
}
