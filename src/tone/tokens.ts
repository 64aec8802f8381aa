import { Buffer } from "node:buffer";
import type { Units } from "#domain/words.ts";
import * as alphabets from "./alphabet.ts";
import { type Memo, wordSeeds } from "./memo.ts";
import { createResolve } from "./resolve.ts";
import { closesBracket, emoticonEnd, emoticonLevel } from "./signs.ts";
import type { Tape } from "./tape.ts";
import * as tokens from "./tape.ts";
import { unitsPerLevel } from "./vocabulary.ts";
import * as words from "./words.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { buildAlphabet, lastWordUnit, unit } = alphabets;
const { breaks, contexts, flags, headUnits, tailUnits } = tokens;
const { maxWordUnits } = words;

export interface Scan {
  /** Takes up a text, or its head and tail when it is long; returns its units, valid until the next. */
  load(text: string): Units;
  /** Reads what was loaded onto the tape; `translit` reads Latin letters as Russian. */
  scan(translit: boolean): void;
}

const colon = 0x3a;
const dot = 0x2e;
const slash = 0x2f;
const gapUnits = 4;
const at = 0x40;
const pointers = new Set([0xd83c, 0xd83d, 0xd83e]);

/** What a character is to the word that is read: part of it, nothing, or its end. */
const uses = { letter: 0, idle: 1, end: 2 } as const;

