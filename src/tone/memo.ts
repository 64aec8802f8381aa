import { unit } from "./alphabet.ts";
import { flags } from "./tape.ts";
import { meanings, roles, type Vocabulary } from "./vocabulary.ts";
import { createLookUp, createWord, type Word } from "./words.ts";

/** Words remembered before all are forgotten at once; a text of the longest kind still fits after that. */
const rememberedWords = 100_000;
const wordsPerText = 20_000;
const capacity = rememberedWords + wordsPerText;
const slotCount = 262_144;

/** Adds up what a model knows of a word by itself into `sums[at, at + width)`; of the tone model at most twelve numbers. */
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
  /** The entry of a word by its two hashes, 0 for one that is not remembered. */
  seek(first: number, second: number): number;
  /** The entry of `word`, whose two hashes the caller made from `wordSeeds`; `translit` reads Latin letters as Russian. */
  find(first: number, second: number, translit: boolean): number;
  /** By entry, `hotWidth` numbers: what the model adds up over the letters of the word, then those of `hot`. */
  numbers: Int32Array;
  /** By entry, `infoWidth` numbers: the lexicon's patterns that it fits, the longest first, then those of `info`. */
  lexical: Uint16Array;
  /** What the topics add up over the letters of a word. */
  topicSums: Int32Array;
}

/** What the two hashes of a word begin with; a word read as Russian in Latin letters is another word. */
export const wordSeeds = { plain: 0x811c9dc5, translit: 0x3c6ef372, second: 0x1b873593 } as const;

/** What is asked of every word lies in one line of the processor's cache. */
export const hotWidth = 16;
/** Hashes of the whole word, of its first and of its last letters; how often the text at hand has used it. */
export const hot = { whole: 12, stem: 13, ending: 14, repeats: 15 } as const;
export const infoWidth = 16;
/**
 * Number of patterns; number of letters (low byte), and whether they are Cyrillic (high byte); `flags` of the
 * word; roles of its patterns together; the longest pattern with a tone, or 0.
 */
export const info = { patterns: 6, letters: 7, flags: 8, roles: 9, tone: 10 } as const;

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

/** Builds the writing of what the lexicon knows of a word, `infoWidth` numbers from `at` on. */
function createDescription({ first: stateAfter, leads, follows, role, weighted, means }: Vocabulary) {
  const flagsOf = (pattern: number): number => {
    const starts = leads[stateAfter[pattern] as number] as number;
    const both = starts | (means[pattern] as number);
    return (
      ((both & meanings.toned) !== 0 ? flags.known : 0) |
      ((starts & meanings.toned) !== 0 ? flags.begins : 0) |
      ((both & meanings.named) !== 0 ? flags.named : 0) |
      (((follows[pattern] as number) & meanings.toned) !== 0 ||
      ((role[pattern] as number) & roles.filler) !== 0
        ? flags.goesOn
        : 0)
    );
  };

  return (word: Word, lexical: Uint16Array, at: number): void => {
    const patterns = word.patterns.subarray(0, word.patternCount);
    const first = word.folded[0] as number;
    const isCyrillic = first > 0 && first < unit.latin ? 1 : 0;
    lexical.set(patterns, at);
    lexical[at + info.patterns] = patterns.length;
    lexical[at + info.letters] = (word.cyrillicCount + word.latinCount) | (isCyrillic << 8);
    lexical[at + info.flags] = patterns.reduce(
      (bits, pattern) => bits | flagsOf(pattern),
      (word.negated ? flags.negated : 0) | (word.stretched ? flags.stretched : 0),
    );
    lexical[at + info.roles] = patterns.reduce((bits, pattern) => bits | (role[pattern] as number), 0);
    lexical[at + info.tone] = patterns.find(pattern => weighted[pattern] === 1) ?? 0;
  };
}

const keyOf = (first: number, second: number): number => second ^ Math.imul(first, 0x85ebca6b);

/** Builds an empty memory over a vocabulary and, where there is one, a model and its topics. */
export function createMemo(
  vocabulary: Vocabulary,
  model: WordSums | null,
  topics: WordSums | null = null,
): Memo {
  const lookUp = createLookUp(vocabulary);
  const describeTo = createDescription(vocabulary);
  const topicWidth = topics?.width ?? 0;
  /** By slot an entry, 0 for none, and beside it the key: one look at memory finds both. */
  const slots = new Int32Array(2 * slotCount);
  const word = createWord();
  // Entry 0 is no word's: that of signs.
  let count = 1;

  const learn = (entry: number, translit: boolean): void => {
    describe(word);
    lookUp(word, translit);
    const { numbers } = memo;
    const at = entry * hotWidth;
    describeTo(word, memo.lexical, entry * infoWidth);
    numbers.fill(0, at, at + hotWidth);
    numbers[at + hot.whole] = hashUnits(word.folded, word.foldedLength, 0x811c9dc5);
    numbers[at + hot.stem] = hashUnits(word.folded, Math.min(stemUnits, word.foldedLength), 0x9747b28c);
    numbers[at + hot.ending] = hashEnding(word);
    model?.add(word.folded, word.foldedLength, numbers, at);
    if (topics === null) return;
    memo.topicSums.fill(0, entry * topicWidth, (entry + 1) * topicWidth);
    topics.add(word.folded, word.foldedLength, memo.topicSums, entry * topicWidth);
  };

  /** The slot of a word, or the free one that it would take. */
  const slotOf = (first: number, key: number): number => {
    let slot = 2 * ((first ^ (first >>> 15)) & (slotCount - 1));
    while ((slots[slot] as number) > 0 && slots[slot + 1] !== key) slot = (slot + 2) & (2 * slotCount - 1);
    return slot;
  };

  const seek = (first: number, second: number): number =>
    slots[slotOf(first, keyOf(first, second))] as number;

  const find = (first: number, second: number, translit: boolean): number => {
    const key = keyOf(first, second);
    const slot = slotOf(first, key);
    const known = slots[slot] as number;
    if (known > 0) return known;
    const entry = count++;
    slots[slot] = entry;
    slots[slot + 1] = key;
    learn(entry, translit);
    return entry;
  };

  const memo: Memo = {
    word,
    begin: () => {
      if (count < rememberedWords) return;
      slots.fill(0);
      count = 1;
    },
    seek,
    find,
    numbers: new Int32Array(capacity * hotWidth),
    lexical: new Uint16Array(capacity * infoWidth),
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
