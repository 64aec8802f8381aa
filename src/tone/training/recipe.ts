import { blockOfKind } from "#tone/model/blocks.ts";
import type { Example } from "./example.ts";
import type { LearnOptions } from "./learn.ts";
import type { Row } from "./rows.ts";

/** What is learned, how, and how much each set counts; docs/decisions/0004-trained-tone.md says why. */
export interface Recipe {
  learn: Omit<LearnOptions, "seed">;
  /** So many models of each part are learned from the same texts in another order and averaged. */
  modelCount: number;
  /**
   * What models that know the lexicon alone count in the sum: words learned from one domain mislead in
   * another, the lexicon does so less.
   */
  lexiconShare: number;
  /** Whether to learn what stars add; it takes a model more. */
  learnStars: boolean;
  /** A set of `n` rows counts as n · (usualRows / n) ^ evenness. */
  evenness: number;
  usualRows: number;
  /** Rare classes of a set count more: (mean rows per class / rows of the class) ^ classEvenness. */
  classEvenness: number;
  mostWeight: number;
  /** Factors by set; 1 where nothing is said. */
  setWeights: Readonly<Record<string, number>>;
}

export const recipe: Recipe = {
  learn: {
    epochs: 3,
    rate: 0.05,
    kindDropout: 0.3,
    wordDropout: 0.1,
    lengthFloor: 4,
    lengthPower: 0.5,
    leastUses: 2,
  },
  modelCount: 6,
  lexiconShare: 0.4,
  learnStars: true,
  evenness: 0.5,
  usualRows: 4000,
  classEvenness: 0.3,
  mostWeight: 4,
  setWeights: {
    ru_cedr: 1.25,
    ru_rusentitweet: 1.5,
    corpus: 2.5,
    pairs: 1.5,
    "corpus, torn": 2,
    "pairs, torn": 1.5,
  },
};

/** Gives the rows that are kept their weights; the number of a row is that of its text in the encoding. */
export function examplesOf(rows: readonly Row[], kept: (row: Row) => boolean, recipe: Recipe): Example[] {
  const counts = new Map<string, [number, number, number]>();
  for (const row of rows) {
    if (!kept(row)) continue;
    const count = counts.get(row.set) ?? [0, 0, 0];
    count[row.label]++;
    counts.set(row.set, count);
  }
  const held = (value: number): number => Math.min(recipe.mostWeight, value);
  return rows.flatMap((row, text) => {
    if (!kept(row)) return [];
    const { set, label, polar, input } = row;
    const count = counts.get(set) ?? [0, 0, 0];
    const total = count[0] + count[1] + count[2];
    const present = count.filter(rows => rows > 0).length;
    const forSet = held((recipe.usualRows / total) ** recipe.evenness) * (recipe.setWeights[set] ?? 1);
    const forClass = held((total / present / count[label]) ** recipe.classEvenness);
    return [{ text, label, block: blockOfKind(input.kind), weight: forSet * forClass, polar }];
  });
}
