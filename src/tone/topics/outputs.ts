/** What a clause can be about, in the order of the file. */
export const aspectNames = [
  "delivery",
  "quality",
  "taste",
  "price",
  "service",
  "staff",
  "packaging",
  "size",
  "refund",
  "app",
  "safety",
  "assortment",
  "place",
  "honesty",
  "speed",
  "payment",
  "connection",
  "treatment",
  "comfort",
  "appearance",
  "performance",
] as const;
export type AspectName = (typeof aspectNames)[number];
export const aspectCount = aspectNames.length;

/** What a whole text can carry, in the order of the file. */
export const flagNames = [
  "complaint",
  "question",
  "threat",
  "safety",
  "praise",
  "suggestion",
  "spam",
  "generated",
  "sarcasm",
] as const;
export type FlagName = (typeof flagNames)[number];

/** Columns of a row of weights: aspects, then the tone of a clause (polarity, decidedness), then flags. */
export const polarityColumn = aspectNames.length;
export const decidedColumn = aspectCount + 1;
export const clauseColumns = aspectCount + 2;
export const columnCount = clauseColumns + flagNames.length;
