import { murmur128 } from "#domain/hash.ts";
import { type Evidence, spread } from "#tone/topics/evidence.ts";
import { type TopicFacts, type TopicModel, writeTopics } from "#tone/topics/file.ts";
import { createFlagChance, flagInputs, flagOf } from "#tone/topics/flags.ts";
import { aspectNames, clauseColumns, columnCount, flagNames } from "#tone/topics/outputs.ts";
import { flagScale } from "#tone/topics/read.ts";
import { createSaid, createTones, gatherSaid, saidInputs, saidOf, toneCount } from "#tone/topics/said.ts";
import { createClauseTone, decidedInputs, decidedOf, polarityInputs, polarityOf } from "#tone/topics/tone.ts";
import type { EncodedTopics } from "./encode.ts";
import { createSamples, fitChance, fitTone, type Samples } from "./fit.ts";
import { flagSums, learnTopics, type TopicOptions } from "./learn.ts";
import { addRows, type TopicWeights } from "./steps.ts";

/** What is learned and how. */
export interface TopicRecipe {
  learn: TopicOptions;
  /** Texts are learned in so many parts, each weighed by what was learned from the others. */
  parts: number;
  saidFrom: number;
  /** By flag the precision that its threshold must hold; others take the best F1. */
  precision: Readonly<Partial<Record<(typeof flagNames)[number], number>>>;
}

export const topicRecipe: TopicRecipe = {
  learn: {
    seed: 1,
    epochs: 8,
    rate: 0.15,
    around: 0.2,
    leastUses: 2,
    setWeights: { pairs: 0.5 },
  },
  parts: 2,
  saidFrom: 0.15,
  precision: { threat: 0.85, safety: 0.7, suggestion: 0.7, spam: 0.95, generated: 0.95, sarcasm: 0.8 },
};

const mostSteps = 127;

/** Weights as steps of -127 to 127, each column with a step of its own. */
function quantise({
  weights,
  bias,
}: TopicWeights): Pick<TopicModel, "weights"> & Pick<TopicFacts, "steps" | "bias"> {
  const reach = new Float64Array(columnCount);
  for (const [i, weight] of weights.entries())
    reach[i % columnCount] = Math.max(reach[i % columnCount] as number, Math.abs(weight));
  const steps = [...reach].map(most => (most === 0 ? 1 : Math.round((most / mostSteps) * 1e7) / 1e7));
  const quantised = new Int8Array(weights.length);
  for (const [i, weight] of weights.entries())
    quantised[i] = Math.round(weight / (steps[i % columnCount] as number));
  return { weights: quantised, steps, bias: [...bias].map(value => Math.round(value * 1e6) / 1e6) };
}

/** A text weighed by what was learned from others. */
interface Weighed {
  text: EncodedTopics;
  evidence: Evidence;
  flags: Float64Array;
}

function weighText(text: EncodedTopics, into: TopicWeights, around: number): Weighed {
  const logits = new Float64Array(text.evidence.count * clauseColumns);
  for (const [clause, { rows }] of text.clauses.entries())
    addRows(into, rows, 0, clauseColumns, logits, clause * clauseColumns);
  const evidence = { ...text.evidence, logits };
  spread(evidence, { around, bias: into.bias });
  const scale = flagScale(text.tokens);
  const flags = flagSums(into, text).map(
    (sum, flag) => sum * scale + (into.bias[clauseColumns + flag] as number),
  );
  return { text, evidence, flags };
}

/** Each text weighed by weights that were learned without its part. */
function crossWeigh(
  texts: readonly EncodedTopics[],
  seeds: readonly EncodedTopics[],
  { parts, learn }: TopicRecipe,
): Weighed[] {
  const partOf = ({ text }: EncodedTopics): number => (text.key >>> 4) % parts;
  return Array.from({ length: parts }, (_, part) => {
    const weights = learnTopics([...seeds, ...texts.filter(text => partOf(text) !== part)], learn);
    return texts.filter(text => partOf(text) === part).map(text => weighText(text, weights, learn.around));
  }).flat();
}

function add(samples: Samples, inputs: Float64Array, wanted: number, count: number): void {
  samples.inputs.push(inputs.slice());
  samples.wanted.push(wanted);
  samples.counts.push(count);
}

