import { buildAlphabet, lastWordUnit, unit, upperBit } from "./alphabet.ts";
import { createLookUp, createWord, maxWordUnits, patternsPerToken, type Word } from "./words.ts";
import { unitsPerLevel, type Vocabulary } from "./vocabulary.ts";

/** How strongly the text before a token separates it from the token before. */
export const breaks = { none: 0, light: 1, comma: 2, sentence: 3 } as const;

/** Units read from the beginning and from the end of a long text; the middle is left out. */
export const headUnits = 12_000;
export const tailUnits = 8_000;
const maxTokens = headUnits + tailUnits;

/** The tokens of one text in columns; reused from text to text by one scorer. */
export interface Tape {
  count: number;
  start: Int32Array;
  end: Int32Array;
  /** A `breaks` value: what lies between this token and the one before. */
  break: Uint8Array;
  /** Runs of `!` and `?` after the token, at most 255. */
  bangs: Uint8Array;
  asks: Uint8Array;
  capitals: Uint8Array;
  stretched: Uint8Array;
  negated: Uint8Array;
  /** Tone of an emoji or emoticon in units; words have theirs in the vocabulary. */
  sign: Int16Array;
  isSign: Uint8Array;
  patterns: Uint16Array;
  patternCount: Uint8Array;
  wordCount: number;
  capitalCount: number;
  linkCount: number;
}

const createTape = (): Tape => ({
  count: 0,
  start: new Int32Array(maxTokens),
  end: new Int32Array(maxTokens),
  break: new Uint8Array(maxTokens),
  bangs: new Uint8Array(maxTokens),
  asks: new Uint8Array(maxTokens),
  capitals: new Uint8Array(maxTokens),
  stretched: new Uint8Array(maxTokens),
  negated: new Uint8Array(maxTokens),
  sign: new Int16Array(maxTokens),
  isSign: new Uint8Array(maxTokens),
  patterns: new Uint16Array(maxTokens * patternsPerToken),
  patternCount: new Uint8Array(maxTokens),
  wordCount: 0,
  capitalCount: 0,
  linkCount: 0,
});

export type Scan = (text: string, translit: boolean) => Tape;

const colon = 0x3a;
const semicolon = 0x3b;
const equals = 0x3d;
const less = 0x3c;
const heart = 0x33;
const hyphen = 0x2d;
const slash = 0x2f;
const dot = 0x2e;
const at = 0x40;
const pointers = new Set([0xd83c, 0xd83d, 0xd83e]);

/** Tone in levels of an emoticon's mouth. */
const mouths: ReadonlyMap<number, number> = new Map([
  [0x29, 2],
  [0x44, 3],
  [0x5d, 2],
  [0x2a, 2],
  [0x70, 1],
  [0x50, 1],
  [0x28, -2],
  [0x5b, -2],
  [0x5c, -1],
]);

