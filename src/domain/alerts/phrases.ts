import { type Frequency, likelihoodRatio } from "#domain/topics/significance.ts";

/** A phrase that texts of a spike have and others have not. */
export interface RisingPhrase {
  phrase: string;
  /** Texts of the spike that have it. */
  count: number;
}

const word = /[\p{L}\p{N}][\p{L}\p{N}-]*/gu;
const longest = 2;
/** A text is read so far: what it is about stands at its beginning. */
const readWords = 200;
const leastTexts = 3;
/** G² above this is chance in one of 10,000 phrases (χ² with one degree of freedom). */
const leastG2 = 15.1;

/**
 * Words and pairs of words that texts of a spike have more often than texts before it, by Dunning's G² of the
 * numbers of texts. A phrase that shares a word with a stronger one is left out.
 */
export function risingPhrases(
  now: readonly string[],
  before: readonly string[],
  limit: number,
): RisingPhrase[] {
  const counts = textsWith(now);
  const usual = textsWith(before);
  const scored = [...counts]
    .filter(([, count]) => count >= leastTexts)
    .map(([phrase, count]) => ({
      phrase,
      count,
      g2: excess({ count, of: now.length }, { count: usual.get(phrase) ?? 0, of: before.length }),
    }))
    .filter(({ g2 }) => g2 >= leastG2)
    .toSorted((a, b) => b.g2 - a.g2 || b.phrase.length - a.phrase.length);
  const told: RisingPhrase[] = [];
  for (const { phrase, count } of scored) {
    if (told.length === limit) break;
    if (!told.some(other => sharesWord(other.phrase, phrase))) told.push({ phrase, count });
  }
  return told;
}

/** G² where the first share is the larger one, else 0. */
const excess = (one: Frequency, two: Frequency): number =>
  two.of > 0 && one.count / one.of > two.count / two.of ? likelihoodRatio(one, two) : 0;

const sharesWord = (a: string, b: string): boolean => {
  const words = a.split(" ");
  return b.split(" ").some(each => words.includes(each));
};

function textsWith(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const words = [...text.toLowerCase().replaceAll("ё", "е").matchAll(word)]
      .slice(0, readWords)
      .map(([found]) => found);
    const phrases = new Set<string>();
    words.forEach((first, index) => {
      if (first.length >= 4) phrases.add(first);
      const pair = words.slice(index, index + longest);
      if (pair.length === longest && pair.some(each => each.length >= 4)) phrases.add(pair.join(" "));
    });
    for (const phrase of phrases) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  return counts;
}
