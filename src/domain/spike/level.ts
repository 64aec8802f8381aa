/** How much the recent level counts: of the two hours before, and of the day before. */
export interface LevelWeights {
  near: number;
  day: number;
}

/** From the simplest to the most mobile. */
export const levelWeightings: readonly LevelWeights[] = [
  { near: 0, day: 0 },
  { near: 0, day: 0.3 },
  { near: 0, day: 0.6 },
  { near: 0, day: 0.9 },
  { near: 0.3, day: 0 },
  { near: 0.3, day: 0.3 },
  { near: 0.3, day: 0.6 },
  { near: 0.6, day: 0 },
  { near: 0.6, day: 0.3 },
  { near: 0.85, day: 0 },
];

/** What was seen of a stretch beside what was expected of it. */
export interface Seen {
  count: number;
  expected: number;
}

/** So many mentions as expected are added to both sides: a quiet night says little about the level. */
const inertia = 4;
/** Hours that were busier than usual by more than this, beyond chance, are believed whatever the past says. */
const believed = 1.15;

/** How many times the usual the present is, from what came before it. */
export function levelOf(near: Seen, day: Seen, weights: LevelWeights): number {
  const ratio = ({ count, expected }: Seen) => (count + inertia) / (expected + inertia);
  const blend =
    1 - weights.near - weights.day + weights.near * Math.min(3, ratio(near)) + weights.day * ratio(day);
  return Math.min(4, Math.max(0.5, blend, surely(near) / believed, surely(day) / believed));
}

/** How many times the expectation there were at least, two deviations of chance taken off. */
const surely = ({ count, expected }: Seen) =>
  expected > 0 ? Math.max(0, count - 2 * Math.sqrt(count + 1)) / (expected + inertia) : 0;

export const nearHours = 2;
export const dayHours = 24;

/** Levels at the beginning of each hour of the past, from hours that may be used. */
export function levelReader(
  counts: Float64Array,
  expected: Float64Array,
  usable: Uint8Array,
): (index: number, weights: LevelWeights) => number {
  const seen = new Float64Array(counts.length + 1);
  const due = new Float64Array(counts.length + 1);
  counts.forEach((count, index) => {
    const isUsable = usable[index] === 1;
    seen[index + 1] = (seen[index] as number) + (isUsable ? count : 0);
    due[index + 1] = (due[index] as number) + (isUsable ? (expected[index] as number) : 0);
  });
  const before = (index: number, hours: number): Seen => {
    const from = Math.max(0, index - hours);
    return {
      count: (seen[index] as number) - (seen[from] as number),
      expected: (due[index] as number) - (due[from] as number),
    };
  };
  return (index, weights) => levelOf(before(index, nearHours), before(index, dayHours), weights);
}
