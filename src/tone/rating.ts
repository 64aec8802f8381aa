import { unitsPerLogit } from "./vocabulary.ts";

export interface Rating {
  value: number;
  scale: number;
}

/** Logit units of a rating beside a text, from the worst to the best in quarters of the scale. */
const evidence = [-150, -100, -32, 40, 96] as const;
/** What a rating alone is worth: `[label by quarter]`; three of five stars are no verdict. */
const alone = [-160, -110, 0, 90, 170] as const;
/** Text evidence from here on (units) contradicts stars of the other side. */
const strongText = unitsPerLogit;

/** Where the rating stands between the worst (0) and the best (1), or null when it makes no sense. */
export function ratingPosition(rating: Rating | null | undefined): number | null {
  if (rating === null || rating === undefined) return null;
  const { value, scale } = rating;
  if (!Number.isFinite(value) || !Number.isFinite(scale) || scale <= 0) return null;
  // Stars start at one; percentages and likes at zero.
  const lowest = scale > 1 && scale < 20 && value >= 1 ? 1 : 0;
  return Math.min(1, Math.max(0, (value - lowest) / (scale - lowest)));
}

function between(table: readonly number[], position: number): number {
  const at = position * (table.length - 1);
  const low = Math.min(table.length - 2, Math.floor(at));
  const from = table[low] ?? 0;
  return Math.round(from + ((table[low + 1] ?? from) - from) * (at - low));
}

/** Logit units of the rating as evidence beside a text. */
export const ratingEvidence = (position: number): number => between(evidence, position);
/** Logit units of a rating without any text. */
export const ratingAlone = (position: number): number => between(alone, position);

/** Whether the text (units) strongly disagrees with the stars. */
export function isConflict(text: number, position: number): boolean {
  return position >= 0.75 ? text <= -strongText : position <= 0.25 && text >= strongText;
}
