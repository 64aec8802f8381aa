/** ln Γ(x) for x > 0, by Lanczos' approximation (C. Lanczos, SIAM J. Numer. Anal. B 1, 1964; g = 7, n = 9). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = first;
  lanczos.forEach((coefficient, index) => {
    sum += coefficient / (x + index);
  });
  const shifted = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(shifted) - shifted + Math.log(sum);
}

const first = 0.999_999_999_999_809_9;
const lanczos = [
  676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6,
  12.507_343_278_686_9, -0.138_571_095_265_720_1, 9.984_369_578_019_572e-6, 1.505_632_735_149_312e-7,
];

/** Terms that add less than this share of the sum are left out. */
const precision = 1e-12;
const mostTerms = 100_000;

/**
 * P(X ≥ count) for counts with this mean and variance mean + dispersion · mean²: the negative binomial
 * distribution, or Poisson's where the dispersion is zero. The terms are summed from `count` on, which holds
 * for small tails; a count below the mean answers 1, because nobody asks how usual the usual is.
 */
export function upperTail(count: number, mean: number, dispersion: number): number {
  if (count <= mean) return 1;
  if (mean <= 0) return 0;
  const size = dispersion > 1e-9 ? 1 / dispersion : Number.POSITIVE_INFINITY;
  const isPoisson = size === Number.POSITIVE_INFINITY;
  const share = isPoisson ? 0 : mean / (mean + size);
  const log = isPoisson
    ? count * Math.log(mean) - mean - logGamma(count + 1)
    : logGamma(count + size) -
      logGamma(size) -
      logGamma(count + 1) +
      size * Math.log1p(-share) +
      count * Math.log(share);
  let term = Math.exp(log);
  let sum = term;
  for (let k = count; k < count + mostTerms; k++) {
    term *= isPoisson ? mean / (k + 1) : (share * (k + size)) / (k + 1);
    sum += term;
    if (term < sum * precision) break;
  }
  return Math.min(1, sum);
}
