import { type Phrase, phraseReader } from "./phrases.ts";
import { chiSquareTail, discoveryRates, likelihoodRatio } from "./significance.ts";

/** A phrase that stands in more texts than the ones before let expect. */
export interface RisingTopic {
  /** The most frequent of its written forms. */
  phrase: string;
  count: number;
  /** Texts that would have it at the rate of the texts before. */
  expectedCount: number;
  /** Dunning's G². */
  score: number;
  /** The false discovery rate at which it is found. */
  discoveryRate: number;
  /** Of three texts with it, the newest first. */
  ids: string[];
}

interface Text {
  id: string;
  text: string;
}

const exampleCount = 3;
/** Falser ones are not shown. */
const highestRate = 0.05;
/** A longer phrase that stands in so many texts of a shorter one stands for it. */
const covering = 0.8;

interface Found {
  count: number;
  before: number;
  forms: Map<string, number>;
  ids: string[];
}

/** Gathers texts of now and before, text by text, so that the caller can breathe between them. */
export interface TopicFinder {
  /** First all texts of now, newest first. */
  addNow(text: Text): void;
  /** Then those before. */
  addBefore(text: string): void;
  /** What rises, the most surprising first. */
  rising(): RisingTopic[];
}

/** Phrases of fewer texts than `leastCount` are not tested. */
export function findTopics(leastCount: number): TopicFinder {
  const read = phraseReader();
  const now: { id: string; phrases: Phrase[] }[] = [];
  let beforeCount = 0;
  let candidates: Map<string, Found> | null = null;
  const chosen = (): Map<string, Found> => {
    candidates ??= frequent(now, leastCount);
    return candidates;
  };
  return {
    addNow: ({ id, text }) => {
      now.push({ id, phrases: onceEach(read(text)) });
    },
    addBefore: text => {
      beforeCount++;
      const known = chosen();
      for (const { key } of onceEach(read(text))) {
        const found = known.get(key);
        if (found !== undefined) found.before++;
      }
    },
    rising: () => (beforeCount === 0 ? [] : significant(chosen(), now.length, beforeCount)),
  };
}

/** A text that says a phrase ten times is one text. */
const onceEach = (phrases: readonly Phrase[]): Phrase[] => [
  ...new Map(phrases.map(phrase => [phrase.key, phrase])).values(),
];

function frequent(texts: readonly { id: string; phrases: Phrase[] }[], leastCount: number) {
  const counts = new Map<string, number>();
  for (const { phrases } of texts) for (const { key } of phrases) counts.set(key, (counts.get(key) ?? 0) + 1);
  const found = new Map<string, Found>();
  for (const { id, phrases } of texts)
    for (const { key, form } of phrases) {
      const count = counts.get(key) as number;
      if (count < leastCount) continue;
      const one = found.get(key) ?? {
        count,
        before: 0,
        forms: new Map<string, number>(),
        ids: [] as string[],
      };
      found.set(key, one);
      one.forms.set(form, (one.forms.get(form) ?? 0) + 1);
      if (one.ids.length < exampleCount) one.ids.push(id);
    }
  return found;
}

function significant(candidates: ReadonlyMap<string, Found>, nowOf: number, beforeOf: number): RisingTopic[] {
  const tested = [...candidates].map(([key, found]) => {
    const score = likelihoodRatio({ count: found.count, of: nowOf }, { count: found.before, of: beforeOf });
    return { key, found, score, expected: (found.before / beforeOf) * nowOf };
  });
  const rates = discoveryRates(tested.map(({ score }) => chiSquareTail(score)));
  const rising = tested
    .map((one, index) => ({ ...one, rate: rates[index] as number }))
    .filter(({ rate, found, expected }) => rate <= highestRate && found.count > expected)
    .sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1));
  return withoutParts(rising).map(({ found, score, expected, rate }) => ({
    phrase: commonest(found.forms),
    count: found.count,
    expectedCount: Math.round(expected * 100) / 100,
    score: Math.round(score * 100) / 100,
    discoveryRate: rate,
    ids: found.ids,
  }));
}

/** Leaves out phrases that mostly stand within a longer one of the list. */
function withoutParts<One extends { key: string; found: Found }>(rising: readonly One[]): One[] {
  const largest = new Map<string, number>();
  for (const { key, found } of rising)
    for (const part of partsOf(key)) largest.set(part, Math.max(largest.get(part) ?? 0, found.count));
  return rising.filter(({ key, found }) => (largest.get(key) ?? 0) < covering * found.count);
}

/** Shorter phrases within one. */
function partsOf(key: string): string[] {
  const stems = key.split(" ");
  const parts: string[] = [];
  for (let start = 0; start < stems.length; start++)
    for (let end = start + 1; end <= stems.length; end++)
      if (end - start < stems.length) parts.push(stems.slice(start, end).join(" "));
  return parts;
}

/** Of equal ones the first in the alphabet, so that the answer does not change by itself. */
const commonest = (forms: ReadonlyMap<string, number>): string =>
  [...forms].reduce((best, one) =>
    one[1] > best[1] || (one[1] === best[1] && one[0] < best[0]) ? one : best,
  )[0];
