import { createRandom } from "./random.ts";
import type { ClassIndex } from "./rows.ts";

/** One judged text: its true class, the class that was said, P(negative), P(the class said). */
export interface Judged {
  truth: ClassIndex;
  said: ClassIndex;
  negative: number;
  confidence: number;
}

export type Measure = (rows: readonly Judged[]) => number;

function f1(rows: readonly Judged[], label: ClassIndex): number {
  let hit = 0;
  let either = 0;
  for (const { truth, said } of rows) {
    if (truth === label) either++;
    if (said === label) either++;
    if (truth === label && said === label) hit++;
  }
  return either === 0 ? 0 : (2 * hit) / either;
}

/** Mean F1 of negative and positive over all rows: a neutral row may be said wrongly, too. */
export const polarF1: Measure = rows => (f1(rows, 0) + f1(rows, 2)) / 2;
/** Mean F1 of the three classes. */
export const macroF1: Measure = rows => (f1(rows, 0) + f1(rows, 1) + f1(rows, 2)) / 3;
/** Mean F1 of negative and positive over the rows that are one of them; "neutral" is then always wrong. */
export const twoClassF1: Measure = rows => polarF1(rows.filter(row => row.truth !== 1));

/** The measures that sets are judged by, by name. */
export const measures = { polarF1, macroF1, twoClassF1 } as const;
export type JudgedBy = keyof typeof measures;

/** The largest recall of negatives at a precision of 0.9 or more that some threshold on P(negative) gives. */
export const negativeRecall: Measure = rows => {
  const total = rows.filter(row => row.truth === 0).length;
  let hit = 0;
  let best = 0;
  const sorted = rows.toSorted((a, b) => b.negative - a.negative);
  for (const [at, row] of sorted.entries()) {
    if (row.truth === 0) hit++;
    const isEdge = sorted[at + 1]?.negative !== row.negative;
    if (isEdge && hit / (at + 1) >= 0.9) best = hit / total;
  }
  return best;
};

const bins = 10;

/** Expected calibration error over ten bins of equal width. */
export const calibrationError: Measure = rows => {
  const gaps = new Float64Array(bins);
  for (const { truth, said, confidence } of rows) {
    const bin = Math.min(bins - 1, Math.floor(confidence * bins));
    gaps[bin] = (gaps[bin] as number) + confidence - (truth === said ? 1 : 0);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / rows.length;
};

const resamples = 400;

/** The mean of a measure over sets. */
export const meanOf = (sets: readonly (readonly Judged[])[], measure: Measure): number =>
  sets.reduce((sum, rows) => sum + measure(rows), 0) / sets.length;

/**
 * The bootstrap's 95 % interval of a measure's mean over sets, each drawn anew from itself, by a seeded stream.
 * A calibration error grows by drawing, so its interval is the reflected one.
 */
export function interval(
  sets: readonly (readonly Judged[])[],
  measure: Measure,
): [low: number, high: number] {
  const random = createRandom(1);
  const values: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const drawn = sets.map(rows => rows.map(() => rows[Math.floor(random() * rows.length)] as Judged));
    values.push(meanOf(drawn, measure));
  }
  values.sort((a, b) => a - b);
  const low = values[Math.floor(0.025 * resamples)] ?? 0;
  const high = values[Math.ceil(0.975 * resamples) - 1] ?? 0;
  if (measure !== calibrationError) return [low, high];
  const found = meanOf(sets, measure);
  return [Math.max(0, 2 * found - high), Math.max(0, 2 * found - low)];
}
