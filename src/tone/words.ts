import { buildTwins, columns, lastWordUnit, unit } from "./alphabet.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Letters of a word beyond this many do not change what it means to the vocabulary. */
export const maxWordUnits = 48;
/** Patterns kept per token, the longest first. */
const patternsPerToken = 6;
const shortEndingUnits = 3;
const negativePrefix = [unit.cyrillic + 13, unit.cyrillic + 5] as const;

/** One word in unit classes, and what the vocabulary knows about it after `lookUp`. */
export interface Word {
  units: Uint8Array;
  length: number;
  cyrillicCount: number;
  latinCount: number;
  stretched: boolean;
  patterns: Uint16Array;
  patternCount: number;
  /** "не" written together with a word of praise. */
  negated: boolean;
  /** The word as the model sees it: twins folded, Russian in Latin letters read as Russian, drawn-out letters cut. */
  folded: Uint8Array;
  foldedLength: number;
}

export const createWord = (): Word => ({
  units: new Uint8Array(maxWordUnits),
  length: 0,
  cyrillicCount: 0,
  latinCount: 0,
  stretched: false,
  patterns: new Uint16Array(patternsPerToken),
  patternCount: 0,
  negated: false,
  folded: new Uint8Array(maxWordUnits * 2),
  foldedLength: 0,
});

/** Russian letters for Latin ones, two-letter spellings first. */
const latinPairs: readonly (readonly [string, string])[] = [
  ["sh", "ш"],
  ["ch", "ч"],
  ["zh", "ж"],
  ["kh", "х"],
  ["ts", "ц"],
  ["ya", "я"],
  ["ja", "я"],
  ["yu", "ю"],
  ["ju", "ю"],
  ["yo", "е"],
  ["ij", "ий"],
  ["iy", "ий"],
];
const latinSingles = "абцдефгхийклмнопкрстуввхыз";

function buildTranslit(): { pairs: Map<number, number[]>; singles: Uint8Array } {
  const cyrillic = (letter: string): number => unit.cyrillic + letter.charCodeAt(0) - 0x430;
  const latin = (pair: string, at: number): number => unit.latin + pair.charCodeAt(at) - 0x61;
  const pairs = new Map(
    latinPairs.map(([from, to]) => [latin(from, 0) * 256 + latin(from, 1), [...to].map(cyrillic)]),
  );
  return { pairs, singles: Uint8Array.from([...latinSingles].map(cyrillic)) };
}

/** How a word is looked up: `translit` reads Latin letters as Russian. */
export type LookUp = (word: Word, translit: boolean) => void;

