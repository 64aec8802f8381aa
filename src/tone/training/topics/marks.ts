import type { Span } from "#tone/define.ts";

/** -1 negative, 0 neutral, 1 positive. */
export type Sign = -1 | 0 | 1;

/** Words that speak of an aspect, by its column. */
export interface MarkedSpan extends Span {
  aspect: number;
  /** Null when the words tell nothing of it. */
  tone: Sign | null;
}
