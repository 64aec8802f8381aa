import { softmax } from "#tone/training/learn.ts";

/** Rows of numbers with what they should come to and what they count. */
export interface Samples {
  inputs: Float64Array[];
  wanted: number[];
  counts: number[];
}

export const createSamples = (): Samples => ({ inputs: [], wanted: [], counts: [] });

const rounds = 300;
const momentum = 0.9;
const rate = 0.5;
const shrink = 3e-4;
/** Figures kept in the file. */
const digits = 1e6;

const rounded = (value: number): number => Math.round(value * digits) / digits + 0;

/** Mean and spread by column; the first column is the constant 1. */
function scalesOf({ inputs }: Samples, width: number): { mean: Float64Array; spread: Float64Array } {
  const mean = new Float64Array(width);
  const spread = new Float64Array(width);
  for (const row of inputs)
    for (let i = 1; i < width; i++) mean[i] = (mean[i] as number) + (row[i] as number) / inputs.length;
  for (const row of inputs)
    for (let i = 1; i < width; i++)
      spread[i] = (spread[i] as number) + ((row[i] as number) - (mean[i] as number)) ** 2 / inputs.length;
  return { mean, spread: spread.map((value, i) => (i === 0 || value === 0 ? 1 : Math.sqrt(value))) };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
};

/** Gradient descent with momentum on whitened columns; `slopesOf` gives each row's slope. */
function descend(samples: Samples, width: number, slopesOf: (sums: Float64Array) => Float64Array): number[] {
  const { mean, spread } = scalesOf(samples, width);
  const whitened = samples.inputs.map(row =>
    row.map((value, i) => (i === 0 ? 1 : (value - (mean[i] as number)) / (spread[i] as number))),
  );
  const weights = new Float64Array(width);
  const speed = new Float64Array(width);
  const total = samples.counts.reduce((sum, count) => sum + count, 0);
  for (let round = 0; round < rounds; round++) {
    const slopes = slopesOf(Float64Array.from(whitened, row => dot(weights, row)));
    const gradient = new Float64Array(width);
    for (const [at, row] of whitened.entries()) {
      const slope = ((slopes[at] as number) * (samples.counts[at] as number)) / total;
      for (let i = 0; i < width; i++) gradient[i] = (gradient[i] as number) + slope * (row[i] as number);
    }
    for (let i = 0; i < width; i++) {
      const held = i === 0 ? 0 : shrink * (weights[i] as number);
      speed[i] = momentum * (speed[i] as number) - rate * ((gradient[i] as number) + held);
      weights[i] = (weights[i] as number) + (speed[i] as number);
    }
  }
  const plain = weights.map((weight, i) => weight / (spread[i] as number));
  for (let i = 1; i < width; i++)
    plain[0] = (plain[0] as number) - (plain[i] as number) * (mean[i] as number);
  return [...plain].map(rounded);
}

/** Weights of a logistic regression; `wanted` is 0 or 1. */
export function fitChance(samples: Samples): number[] {
  const width = samples.inputs[0]?.length ?? 1;
  return descend(samples, width, sums =>
    sums.map((z, at) => 1 / (1 + Math.exp(-z)) - (samples.wanted[at] as number)),
  );
}

/** Weights of polarity and decidedness, fitted in turns on the softmax loss; `wanted` is -1, 0 or 1. */
export function fitTone(polarity: Samples, decided: Samples): { polarity: number[]; decided: number[] } {
  let u = new Float64Array(polarity.inputs.length);
  let s = new Float64Array(polarity.inputs.length);
  let weights: { polarity: number[]; decided: number[] } = { polarity: [], decided: [] };
  for (let turn = 0; turn < 2; turn++) {
    const byPolarity = descend(polarity, polarity.inputs[0]?.length ?? 1, sums =>
      sums.map((value, at) => {
        const [negative, , positive] = softmax(value, u[at] as number);
        return positive - negative - (polarity.wanted[at] as number);
      }),
    );
    s = Float64Array.from(polarity.inputs, row => dot(byPolarity, row));
    const byDecided = descend(decided, decided.inputs[0]?.length ?? 1, sums =>
      sums.map((value, at) => {
        const [, neutral] = softmax(s[at] as number, value);
        return (polarity.wanted[at] === 0 ? 1 : 0) - neutral;
      }),
    );
    u = Float64Array.from(decided.inputs, row => dot(byDecided, row));
    weights = { polarity: byPolarity, decided: byDecided };
  }
  return weights;
}
