import type { TextKind } from "#domain/item.ts";

/** Texts that nobody can answer where they stand; every other sort of text people can, if the program cannot. */
export const unanswerableKinds: readonly TextKind[] = ["news", "search-result"];

const hour = 3_600;
const day = 24 * hour;

/** How long an open case has waited since its text appeared: names with where they begin and end, in seconds. */
export const ages = [
  { age: "under-4h", from: 0, to: 4 * hour },
  { age: "under-1d", from: 4 * hour, to: day },
  { age: "under-3d", from: day, to: 3 * day },
  { age: "under-7d", from: 3 * day, to: 7 * day },
  { age: "under-30d", from: 7 * day, to: 30 * day },
  { age: "over-30d", from: 30 * day, to: null },
] as const;

/** A review counts as improved when that is so this many days after the answer. */
export const effectDays = 90;

/** A share with three decimals; null of nothing. */
export const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((1_000 * part) / whole) / 1_000;
