/** The normal quantile of a two-sided 95 % interval. */
export const z95 = 1.959963984540054;

/** A share with its interval, all within [0, 1]. */
export interface Share {
  share: number;
  low: number;
  high: number;
}

/** The share of `part` in `whole`, which is above 0, with Wilson's 95 % interval (1927, JASA 22:209–212). */
export function wilson(part: number, whole: number): Share {
  const share = part / whole;
  const middle = (part + (z95 * z95) / 2) / (whole + z95 * z95);
  const half = (z95 / (whole + z95 * z95)) * Math.sqrt(whole * share * (1 - share) + (z95 * z95) / 4);
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

const round3 = (value: number): number => Math.round(value * 1000) / 1000;

/** The same with three decimals; null of nothing. */
export function shareOf(part: number, whole: number): Share | null {
  if (whole === 0) return null;
  const { share, low, high } = wilson(part, whole);
  return { share: round3(share), low: round3(low), high: round3(high) };
}
