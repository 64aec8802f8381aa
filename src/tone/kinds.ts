import type { TextKind } from "#domain/item.ts";

/**
 * How a family of text kinds is judged, in units of the logit (see `unitsPerLogit`). The unequal
 * thresholds are its prior: reviewers complain in plain facts, news quote the words of others.
 */
export interface Family {
  /** A text is positive from here on, negative from minus `negativeFrom` on. */
  positiveFrom: number;
  negativeFrom: number;
  /** Percent of the evidence that counts. */
  trust: number;
  /** P(the label is right) = logistic((a + b · distance to the nearest threshold) / 1000). */
  polar: readonly [a: number, b: number];
  neutral: readonly [a: number, b: number];
}

// Fitted by `node tests/bench/tone-calibration.ts` (see docs/decisions/0003-first-tone.md).
const review: Family = {
  positiveFrom: 24,
  negativeFrom: 8,
  trust: 100,
  polar: [338, 13],
  neutral: [-1483, 26],
};
// The best mean F1 has a post negative from 16 on and news from 12; a queue that people trust needs precision more.
const social: Family = {
  positiveFrom: 36,
  negativeFrom: 28,
  trust: 100,
  polar: [-421, 14],
  neutral: [-69, 57],
};
const news: Family = { positiveFrom: 48, negativeFrom: 40, trust: 80, polar: [-632, 6], neutral: [-417, 28] };

/** An unknown kind is judged as a post: taking a post for a review costs more than the reverse. */
export const familyOf = (kind: TextKind | null): Family => (kind === null ? social : families[kind]);

const families: Readonly<Record<TextKind, Family>> = {
  review,
  question: social,
  post: social,
  comment: social,
  news,
  "search-result": news,
};
