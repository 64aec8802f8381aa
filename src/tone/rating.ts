export interface Rating {
  value: number;
  scale: number;
}

/** Where the rating stands between the worst (0) and the best (1), or null when it makes no sense. */
export function ratingPosition(rating: Rating | null | undefined): number | null {
  if (rating === null || rating === undefined) return null;
  const { value, scale } = rating;
  if (!Number.isFinite(value) || !Number.isFinite(scale) || scale <= 0) return null;
  // Stars start at one; percentages and likes at zero.
  const lowest = scale > 1 && scale < 20 && value >= 1 ? 1 : 0;
  return Math.min(1, Math.max(0, (value - lowest) / (scale - lowest)));
}

/** The value of a table of one to five stars at a position, straight between its entries. */
export function atPosition(table: readonly number[], position: number): number {
  const at = position * (table.length - 1);
  const low = Math.min(table.length - 2, Math.floor(at));
  const from = table[low] ?? 0;
  return Math.round(from + ((table[low + 1] ?? from) - from) * (at - low));
}

/** Whether the text's polarity contradicts the stars by at least `from`. */
export function isConflict(polarity: number, position: number, from: number): boolean {
  return position >= 0.75 ? polarity <= -from : position <= 0.25 && polarity >= from;
}
