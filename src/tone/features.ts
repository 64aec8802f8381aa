import * as blocks from "./model/blocks.ts";
import { maxTokens } from "./tape.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { contextAt, rowAt } = blocks;

/** No token gives more features than this beside its word. */
const featuresPerToken = 14;
/** No text gives more features of the whole. */
const mostWhole = 64;

/**
 * The features of one text in the order in which they are met, in columns: words by their entries in the memory of words,
 * all others by their pairs of weights. Reused from text to text.
 */
export interface Features {
  wordCount: number;
  wordEntry: Int32Array;
  /** Bits of `places`. */
  wordPlace: Uint16Array;
  wordStart: Int32Array;
  wordEnd: Int32Array;
  /** Pairs that are damped by the length of the text: of a row where the kind has a block, too, or of the context block. */
  pairCount: number;
  /** The first pair that the lexicon gave; those of words stand before it. */
  firstHit: number;
  pair: Int32Array;
  pairStart: Int32Array;
  pairEnd: Int32Array;
  /** Rows that count once per text. */
  wholeCount: number;
  whole: Int32Array;
}

export const createFeatures = (): Features => ({
  wordCount: 0,
  wordEntry: new Int32Array(maxTokens),
  wordPlace: new Uint16Array(maxTokens),
  wordStart: new Int32Array(maxTokens),
  wordEnd: new Int32Array(maxTokens),
  pairCount: 0,
  firstHit: 0,
  pair: new Int32Array(maxTokens * featuresPerToken),
  pairStart: new Int32Array(maxTokens * featuresPerToken),
  pairEnd: new Int32Array(maxTokens * featuresPerToken),
  wholeCount: 0,
  whole: new Int32Array(mostWhole),
});

/** Builds the writing of features. */
export function createPut(features: Features) {
  const { wordEntry, wordPlace, wordStart, wordEnd, pair, pairStart, pairEnd, whole } = features;

  const put = (start: number, end: number, id: number): void => {
    const at = features.pairCount++;
    pair[at] = id;
    pairStart[at] = start;
    pairEnd[at] = end;
  };

  return {
    clear: (): void => {
      features.wordCount = 0;
      features.pairCount = 0;
      features.wholeCount = 0;
    },
    /** All pairs from now on are the lexicon's. */
    hits: (): void => {
      features.firstHit = features.pairCount;
    },
    word: (start: number, end: number, entry: number, place: number): void => {
      const at = features.wordCount++;
      wordEntry[at] = entry;
      wordPlace[at] = place;
      wordStart[at] = start;
      wordEnd[at] = end;
    },
    /** What weighs with the kind, and is damped by length. */
    plain: (start: number, end: number, hash: number): void => put(start, end, rowAt(hash)),
    /** What stands around a word, in the context block. */
    context: (start: number, end: number, hash: number): void => put(start, end, contextAt(hash)),
    /** What counts once per text. */
    once: (hash: number): void => {
      whole[features.wholeCount++] = rowAt(hash);
    },
  };
}

/** Writes the features of a text. */
export type Put = ReturnType<typeof createPut>;

/** What a feature tells; a hash of this and of what it is about names it. */
export const seeds = {
  pair: 0x3c6ef372,
  stemPair: 0x1b873593,
  unreal: 0x11,
  past: 0x23,
  before: 0x35,
  concession: 0x47,
  asked: 0x59,
  first: 0x6b,
  last: 0x7d,
  far: 0x8f,
  capitals: 0xa1,
  hit: 0xb3,
  group: 0xc5,
  beside: 0xd7,
  target: 0xe9,
  sum: 0x101,
  split: 0x113,
  lastTone: 0x125,
  firstTone: 0x137,
  length: 0x149,
  marks: 0x15b,
  shouting: 0x16d,
  links: 0x17f,
  script: 0x191,
  nearTone: 0x1a3,
  spans: 0x1b5,
  ending: 0x1c7,
  lastClause: 0x1d9,
} as const;

/** A hash of two numbers. */
export function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ 0x5bd1e995, 0x01000193) ^ b;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

const limits = [0, 15, 31, 55, 95, 159] as const;

/** The step of a sum of lexicon units, finer near zero, in [-6, 6]. */
export function step(units: number): number {
  const size = Math.abs(units);
  let level = 0;
  while (level < limits.length && size > (limits[level] as number)) level++;
  return units < 0 ? -level : level;
}
