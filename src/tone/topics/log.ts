/** Coefficients of artanh, the last first. */
const terms = Float64Array.from({ length: 13 }, (_, i) => 1 / (2 * (12 - i) + 1));

/**
 * The natural logarithm of `x` in (0, 1] by exact arithmetic alone (halving, then 2·artanh), so that every
 * machine gets the same bits; `Math.log` may differ between engines.
 */
export function exactLog(x: number): number {
  let rest = x;
  let halvings = 0;
  while (rest < 0.75) {
    rest *= 2;
    halvings++;
  }
  const ratio = (rest - 1) / (rest + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum = sum * square + (terms[i] as number);
  return 2 * ratio * sum - halvings * Math.LN2;
}

const least = 1e-4;

/** The logit of a chance, held within ±9.2. */
export function logit(chance: number): number {
  const held = Math.min(1 - least, Math.max(least, chance));
  return exactLog(held) - exactLog(1 - held);
}
