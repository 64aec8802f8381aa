import type { TextKind } from "#domain/item.ts";

/** How a family of text kinds is judged. Units are those of the logit; see `unitsPerLogit`. */
export interface Family {
  /** Added to every text of the family: reviewers complain in more words than they praise. */
  prior: number;
  /** A text is positive from here on, negative from minus `negativeFrom` on. */
  positiveFrom: number;
  negativeFrom: number;
  /** Percent of the evidence that counts; news quote others. */
  trust: number;
  /** P(the label is right) = logistic((a + b · distance to the nearest threshold) / 1000). */
  polar: readonly [a: number, b: number];
  neutral: readonly [a: number, b: number];
}

const review: Family = { prior: 0, positiveFrom: 16, negativeFrom: 16, trust: 100, polar: [0, 10], neutral: [0, 10] };
const social: Family = { prior: 0, positiveFrom: 40, negativeFrom: 40, trust: 100, polar: [0, 10], neutral: [0, 10] };
const news: Family = { prior: 0, positiveFrom: 64, negativeFrom: 64, trust: 80, polar: [0, 10], neutral: [0, 10] };

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
