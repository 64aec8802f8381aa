import { unit } from "./alphabet.ts";
import { flags } from "./tape.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { createLookUp, createWord, patternsPerToken, type Word } from "./words.ts";

/** Words remembered before all are forgotten at once; a text of the longest kind still fits after that. */
const rememberedWords = 100_000;
const wordsPerText = 20_000;
const capacity = rememberedWords + wordsPerText;
const slotCount = 262_144;

/** Adds up what a model knows of a word by itself into `sums[at, at + width)`. */
export interface WordSums {
  width: number;
  add(folded: Uint8Array, length: number, sums: Int32Array, at: number): void;
}

/**
 * Everything about a word that does not depend on its neighbours, found out once: what the lexicon knows
 * of it and what the model adds up over its letters. Entries stay valid until `begin` is called.
 */
export interface Memo {
  /** Filled by the caller with the letters of a word before `find`. */
  word: Word;
  begin(): void;
  /** The entry of `word`, whose two hashes the caller made from `wordSeeds`; `translit` reads Latin letters as Russian. */
  find(first: number, second: number, translit: boolean): number;
  patterns: Uint16Array;
  patternCount: Uint8Array;
  flags: Uint8Array;
  letterCount: Uint8Array;
  /** 1 for a word read as Cyrillic letters. */
  cyrillic: Uint8Array;
  /** Hashes of the whole word and of its first letters. */
  whole: Int32Array;
  stem: Int32Array;
  /** A hash of the last letters. */
  ending: Int32Array;
  sums: Int32Array;
  /** What the topics add up over the letters of a word. */
  topicSums: Int32Array;
  /** How often the text at hand has used the word; kept by the walk. */
  repeats: Uint8Array;
}

/** What the two hashes of a word begin with; a word read as Russian in Latin letters is another word. */
export const wordSeeds = { plain: 0x811c9dc5, translit: 0x3c6ef372, second: 0x1b873593 } as const;

const stemUnits = 5;
const endingUnits = 2;

/** A hash of `units[0, length)`. */
function hashUnits(units: Uint8Array, length: number, seed: number): number {
  let hash = seed;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (units[i] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function hashEnding(word: Word): number {
  const from = Math.max(0, word.foldedLength - endingUnits);
  return hashUnits(word.folded.subarray(from, word.foldedLength), word.foldedLength - from, 0x7f4a7c15);
}

/** Builds an empty memory over a vocabulary and, where there is one, a model and its topics. */
export function createMemo(
  vocabulary: Vocabulary,
  model: WordSums | null,
  topics: WordSums | null = null,
): Memo {
  const lookUp = createLookUp(vocabulary);
  const width = model?.width ?? 0;
  const topicWidth = topics?.width ?? 0;
  const slots = new Int32Array(slotCount);
  const firstKeys = new Int32Array(capacity);
  const secondKeys = new Int32Array(capacity);
  const word = createWord();
  let count = 0;

  const learn = (entry: number, translit: boolean): void => {
    describe(word);
    lookUp(word, translit);
    memo.patternCount[entry] = word.patternCount;
    for (let i = 0; i < word.patternCount; i++)
      memo.patterns[entry * patternsPerToken + i] = word.patterns[i] as number;
    memo.flags[entry] = (word.negated ? flags.negated : 0) | (word.stretched ? flags.stretched : 0);
    memo.letterCount[entry] = word.cyrillicCount + word.latinCount;
    memo.whole[entry] = hashUnits(word.folded, word.foldedLength, 0x811c9dc5);
    memo.stem[entry] = hashUnits(word.folded, Math.min(stemUnits, word.foldedLength), 0x9747b28c);
    const first = word.folded[0] as number;
    memo.cyrillic[entry] = first > 0 && first < unit.latin ? 1 : 0;
    memo.ending[entry] = hashEnding(word);
    if (model !== null) {
      memo.sums.fill(0, entry * width, (entry + 1) * width);
      model.add(word.folded, word.foldedLength, memo.sums, entry * width);
    }
    if (topics === null) return;
    memo.topicSums.fill(0, entry * topicWidth, (entry + 1) * topicWidth);
    topics.add(word.folded, word.foldedLength, memo.topicSums, entry * topicWidth);
  };

  const find = (first: number, second: number, translit: boolean): number => {
    let slot = (first ^ (first >>> 15)) & (slotCount - 1);
    for (let known = slots[slot] as number; known > 0; known = slots[slot] as number) {
      if (firstKeys[known - 1] === first && secondKeys[known - 1] === second) return known - 1;
      slot = (slot + 1) & (slotCount - 1);
    }
    const entry = count++;
    slots[slot] = entry + 1;
    firstKeys[entry] = first;
    secondKeys[entry] = second;
    learn(entry, translit);
    return entry;
  };

  const memo: Memo = {
    word,
    begin: () => {
      if (count < rememberedWords) return;
      slots.fill(0);
      count = 0;
    },
    find,
    patterns: new Uint16Array(capacity * patternsPerToken),
    patternCount: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    letterCount: new Uint8Array(capacity),
    cyrillic: new Uint8Array(capacity),
    whole: new Int32Array(capacity),
    stem: new Int32Array(capacity),
    ending: new Int32Array(capacity),
    sums: new Int32Array(capacity * width),
    repeats: new Uint8Array(capacity),
    topicSums: new Int32Array(capacity * topicWidth),
  };
  return memo;
}

/** Counts the scripts of a word and sees whether a letter is drawn out. */
function describe(word: Word): void {
  let cyrillicCount = 0;
  let latinCount = 0;
  let run = 0;
  let last = 0;
  word.stretched = false;
  for (let i = 0; i < word.length; i++) {
    const kind = word.units[i] as number;
    run = kind === last ? run + 1 : 1;
    last = kind;
    if (kind < unit.latin) cyrillicCount++;
    else if (kind < unit.foreign) latinCount++;
    if (run === 3 && kind < unit.foreign) word.stretched = true;
  }
  word.cyrillicCount = cyrillicCount;
  word.latinCount = latinCount;
}
