/** Where a word stands beside its plain weight: each bit adds the word's weights of one more block. */
export const places = { negated: 1, after: 2, near: 4 } as const;

/** How a feature weighs: with its kind and damped by length, in the context block, or once per text. */
export const routes = { plain: 0, context: 1, text: 2 } as const;

/** Takes the features of one text in the order in which they are met. */
export interface Sink {
  word(start: number, end: number, entry: number, places: number): void;
  feature(start: number, end: number, route: number, hash: number): void;
}

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
