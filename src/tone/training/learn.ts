import { pairCount } from "#tone/model/blocks.ts";
import type { Encoded } from "./encode.ts";
import type { Example } from "./example.ts";
import { createExpand, dropNothing, type Expanded, type KindBlock, type Part } from "./expand.ts";
import { findKnown } from "./known.ts";
import { createRandom } from "./random.ts";
import { shuffle } from "./shuffle.ts";

/** A text of `n` words told is scaled by (n + lengthFloor) ^ -lengthPower. */
export interface Damping {
  lengthFloor: number;
  lengthPower: number;
}

export interface LearnOptions extends Damping {
  seed: number;
  epochs: number;
  /** Size of a step of AdaGrad. */
  rate: number;
  /** Share of the steps in which the kind's block is left out, so that the shared weights stand alone. */
  kindDropout: number;
  /** Share of words left out of a step. */
  wordDropout: number;
  /** Features met less often than this are not learned. */
  leastUses: number;
}

/** Weight pairs (polarity s, decidedness u) by feature: z(positive) = u + s, z(negative) = u − s, z(neutral) = 0. */
export type Weights = Float32Array;

/** A slope so small that the text is learned: no step is made. */
const learnedBelow = 0.02;
/** What AdaGrad's sums begin with: the first steps are not larger than the rest. */
const firstSquare = 0.01;
/** The rate falls to this share of itself over the epochs. */
const lastRate = 0.1;

const damping = (tokens: number, { lengthFloor, lengthPower }: Damping): number =>
  (tokens + lengthFloor) ** -lengthPower;

/** Probabilities of negative, neutral, positive. */
export function softmax(s: number, u: number): [number, number, number] {
  const most = Math.max(u - s, 0, u + s);
  const [n, z, p] = [Math.exp(u - s - most), Math.exp(-most), Math.exp(u + s - most)];
  const sum = n + z + p;
  return [n / sum, z / sum, p / sum];
}

/** Adds up the pairs `ids[from, to)` into `into`. */
function addUp(
  weights: Weights,
  { ids, gates }: Expanded,
  from: number,
  to: number,
  into: [number, number],
): void {
  let s = 0;
  let u = 0;
  for (let i = from; i < to; i++) {
    const at = 2 * (ids[i] as number);
    const gate = gates[i] as number;
    s += gate * (weights[at] as number);
    u += gate * (weights[at + 1] as number);
  }
  into[0] = s;
  into[1] = u;
}

function logitsOf(weights: Weights, expanded: Expanded, scale: number): [number, number] {
  const damped: [number, number] = [0, 0];
  const whole: [number, number] = [0, 0];
  addUp(weights, expanded, 0, expanded.damped, damped);
  addUp(weights, expanded, expanded.damped, expanded.count, whole);
  return [damped[0] * scale + whole[0], damped[1] * scale + whole[1]];
}

/** Builds the logits (s, u) of encoded texts under float weights. */
export function createPredict(encoded: Encoded, options: Damping) {
  const expand = createExpand(encoded);
  return (weights: Weights, text: number, block: KindBlock): [number, number] =>
    logitsOf(weights, expand(text, block, dropNothing), damping(encoded.told.data[text] as number, options));
}

/** The slope of the loss by s and by u. */
function slope(s: number, u: number, { label, weight, polar }: Example): [number, number] {
  if (polar) return [(2 * weight) / (1 + Math.exp(-2 * s)) - (label === 2 ? 2 * weight : 0), 0];
  const [negative, neutral, positive] = softmax(s, u);
  const dp = positive - (label === 2 ? 1 : 0);
  const dn = negative - (label === 0 ? 1 : 0);
  const dz = neutral - (label === 1 ? 1 : 0);
  return [weight * (dp - dn), -weight * dz];
}

/** Learns the weights of a part of the texts by AdaGrad on the softmax loss; the same seed gives the same bytes. */
export function learn(
  encoded: Encoded,
  examples: readonly Example[],
  options: LearnOptions,
  part: Part,
  afterEpoch: (epoch: number, weights: Weights) => void = () => {},
): Weights {
  const random = createRandom(options.seed);
  const weights = new Float32Array(2 * pairCount);
  const squares = new Float32Array(pairCount).fill(firstSquare);
  const isKnown = findKnown(encoded, examples, options.leastUses);
  const expand = createExpand(encoded, part);
  const order = Int32Array.from(examples.keys());
  const drop = (): boolean => random() < options.wordDropout;

  const update = (expanded: Expanded, scale: number, ds: number, du: number, rate: number): void => {
    const { ids, gates, damped, count } = expanded;
    for (let i = 0; i < count; i++) {
      const id = ids[i] as number;
      if (isKnown[id] === 0) continue;
      const by = i < damped ? scale * (gates[i] as number) : 1;
      const gs = ds * by;
      const gu = du * by;
      const square = (squares[id] as number) + gs * gs + gu * gu;
      squares[id] = square;
      const pace = rate / Math.sqrt(square);
      weights[2 * id] = (weights[2 * id] as number) - pace * gs;
      weights[2 * id + 1] = (weights[2 * id + 1] as number) - pace * gu;
    }
  };

  const stepOn = (example: Example, rate: number): void => {
    const isAlone = random() < options.kindDropout;
    const expanded = expand(example.text, isAlone ? null : example.block, drop);
    const scale = damping(encoded.told.data[example.text] as number, options);
    const [s, u] = logitsOf(weights, expanded, scale);
    const [ds, du] = slope(s, u, example);
    if (Math.abs(ds) + Math.abs(du) >= learnedBelow * example.weight) update(expanded, scale, ds, du, rate);
  };

  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    const rate = options.rate * (1 - ((1 - lastRate) * epoch) / options.epochs);
    for (const at of order) stepOn(examples[at] as Example, rate);
    afterEpoch(epoch, weights);
  }
  return weights;
}
