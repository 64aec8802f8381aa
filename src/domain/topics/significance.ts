/** In how many texts a phrase stands, of how many. */
export interface Frequency {
  count: number;
  of: number;
}

const term = (observed: number, expected: number): number =>
  observed === 0 ? 0 : observed * Math.log(observed / expected);

/**
 * Dunning's G² of two frequencies over the whole 2 × 2 table ("Accurate methods for the statistics of surprise and
 * coincidence", 1993, Computational Linguistics 19:61–74): distributed as χ² with one degree of freedom when both have
 * one rate. Both must be of at least one text.
 */
export function likelihoodRatio(one: Frequency, two: Frequency): number {
  const all = one.of + two.of;
  const rate = (one.count + two.count) / all;
  const sum = [one, two].reduce(
    (total, { count, of }) => total + term(count, of * rate) + term(of - count, of * (1 - rate)),
    0,
  );
  return Math.max(0, 2 * sum);
}

/** The probability that χ² with one degree of freedom is at least so large; to seven digits. */
export const chiSquareTail = (value: number): number => erfc(Math.sqrt(value / 2));

/** 1 − erf for x ≥ 0, with a relative error below 1.2e-7 (Press et al., "Numerical Recipes", 6.2, erfcc). */
function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ].reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return t * Math.exp(-x * x + series);
}

/**
 * For each probability, in the order given, the smallest false discovery rate at which it is called a discovery
 * (Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57:289–300), `tested` of them in all.
 */
export function discoveryRates(probabilities: readonly number[], tested = probabilities.length): number[] {
  const order = probabilities
    .map((probability, index) => ({ probability, index }))
    .sort((a, b) => b.probability - a.probability);
  const rates = new Array<number>(probabilities.length);
  let least = 1;
  for (const [place, { probability, index }] of order.entries()) {
    least = Math.min(least, (probability * tested) / (order.length - place));
    rates[index] = least;
  }
  return rates;
}
