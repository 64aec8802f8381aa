const log2 = Math.LN2;
const steps = 14;

/** Powers of two from 2^-64 to 2^64. */
const powers = Float64Array.from({ length: 129 }, (_, at) => {
  let value = 1;
  for (let i = 64; i < at; i++) value *= 2;
  for (let i = at; i < 64; i++) value /= 2;
  return value;
});

/**
 * e^x by exact arithmetic alone (Taylor after halving the range), so that every machine gets the same bits;
 * `Math.exp` may differ between engines. `x` is held within ±40.
 */
export function exactExp(x: number): number {
  const held = Math.max(-40, Math.min(40, x));
  const halvings = Math.round(held / log2);
  const rest = held - halvings * log2;
  let sum = 1;
  for (let i = steps; i > 0; i--) sum = 1 + (sum * rest) / i;
  return sum * (powers[halvings + 64] as number);
}
