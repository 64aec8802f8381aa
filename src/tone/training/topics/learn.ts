import { aspectScale, toneScale } from "#tone/topics/evidence.ts";
import {
  aspectCount,
  clauseColumns,
  columnCount,
  decidedColumn,
  flagNames,
  polarityColumn,
} from "#tone/topics/outputs.ts";
import { flagScale } from "#tone/topics/read.ts";
import { rowCount } from "#tone/topics/rows.ts";
import { softmax } from "#tone/training/learn.ts";
import { createRandom } from "#tone/training/random.ts";
import { shuffle } from "#tone/training/shuffle.ts";
import type { Clause, EncodedTopics } from "./encode.ts";
import { addRows, countUses, createSteps, type Steps, type TopicWeights } from "./steps.ts";

export interface TopicOptions {
  seed: number;
  epochs: number;
  /** Size of a step of AdaGrad. */
  rate: number;
  /** What the rest of a sentence counts beside a clause's own words. */
  around: number;
  /** Features met less often than this are not learned. */
  leastUses: number;
  /** By set what a text counts; 1 where nothing is said. */
  setWeights: Readonly<Record<string, number>>;
}

const lastRate = 0.1;
/** Before anything is learned an aspect is rare. */
const firstBias = -3;

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** The first and the last clause of each sentence. */
function sentencesOf({ evidence }: EncodedTopics): [from: number, to: number][] {
  const sentences: [number, number][] = [];
  for (let clause = 0; clause < evidence.count; clause++) {
    const last = sentences.at(-1);
    if (last !== undefined && evidence.sentence[clause] === evidence.sentence[last[0]]) last[1] = clause + 1;
    else sentences.push([clause, clause + 1]);
  }
  return sentences;
}

const tokensOf = ({ evidence }: EncodedTopics, clause: number): number =>
  Math.min(aspectScale.length - 1, evidence.tokens[clause] as number);

/** Builds the step on one sentence: every clause learns its aspects and its tone, with what stands around. */
function createSentenceStep(into: TopicWeights, steps: Steps, around: number) {
  let sums = new Float64Array(0);
  let slopes = new Float64Array(0);
  const total = new Float64Array(clauseColumns);
  const slopeTotal = new Float64Array(clauseColumns);

  const logitOf = (at: number, column: number, scale: number): number => {
    const own = sums[at + column] as number;
    return scale * (own + around * ((total[column] as number) - own)) + (into.bias[column] as number);
  };

  const aspectSlopes = (
    text: EncodedTopics,
    clause: number,
    at: number,
    weight: number,
    rate: number,
  ): void => {
    const scale = aspectScale[tokensOf(text, clause)] as number;
    const { aspects } = text.clauses[clause] as Clause;
    for (let aspect = 0; aspect < aspectCount; aspect++) {
      if (text.marked[aspect] !== true) continue;
      const miss = sigmoid(logitOf(at, aspect, scale)) - (aspects[aspect] as number);
      if (Math.abs(miss) < 0.01) continue;
      slopes[at + aspect] = miss * weight * scale;
      steps.bias(aspect, miss * weight, rate);
    }
  };

  const toneSlopes = (
    text: EncodedTopics,
    clause: number,
    at: number,
    weight: number,
    rate: number,
  ): void => {
    const { tone } = text.clauses[clause] as Clause;
    if (tone === null) return;
    const scale = toneScale[tokensOf(text, clause)] as number;
    const [negative, neutral, positive] = softmax(
      logitOf(at, polarityColumn, scale),
      logitOf(at, decidedColumn, scale),
    );
    const polar = positive - (tone === 1 ? 1 : 0) - negative + (tone === -1 ? 1 : 0);
    const decided = (tone === 0 ? 1 : 0) - neutral;
    slopes[at + polarityColumn] = polar * weight * scale;
    slopes[at + decidedColumn] = decided * weight * scale;
    steps.bias(polarityColumn, polar, rate);
    steps.bias(decidedColumn, decided, rate);
  };

  return (text: EncodedTopics, [from, to]: [number, number], weight: number, rate: number): void => {
    const size = (to - from) * clauseColumns;
    if (sums.length < size) {
      sums = new Float64Array(size);
      slopes = new Float64Array(size);
    }
    sums.fill(0, 0, size);
    slopes.fill(0, 0, size);
    total.fill(0);
    slopeTotal.fill(0);
    for (let clause = from; clause < to; clause++)
      addRows(
        into,
        (text.clauses[clause] as Clause).rows,
        0,
        clauseColumns,
        sums,
        (clause - from) * clauseColumns,
      );
    for (let i = 0; i < size; i++)
      total[i % clauseColumns] = (total[i % clauseColumns] as number) + (sums[i] as number);
    for (let clause = from; clause < to; clause++) {
      const at = (clause - from) * clauseColumns;
      aspectSlopes(text, clause, at, weight, rate);
      toneSlopes(text, clause, at, weight, rate);
    }
    for (let i = 0; i < size; i++)
      slopeTotal[i % clauseColumns] = (slopeTotal[i % clauseColumns] as number) + (slopes[i] as number);
    for (let i = 0; i < size; i++) {
      const own = slopes[i] as number;
      slopes[i] = own + around * ((slopeTotal[i % clauseColumns] as number) - own);
    }
    for (let clause = from; clause < to; clause++)
      steps.rows(
        (text.clauses[clause] as Clause).rows,
        slopes,
        (clause - from) * clauseColumns,
        0,
        clauseColumns,
        rate,
      );
  };
}

