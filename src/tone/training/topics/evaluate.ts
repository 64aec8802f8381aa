import type { AspectTone, Scorer, ToneResult } from "#tone/define.ts";
import { aspectNames, type FlagName, flagNames } from "#tone/topics/outputs.ts";
import type { Figure } from "#tone/training/evaluate.ts";
import { createRandom } from "#tone/training/random.ts";
import { wholeCategory } from "./sets.ts";
import type { Group, TopicText } from "./texts.ts";

/** Of one text: what was said rightly, what was said, what is true. */
export interface Counts {
  hit: number;
  said: number;
  true: number;
}

const signs: Readonly<Record<AspectTone["label"], number>> = { negative: -1, neutral: 0, positive: 1 };

/** `name:sign` of what a result says, in the words of a set. */
function saidBy(result: ToneResult, groups: readonly Group[]): Set<string> {
  const said = new Set<string>();
  for (const { name, aspects } of groups)
    for (const { aspect, label } of result.aspects)
      if (aspects.some(column => aspectNames[column] === aspect)) said.add(`${name}:${signs[label]}`);
  return said;
}

/** Compares what a scorer says of a text's aspects with what people marked; the tone of the whole where it is marked. */
export function judgeAspects(scorer: Scorer, { input, groups, said }: TopicText): Counts {
  const result = scorer.score(input);
  const found = saidBy(result, groups);
  const marksWhole = [...said].some(one => one.startsWith(wholeCategory));
  if (marksWhole) found.add(`${wholeCategory}:${signs[result.label]}`);
  return { hit: [...found].filter(one => said.has(one)).length, said: found.size, true: said.size };
}

/** F1, precision and recall over the pairs of all texts. */
export function microF1(counts: readonly Counts[]): { f1: number; precision: number; recall: number } {
  const sum = { hit: 0, said: 0, true: 0 };
  for (const one of counts) {
    sum.hit += one.hit;
    sum.said += one.said;
    sum.true += one.true;
  }
  return {
    f1: sum.said + sum.true === 0 ? 0 : (2 * sum.hit) / (sum.said + sum.true),
    precision: sum.said === 0 ? 0 : sum.hit / sum.said,
    recall: sum.true === 0 ? 0 : sum.hit / sum.true,
  };
}

const resamples = 400;

/** The bootstrap's 95 % interval of the micro-F1, texts drawn anew, by a seeded stream. */
function interval(counts: readonly Counts[]): { low: number; high: number } {
  const random = createRandom(1);
  const values = Array.from(
    { length: resamples },
    () => microF1(counts.map(() => counts[Math.floor(random() * counts.length)] as Counts)).f1,
  ).sort((a, b) => a - b);
  return {
    low: values[Math.floor(0.025 * resamples)] ?? 0,
    high: values[Math.ceil(0.975 * resamples) - 1] ?? 0,
  };
}

const bar = { must: 0.55, goal: 0.7 };

/** One line of the card for the aspects of one set. */
export function aspectFigure(what: string, counts: readonly Counts[], stands: string): Figure {
  return {
    what: `aspects: ${what}`,
    measure: "micro-F1 of (aspect, tone)",
    value: microF1(counts).f1,
    ...interval(counts),
    rowCount: counts.length,
    ...bar,
    stands,
  };
}

/** Whether each text was said to carry a flag, and carries it. */
function judgeFlag(scorer: Scorer, texts: readonly TopicText[], name: FlagName): Counts[] {
  return texts.map(({ input, flags }) => {
    const result = scorer.score(input);
    const isSaid = name === "spam" ? result.spam : result.intents.includes(name);
    const holds = flags?.has(name) === true;
    return { hit: isSaid && holds ? 1 : 0, said: isSaid ? 1 : 0, true: holds ? 1 : 0 };
  });
}

/** Lines of the card for intents and flags: F1 each, precision and recall beside it. */
export function evaluateIntents(scorer: Scorer, texts: readonly TopicText[]): Figure[] {
  const marked = texts.filter(text => text.flags !== null);
  return flagNames.map(name => {
    const counts = judgeFlag(scorer, marked, name);
    const { f1, precision, recall } = microF1(counts);
    return {
      what: `intent: ${name}`,
      measure: "F1",
      value: f1,
      ...interval(counts),
      rowCount: counts.reduce((sum, one) => sum + one.true, 0),
      must: null,
      goal: null,
      stands: `precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, our corpus, test side`,
    };
  });
}
