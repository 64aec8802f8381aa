import { compileBrands } from "#domain/query/match.ts";
import { parseQuery } from "#domain/query/parse.ts";
import { fingerprint } from "#domain/similarity.ts";

/** One figure of a bench: both in `unit`, larger is better, `ratio` = result / target. */
export interface BenchRow {
  name: string;
  unit: string;
  target: number;
  result: number;
  ratio: number;
}

const syllables = "ба во ги да же зо ку ле ми но пе ра су та фе хо ца чу ша ще".split(" ");
const endings = ["", "а", "у", "ом", "е", "ы", "ов", "ами", "ить", "ный", "ая"];

/** A repeatable stream of numbers in [0, 1): mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Words by Zipf's law: the n-th most frequent one comes with a probability of 1/n; `floor` keeps to rarer ones. */
function wordMaker(next: () => number, vocabulary: number): (floor?: number) => string {
  const stems = Array.from({ length: vocabulary }, (_, index) => {
    let rest = index + syllables.length;
    let word = "";
    for (; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length];
    return `${word}л`;
  });
  return (floor = 0) => stems[Math.floor(stems.length ** (floor + next() * (1 - floor))) - 1]!;
}

/** Texts of about 600 characters whose words are as unevenly frequent as in speech. */
function texts(count: number, next: () => number, word: (floor?: number) => string): string[] {
  return Array.from({ length: count }, () => {
    let text = "";
    while (text.length < 600)
      text += `${word()}${endings[Math.floor(next() * endings.length)]}${next() < 0.1 ? ", " : " "}`;
    return text;
  });
}

function perSecond(run: () => number): number {
  run();
  const rates = Array.from({ length: 3 }, () => {
    const start = performance.now();
    return (run() / (performance.now() - start)) * 1000;
  });
  return rates.toSorted((a, b) => a - b)[1]!;
}

const row = (name: string, target: number, result: number): BenchRow => {
  return { name, unit: "texts/s", target, result: Math.round(result), ratio: result / target };
};

/** Matching with one and with 5,000 brands, and the fingerprint of re-posts; the median of three runs each. */
export function benchMatch(): BenchRow[] {
  const next = numbers(7);
  // About 30,000 different words in 150,000, somewhat more than real reviews of one trade have.
  const word = wordMaker(next, 5000);
  const sample = texts(4000, next, word);
  const brand = (): string =>
    `(${word(0.7)} OR "${word(0.5)} ${word(0.7)}") AND (${word(0.4)} OR ${word(0.4)}*) NOT ${word(0.5)}`;
  const rate = (brands: number): number => {
    const matcher = compileBrands(
      Array.from({ length: brands }, (_, index) => ({ brandId: String(index), query: parseQuery(brand()) })),
    );
    return perSecond(() => {
      for (const text of sample) matcher.match({ title: null, text, author: null, url: null, source: null });
      return sample.length;
    });
  };
  const fingerprints = perSecond(() => {
    for (const text of sample) fingerprint(text);
    return sample.length;
  });
  return [
    row("match, 1 brand", 20_000, rate(1)),
    row("match, 5,000 brands", 5000, rate(5000)),
    row("fingerprint of re-posts", 25_000, fingerprints),
  ];
}

if (import.meta.main) console.table(benchMatch());