/** Builds the look-up; it owns scratch arrays, so one scorer has one. */
export function createLookUp(vocabulary: Vocabulary): LookUp {
  const { next, anyEnding, shortEnding, whole, roots, weight, weighted } = vocabulary;
  const column = Uint8Array.from({ length: 128 }, (_, kind) => columnOf(kind));
  const twins = buildTwins();
  const translit = buildTranslit();
  const scratch = new Uint8Array(maxWordUnits * 2);
  const found = new Uint16Array(maxWordUnits * 3 + 3);

  const add = (count: number, pattern: number): number => {
    if (pattern === 0) return count;
    found[count] = pattern;
    return count + 1;
  };

  /** Walks the trie and leaves the patterns of `units[from, end)` in `found`, the longest last. */
  const walk = (units: Uint8Array, from: number, end: number, root: number): number => {
    let node = root;
    let count = 0;
    for (let i = from; i < end; i++) {
      node = next[node * columns.count + (column[units[i] as number] as number)] as number;
      if (node === 0) return count;
      const left = end - i - 1;
      if (left <= shortEndingUnits) count = add(count, shortEnding[node] as number);
      count = add(count, anyEnding[node] as number);
      if (left === 0) count = add(count, whole[node] as number);
    }
    return count;
  };

  const keep = (word: Word, count: number): void => {
    word.patternCount = Math.min(count, patternsPerToken);
    for (let i = 0; i < word.patternCount; i++) word.patterns[i] = found[count - 1 - i] as number;
  };

  const hasWeight = (word: Word): boolean => {
    for (let i = 0; i < word.patternCount; i++) if (weighted[word.patterns[i] as number] === 1) return true;
    return false;
  };

  /** Copies the word with every run of one letter cut to at most `most`; returns the new length. */
  const squeeze = (word: Word, most: number): number => {
    let length = 0;
    let run = 0;
    for (let i = 0; i < word.length; i++) {
      run = i > 0 && word.units[i] === word.units[i - 1] ? run + 1 : 1;
      if (run <= most) scratch[length++] = word.units[i] as number;
    }
    return length;
  };

  const russianLetter = (kind: number): number =>
    kind >= unit.latin && kind < unit.foreign ? (translit.singles[kind - unit.latin] as number) : kind;

  const toRussian = (word: Word): number => {
    let length = 0;
    for (let i = 0; i < word.length; i++) {
      const kind = word.units[i] as number;
      const next = i + 1 < word.length ? (word.units[i + 1] as number) : 0;
      const pair = translit.pairs.get(kind * 256 + next);
      if (pair === undefined) scratch[length++] = russianLetter(kind);
      else {
        for (const letter of pair) scratch[length++] = letter;
        i++;
      }
    }
    return length;
  };

  /** Letters of the rarer script become their look-alikes: "плoxо" is Russian. */
  const foldTwins = (word: Word): void => {
    const toCyrillic = word.cyrillicCount >= word.latinCount;
    for (let i = 0; i < word.length; i++) {
      const kind = word.units[i] as number;
      if (kind >= unit.foreign) continue;
      if (toCyrillic === kind >= unit.latin && (twins[kind] as number) !== 0)
        word.units[i] = twins[kind] as number;
    }
  };

  const lookUpNegated = (word: Word, root: number): void => {
    if (root !== roots.cyrillic || word.length < 6) return;
    if (word.units[0] !== negativePrefix[0] || word.units[1] !== negativePrefix[1]) return;
    const count = walk(word.units, 2, word.length, root);
    for (let i = count - 1; i >= 0; i--) {
      const pattern = found[i] as number;
      if (weighted[pattern] !== 1) continue;
      if ((weight[pattern] as number) <= 0) return;
      word.patterns[0] = pattern;
      word.patternCount = 1;
      word.negated = true;
      return;
    }
  };

  const lookUpStretched = (word: Word, root: number): void => {
    keep(word, walk(scratch, 0, squeeze(word, 1), root));
    if (hasWeight(word)) return;
    const count = walk(scratch, 0, squeeze(word, 2), root);
    if (count > 0) keep(word, count);
  };

  /** Copies the word with three and more equal letters cut to one; returns the new length. */
  const shorten = (word: Word): number => {
    let length = 0;
    for (let i = 0; i < word.length; ) {
      const kind = word.units[i] as number;
      let end = i + 1;
      while (end < word.length && word.units[end] === kind) end++;
      const count = end - i < 3 ? end - i : 1;
      for (let j = 0; j < count; j++) scratch[length++] = kind;
      i = end;
    }
    return length;
  };

  /** Long numbers keep their length alone. */
  const fold = (word: Word, isRussian: boolean): void => {
    const plain = !isRussian && !word.stretched;
    const length = plain ? word.length : isRussian ? toRussian(word) : shorten(word);
    const from = plain ? word.units : scratch;
    const first = from[0] as number;
    const isNumber = length > 2 && first >= unit.digit && first <= lastWordUnit;
    for (let i = 0; i < length; i++) {
      const kind = from[i] as number;
      word.folded[i] = isNumber && kind >= unit.digit && kind <= lastWordUnit ? unit.digit : kind;
    }
    word.foldedLength = length;
  };

  return (word, isTranslit) => {
    word.negated = false;
    word.patternCount = 0;
    if (word.cyrillicCount > 0 && word.latinCount > 0) foldTwins(word);
    const root =
      word.cyrillicCount > 0 && word.cyrillicCount >= word.latinCount ? roots.cyrillic : rootOf(word, roots);
    if (isTranslit && word.cyrillicCount === 0) keep(word, walk(scratch, 0, toRussian(word), roots.cyrillic));
    else if (word.stretched) lookUpStretched(word, root);
    else keep(word, walk(word.units, 0, word.length, root));
    if (!hasWeight(word)) lookUpNegated(word, root);
    fold(word, isTranslit && word.cyrillicCount === 0);
  };
}

const rootOf = (word: Word, roots: Vocabulary["roots"]): number =>
  word.latinCount > 0 ? roots.latin : roots.cyrillic;

function columnOf(kind: number): number {
  if (kind >= unit.cyrillic && kind < unit.latin) return kind - unit.cyrillic;
  if (kind >= unit.latin && kind < unit.foreign) return kind - unit.latin;
  if (kind >= unit.digit && kind <= lastWordUnit) return columns.digit + kind - unit.digit;
  return kind === unit.mask ? columns.mask : columns.dead;
}
