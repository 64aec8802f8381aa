import { unitsPerLogit } from "#tone/logit.ts";
import { type Block, blockNames, blockOfPair, pairCount } from "#tone/model/blocks.ts";
import { createFloats, type Floats, pushFloat } from "./grow.ts";
import type { Weights } from "./learn.ts";

/** Share of a block's weights that may be cut to the largest step. */
const cutShare = 0.0005;
const mostSteps = 127;

/** By block the weight below which all but `cutShare` of the used weights lie. */
function reaches(weights: Weights): Record<Block, number> {
  const sizes = Object.fromEntries(blockNames.map(name => [name, createFloats()])) as Record<Block, Floats>;
  for (let i = 0; i < weights.length; i++)
    if (weights[i] !== 0) pushFloat(sizes[blockOfPair(i >> 1)], Math.abs(weights[i] as number));
  const reach = ({ data, length }: Floats): number =>
    data.subarray(0, length).sort()[Math.floor(length * (1 - cutShare))] ?? 0;
  return Object.fromEntries(blockNames.map(name => [name, reach(sizes[name])])) as Record<Block, number>;
}

/** Weights as steps of -127 to 127, each block with a step of its own in units of 1/65536 logit. */
export function quantise(weights: Weights): { pairs: Int8Array; steps: Record<Block, number> } {
  const reach = reaches(weights);
  const steps = Object.fromEntries(
    blockNames.map(name => [name, Math.max(1, Math.round((reach[name] * unitsPerLogit) / mostSteps))]),
  ) as Record<Block, number>;
  const pairs = Int8Array.from(weights, (weight, i) => {
    const value = Math.round((weight * unitsPerLogit) / steps[blockOfPair(i >> 1)]);
    return Math.max(-mostSteps, Math.min(mostSteps, value));
  });
  return { pairs, steps };
}

/** The sum of models, each with its share: what is linear stays linear. */
export function blend(models: readonly (readonly [share: number, weights: Weights])[]): Weights {
  const sum = new Float32Array(2 * pairCount);
  for (const [share, weights] of models)
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + share * (weights[i] as number);
  return sum;
}