/** Builds the scanner of tokens over a compiled vocabulary and a table of emoji in units. */
export function createScan(vocabulary: Vocabulary, emoji: ReadonlyMap<number, number>): Scan {
  const alphabet = buildAlphabet();
  const lookUp = createLookUp(vocabulary);
  const word = createWord();
  const tape = createTape();
  let pending: number = breaks.sentence;
  let openCount = 0;
  let translit = false;

  const separate = (strength: number): void => {
    if (strength > pending) pending = strength;
  };

  const push = (start: number, end: number): number => {
    const token = tape.count++;
    tape.start[token] = start;
    tape.end[token] = end;
    tape.break[token] = pending;
    tape.bangs[token] = 0;
    tape.asks[token] = 0;
    tape.capitals[token] = 0;
    tape.stretched[token] = 0;
    tape.negated[token] = 0;
    tape.sign[token] = 0;
    tape.isSign[token] = 0;
    tape.patternCount[token] = 0;
    pending = breaks.none;
    return token;
  };

  const pushSign = (start: number, end: number, tone: number): void => {
    const before = tape.count - 1;
    if (before >= 0 && tape.isSign[before] === 1 && tape.sign[before] === tone && pending <= breaks.light) {
      tape.end[before] = end;
      return;
    }
    const separated = pending;
    if (tape.count > 0) pending = Math.min(pending, breaks.comma);
    const token = push(start, end);
    tape.sign[token] = tone;
    tape.isSign[token] = 1;
    pending = Math.max(separated, breaks.light);
  };

  const pushWord = (start: number, end: number, upperCount: number): void => {
    const token = push(start, end);
    lookUp(word, translit);
    const { patternCount } = word;
    tape.patternCount[token] = patternCount;
    const base = token * patternsPerToken;
    for (let i = 0; i < patternCount; i++) tape.patterns[base + i] = word.patterns[i] as number;
    tape.negated[token] = word.negated ? 1 : 0;
    tape.stretched[token] = word.stretched ? 1 : 0;
    tape.wordCount++;
    if (upperCount > 2 && upperCount === word.cyrillicCount + word.latinCount) {
      tape.capitals[token] = 1;
      tape.capitalCount++;
    }
  };

  /** Reads a word; masking characters and apostrophes stay inside it. Returns the index after it. */
  const readWord = (text: string, from: number, to: number): number => {
    let i = from;
    let upperCount = 0;
    let run = 0;
    let last = 0;
    resetWord(word);
    for (; i < to; i++) {
      const raw = alphabet[text.charCodeAt(i)] as number;
      const kind = raw & 127;
      if (kind === unit.skip) continue;
      if (kind > lastWordUnit && !(kind === unit.mask && canMask(text, i, to))) break;
      if (kind === 0) break;
      if (kind === unit.mask && last === unit.mask) continue;
      run = kind === last ? run + 1 : 1;
      last = kind;
      if (run === 3 && kind < unit.foreign) word.stretched = true;
      if (raw >= upperBit) upperCount++;
      addUnit(word, kind);
    }
    if (text.charCodeAt(i) === colon && text.charCodeAt(i + 1) === slash && text.charCodeAt(i + 2) === slash) {
      return skipLink(text, i, to);
    }
    pushWord(from, i, upperCount);
    return i;
  };

  const canMask = (text: string, i: number, to: number): boolean => {
    if (word.length === 0 || word.cyrillicCount + word.latinCount === 0) return false;
    for (let j = i + 1; j < to && j < i + 6; j++) {
      const kind = (alphabet[text.charCodeAt(j)] as number) & 127;
      if (kind === unit.mask) continue;
      return (kind > 0 && kind < unit.foreign) || j > i + 1;
    }
    return false;
  };

  const skipLink = (text: string, from: number, to: number): number => {
    tape.linkCount++;
    separate(breaks.light);
    return skipRun(text, from, to);
  };

  const skipRun = (text: string, from: number, to: number): number => {
    let i = from;
    for (; i < to; i++) {
      const kind = alphabet[text.charCodeAt(i)] as number;
      if (kind === unit.space || kind === unit.line) break;
    }
    return i;
  };

  const readSurrogate = (text: string, i: number, to: number): number => {
    const high = text.charCodeAt(i);
    if (!pointers.has(high) || i + 1 >= to) return i + 1;
    const tone = emoji.get(text.codePointAt(i) as number);
    if (tone !== undefined) pushSign(i, i + 2, tone);
    return i + 2;
  };

  const runOf = (text: string, from: number, to: number): number => {
    const code = text.charCodeAt(from);
    let i = from + 1;
    while (i < to && text.charCodeAt(i) === code) i++;
    return i;
  };

  /** A closing bracket that closes nothing is a Russian smile; several are a wide one. */
  const readClose = (text: string, i: number, to: number): number => {
    const end = runOf(text, i, to);
    const smiles = end - i - openCount;
    openCount = Math.max(0, openCount - (end - i));
    if (smiles > 0 && tape.count > 0 && !isListNumber(text, i)) {
      pushSign(i, end, unitsPerLevel * (smiles > 2 ? 3 : smiles > 1 ? 2 : 1));
    } else separate(breaks.light);
    return end;
  };

  const readOpen = (text: string, i: number, to: number): number => {
    const end = runOf(text, i, to);
    if (end - i > 1) pushSign(i, end, -unitsPerLevel * (end - i > 2 ? 3 : 2));
    else if (isLonely(text, end, to)) pushSign(i, end, -unitsPerLevel);
    else {
      openCount++;
      separate(breaks.light);
    }
    return end;
  };

  const isLonely = (text: string, end: number, to: number): boolean =>
    end >= to || (alphabet[text.charCodeAt(end)] as number) === unit.line;

  const isListNumber = (text: string, i: number): boolean => {
    const token = tape.count - 1;
    const kind = alphabet[text.charCodeAt(i - 1)] as number;
    return kind >= unit.digit && kind <= lastWordUnit && (tape.end[token] as number) - (tape.start[token] as number) < 3;
  };

  /** `:-)` and its kin, `<3`; returns the index after it, or `i` when there is none. */
  const readEmoticon = (text: string, i: number, to: number): number => {
    const eyes = text.charCodeAt(i);
    if (eyes === less && text.charCodeAt(i + 1) === heart) {
      pushSign(i, i + 2, 2 * unitsPerLevel);
      return i + 2;
    }
    if (eyes !== colon && eyes !== semicolon && eyes !== equals) return i;
    let mouth = i + 1;
    if (text.charCodeAt(mouth) === hyphen || text.charCodeAt(mouth) === 0x27) mouth++;
    const level = mouth < to ? mouths.get(text.charCodeAt(mouth)) : undefined;
    if (level === undefined || (openCount > 0 && level === 2)) return i;
    const after = runOf(text, mouth, to);
    if (isLetterAt(text, after, to)) return i;
    pushSign(i, after, level * unitsPerLevel);
    return after;
  };

  const isLetterAt = (text: string, i: number, to: number): boolean => {
    const kind = (alphabet[text.charCodeAt(i)] as number) & 127;
    return i < to && kind > 0 && kind <= lastWordUnit;
  };

  const readMarks = (text: string, i: number): number => {
    const token = tape.count - 1;
    if (token >= 0) {
      const marks = (alphabet[text.charCodeAt(i)] as number) === unit.bang ? tape.bangs : tape.asks;
      if ((marks[token] as number) < 255) marks[token] = (marks[token] as number) + 1;
    }
    separate(breaks.sentence);
    return i + 1;
  };

  /** A dot inside a number or a domain name does not end a sentence. */
  const readStop = (text: string, i: number, to: number): number => {
    const inside = text.charCodeAt(i) === dot && i > 0 && isLetterAt(text, i - 1, to) && isLetterAt(text, i + 1, to);
    const latinOrDigit = inside && ((alphabet[text.charCodeAt(i + 1)] as number) & 127) >= unit.latin;
    if (latinOrDigit) separate(breaks.light);
    else {
      const after = readEmoticon(text, i, to);
      if (after > i) return after;
      separate(breaks.sentence);
    }
    return i + 1;
  };

  const readMask = (text: string, i: number, to: number): number => {
    const name = text.charCodeAt(i) === at && isLetterAt(text, i + 1, to);
    separate(breaks.light);
    return name ? skipRun(text, i, to) : i + 1;
  };

  const readLight = (text: string, i: number, to: number): number => {
    const after = readEmoticon(text, i, to);
    if (after > i) return after;
    separate(breaks.light);
    return i + 1;
  };

  const readLine = (_text: string, i: number): number => {
    openCount = 0;
    separate(breaks.sentence);
    return i + 1;
  };

  const readSymbol = (text: string, i: number): number => {
    const tone = emoji.get(text.charCodeAt(i));
    if (tone !== undefined) pushSign(i, i + 1, tone);
    else separate(breaks.light);
    return i + 1;
  };

  const ignore = (_text: string, i: number): number => i + 1;
  const readComma = (_text: string, i: number): number => {
    separate(breaks.comma);
    return i + 1;
  };

  const readers: ((text: string, i: number, to: number) => number)[] = Array.from(
    { length: unit.symbol + 1 },
    () => ignore,
  );
  readers.fill(readWord, 1, lastWordUnit + 1);
  readers[unit.mask] = readMask;
  readers[unit.line] = readLine;
  readers[unit.stop] = readStop;
  readers[unit.comma] = readComma;
  readers[unit.light] = readLight;
  readers[unit.open] = readOpen;
  readers[unit.close] = readClose;
  readers[unit.surrogate] = readSurrogate;
  readers[unit.bang] = readMarks;
  readers[unit.ask] = readMarks;
  readers[unit.symbol] = readSymbol;

  const scanRange = (text: string, from: number, to: number): void => {
    pending = breaks.sentence;
    openCount = 0;
    let i = from;
    while (i < to) {
      const kind = (alphabet[text.charCodeAt(i)] as number) & 127;
      if (kind <= lastWordUnit && kind > 0) i = readWord(text, i, to);
      else if (kind === unit.space) i++;
      else i = (readers[kind] as (text: string, i: number, to: number) => number)(text, i, to);
    }
  };

  return (text, isTranslit) => {
    tape.count = 0;
    tape.wordCount = 0;
    tape.capitalCount = 0;
    tape.linkCount = 0;
    translit = isTranslit;
    if (text.length <= headUnits + tailUnits) scanRange(text, 0, text.length);
    else {
      scanRange(text, 0, headUnits);
      scanRange(text, text.length - tailUnits, text.length);
    }
    return tape;
  };
}

function resetWord(word: Word): void {
  word.length = 0;
  word.cyrillicCount = 0;
  word.latinCount = 0;
  word.stretched = false;
}

function addUnit(word: Word, kind: number): void {
  if (kind < unit.latin) word.cyrillicCount++;
  else if (kind < unit.foreign) word.latinCount++;
  if (word.length < maxWordUnits) word.units[word.length++] = kind;
}