/** The sums of a text's flags, before their scale. */
export function flagSums(into: TopicWeights, text: EncodedTopics): Float64Array {
  const sums = new Float64Array(flagNames.length);
  for (const { rows } of text.clauses) addRows(into, rows, clauseColumns, columnCount, sums, 0);
  return sums;
}

function stepOnFlags(
  into: TopicWeights,
  steps: Steps,
  text: EncodedTopics,
  weight: number,
  rate: number,
): void {
  const wanted = text.text.flags;
  if (wanted === null) return;
  const sums = flagSums(into, text);
  const scale = flagScale(text.tokens);
  const slopes = sums.map((sum, flag) => {
    const column = clauseColumns + flag;
    const name = flagNames[flag];
    const miss =
      sigmoid(sum * scale + (into.bias[column] as number)) - (name !== undefined && wanted.has(name) ? 1 : 0);
    if (Math.abs(miss) < 0.01) return 0;
    steps.bias(column, miss * weight, rate);
    return miss * weight * scale;
  });
  for (const { rows } of text.clauses) steps.rows(rows, slopes, 0, clauseColumns, columnCount, rate);
}

/** Learns the weights of aspects, clause tones and flags by AdaGrad; the same seed gives the same bytes. */
export function learnTopics(texts: readonly EncodedTopics[], options: TopicOptions): TopicWeights {
  const random = createRandom(options.seed);
  const into: TopicWeights = {
    weights: new Float32Array(rowCount * columnCount),
    bias: new Float64Array(columnCount).map((_, column) =>
      column === polarityColumn || column === decidedColumn ? 0 : firstBias,
    ),
  };
  const steps = createSteps(into, countUses(texts), options.leastUses);
  const stepOn = createSentenceStep(into, steps, options.around);
  const sentences = texts.map(sentencesOf);
  const order = Int32Array.from(texts.keys());
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    const rate = options.rate * (1 - ((1 - lastRate) * epoch) / options.epochs);
    for (const at of order) {
      const text = texts[at] as EncodedTopics;
      const weight = options.setWeights[text.text.set] ?? 1;
      for (const sentence of sentences[at] ?? []) stepOn(text, sentence, weight, rate);
      stepOnFlags(into, steps, text, weight, rate);
    }
  }
  return into;
}
