import { eachPhrase, type PhraseKey, partsOf, type WordRun, wordReader } from "./phrases.ts";
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

/** In how many texts a phrase stands; `last` is the number of the text that was counted last. */
interface Count {
  now: number;
  before: number;
  last: number;
}

/**
 * Finds what rises, the most surprising first, at most `top`. Phrases of fewer than `leastCount` texts are not tested.
 * It yields after each text, so that others may use the processor.
 */
export function* findTopics(
  texts: { now: readonly Text[]; before: readonly { text: string }[] },
  { leastCount, top }: { leastCount: number; top: number },
): Generator<undefined, RisingTopic[]> {
  if (texts.before.length === 0) return [];
  const read = wordReader();
  const now: { id: string; run: WordRun }[] = [];
  const words = new Map<PhraseKey, Count>();
  for (const { id, text } of texts.now) {
    const run = read(text);
    for (const word of run.words) if (word.full) countOnce(words, word.id, now.length);
    now.push({ id, run });
    yield;
  }
  const counts = yield* frequent(now, words, leastCount);
  for (const [index, { text }] of texts.before.entries()) {
    countBefore(counts, read(text), now.length + index);
    yield;
  }
  return described(significant(counts, now.length, texts.before.length, top), now);
}

function countBefore(counts: ReadonlyMap<PhraseKey, Count>, run: WordRun, place: number): void {
  eachPhrase(
    run,
    word => counts.has(word.id),
    key => {
      const count = counts.get(key);
      if (count === undefined || count.last === place) return;
      count.last = place;
      count.before++;
    },
  );
}

/** A text that says a phrase ten times is one text. */
function countOnce(counts: Map<PhraseKey, Count>, key: PhraseKey, place: number): void {
  const count = counts.get(key);
  if (count === undefined) counts.set(key, { now: 1, before: 0, last: place });
  else if (count.last !== place) {
    count.last = place;
    count.now++;
  }
}

/** Phrases of enough texts: their first and their last words must have as many. */
function* frequent(
  texts: readonly { run: WordRun }[],
  words: ReadonlyMap<PhraseKey, Count>,
  leastCount: number,
): Generator<undefined, Map<PhraseKey, Count>> {
  const counts = new Map<PhraseKey, Count>();
  const isCommon = ({ full, id }: WordRun["words"][number]) =>
    full && (words.get(id)?.now ?? 0) >= leastCount;
  for (const [place, { run }] of texts.entries()) {
    eachPhrase(run, isCommon, key => countOnce(counts, key, place));
    yield;
  }
  for (const [key, count] of counts) if (count.now < leastCount) counts.delete(key);
  return counts;
}

interface Significant {
  key: PhraseKey;
  count: number;
  expected: number;
  score: number;
  rate: number;
}

function significant(
  counts: ReadonlyMap<PhraseKey, Count>,
  nowOf: number,
  beforeOf: number,
  top: number,
): Significant[] {
  const tested = [...counts].map(([key, { now, before }]) => ({
    key,
    count: now,
    expected: (before / beforeOf) * nowOf,
    score: likelihoodRatio({ count: now, of: nowOf }, { count: before, of: beforeOf }),
  }));
  const rates = discoveryRates(tested.map(({ score }) => chiSquareTail(score)));
  const rising = tested
    .map((one, index) => ({ ...one, rate: rates[index] as number }))
    .filter(({ rate, count, expected }) => rate <= highestRate && count > expected)
    .sort((a, b) => b.score - a.score || a.key - b.key);
  return withoutParts(rising).slice(0, top);
}

/** Leaves out phrases that mostly stand within a longer one of the list. */
function withoutParts(rising: readonly Significant[]): Significant[] {
  const largest = new Map<PhraseKey, number>();
  for (const { key, count } of rising)
    for (const part of partsOf(key)) largest.set(part, Math.max(largest.get(part) ?? 0, count));
  return rising.filter(({ key, count }) => (largest.get(key) ?? 0) < covering * count);
}

/** Looks the phrases up in the texts of now again: how they are written there, and where. */
function described(
  topics: readonly Significant[],
  texts: readonly { id: string; run: WordRun }[],
): RisingTopic[] {
  const found = new Map(
    topics.map(({ key }) => [key, { forms: new Map<string, number>(), ids: new Set<string>() }]),
  );
  for (const { id, run } of texts)
    eachPhrase(
      run,
      word => word.full,
      (key, start, end) => {
        const topic = found.get(key);
        if (topic === undefined) return;
        const form = run.words
          .slice(start, end)
          .map(word => word.form)
          .join(" ");
        topic.forms.set(form, (topic.forms.get(form) ?? 0) + 1);
        if (topic.ids.size < exampleCount) topic.ids.add(id);
      },
    );
  return topics.map(({ key, count, expected, score, rate }) => ({
    phrase: commonest(found.get(key)?.forms ?? new Map()),
    count,
    expectedCount: Math.round(expected * 100) / 100,
    score: Math.round(score * 100) / 100,
    discoveryRate: rate,
    ids: [...(found.get(key)?.ids ?? [])],
  }));
}

/** Of equal ones the first in the alphabet, so that the answer does not change by itself. */
function commonest(forms: ReadonlyMap<string, number>): string {
  const [first] = [...forms].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return first?.[0] ?? "";
}