function fitClauseTone(weighed: readonly Weighed[]): TopicFacts["tone"] {
  const polarity = createSamples();
  const decided = createSamples();
  const inputs = new Float64Array(polarityInputs);
  const decidedBy = new Float64Array(decidedInputs);
  for (const { text, evidence } of weighed) {
    for (const [clause, { tone }] of text.clauses.entries()) {
      if (tone === null) continue;
      polarityOf(evidence, clause, inputs);
      decidedOf(evidence, clause, decidedBy);
      add(polarity, inputs, tone, 1);
      add(decided, decidedBy, tone, 1);
    }
  }
  return fitTone(polarity, decided);
}

function fitSaid(weighed: readonly Weighed[], tone: TopicFacts["tone"]): number[] {
  const samples = createSamples();
  const inputs = new Float64Array(saidInputs);
  const toneOf = createClauseTone(tone);
  const tones = createTones();
  const said = createSaid();
  for (const { text, evidence } of weighed) {
    for (let clause = 0; clause < evidence.count; clause++)
      toneOf(evidence, clause, tones, clause * toneCount);
    for (const { name, aspects } of text.text.groups) {
      if (!gatherSaid(evidence, tones, aspects, said)) continue;
      for (let sign = 0; sign < toneCount; sign++) {
        saidOf(evidence, said, sign, inputs);
        add(samples, inputs, text.text.said.has(`${name}:${sign - 1}`) ? 1 : 0, 1);
      }
    }
  }
  return fitChance(samples);
}

/** The lowest threshold at which the precision holds, or the one with the best F1. */
function thresholdOf(
  chances: readonly (readonly [chance: number, holds: boolean])[],
  precision: number | undefined,
): number {
  const total = chances.filter(([, holds]) => holds).length;
  const sorted = chances.toSorted((a, b) => b[0] - a[0]);
  let hit = 0;
  let best = { value: 0, from: 2 };
  for (const [at, [chance, holds]] of sorted.entries()) {
    if (holds) hit++;
    const exact = hit / (at + 1);
    const f1 = (2 * hit) / (at + 1 + total);
    const value = precision === undefined ? f1 : exact >= precision && hit > 4 ? hit : 0;
    if (value > best.value) best = { value, from: chance };
  }
  return Math.round(best.from * 1e4) / 1e4;
}

function fitFlags(
  weighed: readonly Weighed[],
  { precision }: TopicRecipe,
): Pick<TopicFacts, "flagWeights" | "flagFrom"> {
  const inputs = new Float64Array(flagInputs);
  const chanceOf = createFlagChance();
  const fitted = flagNames.map((name, flag) => {
    const samples = createSamples();
    const own = weighed.filter(({ text }) => text.text.flags !== null);
    for (const { text, flags } of own) {
      flagOf(flags[flag] as number, text.marks[flag] as number, text.facts, inputs);
      add(samples, inputs, text.text.flags?.has(name) === true ? 1 : 0, 1);
    }
    const weights = fitChance(samples);
    const chances = own.map(
      ({ text, flags }) =>
        [
          chanceOf(weights, flags[flag] as number, text.marks[flag] as number, text.facts),
          text.text.flags?.has(name) === true,
        ] as const,
    );
    return { weights, from: thresholdOf(chances, precision[name]) };
  });
  return { flagWeights: fitted.map(one => one.weights), flagFrom: fitted.map(one => one.from) };
}

const hex = (bytes: Uint8Array): string =>
  murmur128(bytes)
    .map(word => word.toString(16).padStart(8, "0"))
    .join("");

/**
 * Learns the model of aspects and intents from encoded texts and from seeds, which tell what words mean by
 * themselves: the same texts and recipe give the same bytes.
 */
export function buildTopics(
  texts: readonly EncodedTopics[],
  seeds: readonly EncodedTopics[],
  recipe: TopicRecipe,
): TopicModel {
  const weighed = crossWeigh(texts, seeds, recipe);
  const tone = fitClauseTone(weighed);
  const facts = {
    version: "",
    aspects: aspectNames,
    flags: flagNames,
    around: recipe.learn.around,
    tone,
    said: fitSaid(weighed, tone),
    saidFrom: recipe.saidFrom,
    ...fitFlags(weighed, recipe),
    learned: [...new Set(texts.map(({ text }) => text.set))].toSorted(),
  };
  const { weights, ...columns } = quantise(learnTopics([...seeds, ...texts], recipe.learn));
  const model = { facts: { ...facts, ...columns }, weights };
  return { ...model, facts: { ...model.facts, version: `topics-${hex(writeTopics(model)).slice(0, 10)}` } };
}