/** Builds the scanner of tokens over the memory of words and a table of emoji in units. */
export function createScan(memo: Memo, tape: Tape, emoji: ReadonlyMap<number, number>): Scan {
  const alphabet = buildAlphabet();
  const { word } = memo;
  const units: Units = new Uint16Array(headUnits + tailUnits + 2 * gapUnits);
  const bytes = Buffer.from(units.buffer);
  /** From a place in `units` to the place in the text. */
  let shift = 0;
  let pending: number = breaks.sentence;
  let openCount = 0;
  /** `contexts.quoted` between quotation marks, else 0. */
  let quoted = 0;
  let translit = false;
  let wordSeed: number = wordSeeds.plain;
  let cyrillicCount = 0;
  let upperCount = 0;
  let firstHash = 0;
  let secondHash = 0;
  let rangeEnd = 0;

  const separate = (strength: number): void => {
    if (strength > pending) pending = strength;
  };

  const push = (start: number, end: number): number => {
    const token = tape.count++;
    tape.start[token] = start + shift;
    tape.end[token] = end + shift;
    tape.break[token] = pending;
    tape.bangs[token] = 0;
    tape.asks[token] = 0;
    tape.flags[token] = 0;
    tape.entry[token] = 0;
    tape.context[token] = quoted;
    pending = breaks.none;
    return token;
  };

  const pushSign = (start: number, end: number, tone: number): void => {
    const before = tape.count - 1;
    if (
      before >= 0 &&
      (tape.flags[before] as number) === flags.sign &&
      tape.sign[before] === tone &&
      pending <= breaks.light
    ) {
      tape.end[before] = end + shift;
      return;
    }
    const separated = pending;
    if (tape.count > 0) pending = Math.min(pending, breaks.comma);
    const token = push(start, end);
    tape.sign[token] = tone;
    tape.glyph[token] = ((units[start] as number) << 16) | (units[end - 1] as number);
    tape.flags[token] = flags.sign;
    pending = Math.max(separated, breaks.light);
  };

  /** Reads the letters of a word into `word`, masking characters and apostrophes with it. Returns the index after it. */
  const readLetters = (from: number, to: number): number => {
    const letters = word.units;
    let i = from;
    let length = 0;
    let first = wordSeed;
    let second: number = wordSeeds.second;
    let upper = 0;
    while (i < to) {
      const raw = alphabet[units[i] as number] as number;
      const kind = raw & 127;
      // Nearly every character is a letter: it takes the shortest way.
      const use = kind > lastWordUnit || kind === 0 ? useOf(i, to, kind, length) : uses.letter;
      if (use === uses.end) break;
      i++;
      if (use === uses.idle || length === maxWordUnits) continue;
      letters[length++] = kind;
      upper += raw >> 7;
      first = Math.imul(first ^ kind, 0x01000193);
      second = Math.imul(second + kind, 0x5bd1e995) ^ (second >>> 15);
    }
    word.length = length;
    upperCount = upper;
    firstHash = first;
    secondHash = second;
    return i;
  };

  /** Reads a word and leaves its hashes on the tape, for `resolve`. */
  const readWord = (from: number, to: number): number => {
    const end = readLetters(from, to);
    // What lies beyond the text is a gap, so no colon is read there.
    if (isLinkAt(units, end)) return skipLink(end, to);
    const token = push(from, end);
    tape.first[token] = firstHash;
    tape.second[token] = secondHash;
    tape.upper[token] = upperCount;
    return end;
  };

  /** What a character that is no letter does inside a word: an accent or a second mask adds nothing to it. */
  const useOf = (i: number, to: number, kind: number, length: number): number => {
    if (!staysInside(i, to, kind)) return uses.end;
    const isIdle = kind === unit.skip || (length > 0 && word.units[length - 1] === kind);
    return isIdle ? uses.idle : uses.letter;
  };

  const staysInside = (i: number, to: number, kind: number): boolean =>
    kind === unit.skip || (kind === unit.mask && canMask(i, to));

  /** A masking character belongs to a word between its letters, or when it is repeated. */
  const canMask = (i: number, to: number): boolean => {
    if (!isLetter(word.units[0] as number)) return false;
    let next = i + 1;
    while (next < to && next < i + 6 && kindAt(next) === unit.mask) next++;
    return next > i + 1 || (next < to && isLetter(kindAt(next)));
  };

  const kindAt = (i: number): number => (alphabet[units[i] as number] as number) & 127;

  const skipLink = (from: number, to: number): number => {
    tape.linkCount++;
    separate(breaks.light);
    return skipRun(from, to);
  };

  const skipRun = (from: number, to: number): number => {
    let i = from;
    for (; i < to; i++) {
      const kind = alphabet[units[i] as number] as number;
      if (kind === unit.space || kind === unit.line) break;
    }
    return i;
  };

  const readSurrogate = (i: number, to: number): number => {
    const high = units[i] as number;
    if (!pointers.has(high) || i + 1 >= to || !isLow(units[i + 1] as number)) return i + 1;
    const tone = emoji.get(
      ((units[i] as number) - 0xd800) * 0x400 + ((units[i + 1] as number) - 0xdc00) + 0x10000,
    );
    if (tone !== undefined) pushSign(i, i + 2, tone);
    return i + 2;
  };

  const runOf = (from: number, to: number): number => {
    const code = units[from] as number;
    let i = from + 1;
    while (i < to && (units[i] as number) === code) i++;
    return i;
  };

  /** A closing bracket that closes nothing is a Russian smile; several are a wide one. */
  const readClose = (i: number, to: number): number => {
    const end = runOf(i, to);
    const smiles = end - i - openCount;
    openCount = Math.max(0, openCount - (end - i));
    if (smiles > 0 && tape.count > 0 && !isListNumber(i)) {
      pushSign(i, end, unitsPerLevel * (smiles > 2 ? 3 : smiles > 1 ? 2 : 1));
    } else separate(breaks.light);
    return end;
  };

  const readOpen = (i: number, to: number): number => {
    const end = runOf(i, to);
    if (end - i > 1) pushSign(i, end, -unitsPerLevel * (end - i > 2 ? 3 : 2));
    else if (isLonely(end, to)) pushSign(i, end, -unitsPerLevel);
    else {
      openCount++;
      separate(breaks.light);
    }
    return end;
  };

  const isLonely = (end: number, to: number): boolean =>
    end >= to || (alphabet[units[end] as number] as number) === unit.line;

  const isListNumber = (i: number): boolean => {
    const token = tape.count - 1;
    const kind = alphabet[units[i - 1] as number] as number;
    return (
      kind >= unit.digit &&
      kind <= lastWordUnit &&
      (tape.end[token] as number) - (tape.start[token] as number) < 3
    );
  };

  /** `:-)` and its kin, `<3`; returns the index after it, or `i` when there is none. */
  const readEmoticon = (i: number, to: number): number => {
    const level = emoticonLevel(units, i, to);
    if (level === 0 || (openCount > 0 && closesBracket(units, i))) return i;
    const end = emoticonEnd(units, i, to);
    if (isLetterAt(end, to)) return i;
    pushSign(i, end, level * unitsPerLevel);
    return end;
  };

  const isLetterAt = (i: number, to: number): boolean => {
    const kind = (alphabet[units[i] as number] as number) & 127;
    return i < to && kind > 0 && kind <= lastWordUnit;
  };

  const readMarks = (i: number): number => {
    const token = tape.count - 1;
    if (token >= 0) {
      const marks = (alphabet[units[i] as number] as number) === unit.bang ? tape.bangs : tape.asks;
      if ((marks[token] as number) < 255) marks[token] = (marks[token] as number) + 1;
    }
    separate(breaks.sentence);
    return i + 1;
  };

  /** A dot inside a number or a domain name does not end a sentence. */
  const readStop = (i: number, to: number): number => {
    const inside = (units[i] as number) === dot && i > 0 && isLetterAt(i - 1, to) && isLetterAt(i + 1, to);
    const latinOrDigit = inside && ((alphabet[units[i + 1] as number] as number) & 127) >= unit.latin;
    if (latinOrDigit) separate(breaks.light);
    else {
      const after = readEmoticon(i, to);
      if (after > i) return after;
      separate(breaks.sentence);
    }
    return i + 1;
  };

  const readMask = (i: number, to: number): number => {
    const name = (units[i] as number) === at && isLetterAt(i + 1, to);
    separate(breaks.light);
    return name ? skipRun(i, to) : i + 1;
  };

  const readLight = (i: number, to: number): number => {
    const after = readEmoticon(i, to);
    if (after > i) return after;
    separate(breaks.light);
    return i + 1;
  };

  /** A mark before a letter and behind none opens; all others close. A quotation ends with its line. */
  const readQuote = (i: number, to: number): number => {
    quoted = isLetterAt(i + 1, to) && !(i > 0 && isLetterAt(i - 1, to)) ? contexts.quoted : 0;
    separate(breaks.light);
    return i + 1;
  };

  const readLine = (i: number): number => {
    openCount = 0;
    quoted = 0;
    separate(breaks.sentence);
    return i + 1;
  };

  const readSymbol = (i: number): number => {
    const tone = emoji.get(units[i] as number);
    if (tone !== undefined) pushSign(i, i + 1, tone);
    else separate(breaks.light);
    return i + 1;
  };

  const ignore = (i: number): number => i + 1;
  const readComma = (i: number): number => {
    separate(breaks.comma);
    return i + 1;
  };

  const readers: ((i: number, to: number) => number)[] = Array.from(
    { length: unit.symbol + 1 },
    () => ignore,
  );
  readers.fill(readWord, 1, lastWordUnit + 1);
  readers[unit.mask] = readMask;
  readers[unit.line] = readLine;
  readers[unit.stop] = readStop;
  readers[unit.comma] = readComma;
  readers[unit.light] = readLight;
  readers[unit.quote] = readQuote;
  readers[unit.open] = readOpen;
  readers[unit.close] = readClose;
  readers[unit.surrogate] = readSurrogate;
  readers[unit.bang] = readMarks;
  readers[unit.ask] = readMarks;
  readers[unit.symbol] = readSymbol;

  const resolve = createResolve(memo, tape, token => {
    readLetters((tape.start[token] as number) - shift, rangeEnd);
  });

  const scanRange = (from: number, to: number): void => {
    const firstToken = tape.count;
    rangeEnd = to;
    pending = breaks.sentence;
    openCount = 0;
    quoted = 0;
    let i = from;
    while (i < to) {
      const kind = (alphabet[units[i] as number] as number) & 127;
      if (kind <= lastWordUnit && kind > 0) i = readWord(i, to);
      else if (kind === unit.space) i++;
      else i = (readers[kind] as (i: number, to: number) => number)(i, to);
    }
    cyrillicCount += resolve(firstToken, tape.count, translit);
  };

  /** Copies `text[from, to)` to `place`, with a gap after it that no character reads across. */
  const copy = (text: string, from: number, to: number, place: number): void => {
    bytes.write(from === 0 && to === text.length ? text : text.slice(from, to), place * 2, "utf16le");
    units.fill(0, place + to - from, place + to - from + gapUnits);
  };

  let loadedUnits = 0;

  const load = (text: string): Units => {
    loadedUnits = text.length;
    if (text.length <= headUnits + tailUnits) copy(text, 0, text.length, 0);
    else {
      copy(text, 0, headUnits, 0);
      copy(text, text.length - tailUnits, text.length, headUnits + gapUnits);
    }
    return units;
  };

  const scan = (isTranslit: boolean): void => {
    tape.count = 0;
    tape.wordCount = 0;
    tape.capitalCount = 0;
    tape.linkCount = 0;
    cyrillicCount = 0;
    translit = isTranslit;
    wordSeed = isTranslit ? wordSeeds.translit : wordSeeds.plain;
    shift = 0;
    memo.begin();
    if (loadedUnits <= headUnits + tailUnits) scanRange(0, loadedUnits);
    else {
      scanRange(0, headUnits);
      shift = loadedUnits - tailUnits - headUnits - gapUnits;
      scanRange(headUnits + gapUnits, headUnits + gapUnits + tailUnits);
    }
    tape.cyrillic = cyrillicCount * 2 >= tape.wordCount;
  };

  return { load, scan };
}

const isLetter = (kind: number): boolean => kind > 0 && kind < unit.foreign;

const isLinkAt = (text: Units, at: number): boolean =>
  text[at] === colon && text[at + 1] === slash && text[at + 2] === slash;

const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;
