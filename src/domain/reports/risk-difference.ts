import { wilson, z95 as z } from "#domain/wilson.ts";

/** How many of one arm had the event. */
interface Arm {
  count: number;
  eventCount: number;
}

/** Two arms that are alike in everything else that is known of them. */
export interface Stratum {
  treated: Arm;
  control: Arm;
}

/** Shares weighted alike in both arms, their difference, and its interval; all within [-1, 1]. */
export interface RiskDifference {
  treatedShare: number;
  controlShare: number;
  difference: number;
  low: number;
  high: number;
}

/**
 * The difference of shares between two arms over strata that have both, with a 95 % interval; null when no stratum
 * has. The estimate is that of Mantel and Haenszel: strata weigh n₁n₀ / (n₁ + n₀). The interval inverts the score
 * test with Sato's variance, which holds for few large strata and for many small ones (Klingenberg 2014, "A new
 * and improved confidence interval for the Mantel–Haenszel risk difference", Statistics in Medicine 33:2968–2983;
 * Sato 1989, Biometrics 45:1323). Where the event befell nobody, or everybody, that variance is none at all;
 * there Newcombe's interval of the two sums speaks (1998, Statistics in Medicine 17:873, method 10).
 */
export function riskDifference(strata: readonly Stratum[]): RiskDifference | null {
  const shared = strata.filter(({ treated, control }) => treated.count > 0 && control.count > 0);
  if (shared.length === 0) return null;
  let weight = 0;
  let treatedSum = 0;
  let controlSum = 0;
  let slope = 0;
  let spread = 0;
  for (const { treated, control } of shared) {
    const [n1, n0, y1, y0] = [treated.count, control.count, treated.eventCount, control.eventCount];
    const n = n1 + n0;
    weight += (n1 * n0) / n;
    treatedSum += (y1 * n0) / n;
    controlSum += (y0 * n1) / n;
    slope += (n1 * n1 * y0 - n0 * n0 * y1 + (n1 * n0 * (n0 - n1)) / 2) / (n * n);
    spread += (y1 * (n0 - y0) + y0 * (n1 - y1)) / (2 * n);
  }
  const treatedShare = treatedSum / weight;
  const controlShare = controlSum / weight;
  const difference = treatedShare - controlShare;
  const middle = difference + (z * z * slope) / (2 * weight * weight);
  const half = Math.sqrt(
    Math.max(0, middle * middle - difference * difference + (z * z * spread) / (weight * weight)),
  );
  const [low, high] = isExtreme(shared) ? newcombe(shared) : [middle - half, middle + half];
  return { treatedShare, controlShare, difference, low: Math.max(-1, low), high: Math.min(1, high) };
}

/** Whether nobody has the event, or everybody. */
function isExtreme(strata: readonly Stratum[]): boolean {
  const arms = strata.flatMap(({ treated, control }) => [treated, control]);
  return (
    arms.every(({ eventCount }) => eventCount === 0) ||
    arms.every(({ count, eventCount }) => count === eventCount)
  );
}

function newcombe(strata: readonly Stratum[]): [low: number, high: number] {
  const treated = armShare(summed(strata.map(stratum => stratum.treated)));
  const control = armShare(summed(strata.map(stratum => stratum.control)));
  const difference = treated.share - control.share;
  return [
    difference - Math.hypot(treated.share - treated.low, control.high - control.share),
    difference + Math.hypot(treated.high - treated.share, control.share - control.low),
  ];
}

const summed = (arms: readonly Arm[]): Arm => ({
  count: arms.reduce((sum, arm) => sum + arm.count, 0),
  eventCount: arms.reduce((sum, arm) => sum + arm.eventCount, 0),
});

const armShare = ({ count, eventCount }: Arm) => wilson(eventCount, count);
