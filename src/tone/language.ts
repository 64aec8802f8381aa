import type { Units } from "#domain/words.ts";
import { buildCodes, cyrillicSigns, latinSigns, latinWords, others } from "./language-signs.ts";

const sampleUnits = 2000;
const sampleWords = 60;
const sampleWordUnits = 400;

export interface LanguageGuess {
  /** ISO 639-1, or "und". */
  language: string;
  /** Russian written in Latin letters. */
  translit: boolean;
}

const russian: LanguageGuess = { language: "ru", translit: false };

const total = (count: (name: string) => number, signs: readonly (readonly [string, string])[]): number =>
  signs.reduce((sum, [name]) => sum + count(name), 0);

function mostOf(
  count: (name: string) => number,
  signs: readonly (readonly [string, string])[],
  otherwise: string,
) {
  let best = otherwise;
  let most = 0;
  for (const [name] of signs) {
    if (count(name) > most) {
      most = count(name);
      best = name;
    }
  }
  return best;
}

function cyrillicLanguage(count: (name: string) => number): string {
  const kazakh = count("kk") + count("ө");
  const dotted = count("і");
  if (kazakh > 0 && kazakh + dotted > count("ru") / 4) return count("kk") > 0 ? "kk" : "ky";
  if (count("be") > 0) return "be";
  if (dotted > 0 && dotted + count("uk") >= count("ru")) return "uk";
  return mostOf(count, cyrillicSigns, "ru");
}

const hashSeed = 0x811c9dc5 | 0;
/** Keys of this many bits are small integers. */
const hashMask = 0x3fffffff;

const hashWord = (word: string): number => {
  let hash = hashSeed;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash & hashMask;
};

/** The lower case of a letter; × and ÷ stand among the letters and are none. */
function lowerOf(code: number): number {
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
}

/** Small words by hash with a bit per language that knows them; the bit's number is its place in `order`. */
function collectWords(): { bitsOf: Map<number, number>; order: string[] } {
  const order = [...new Set([...Object.keys(latinWords), ...latinSigns.map(([language]) => language)])];
  const bitsOf = new Map<number, number>();
  for (const [language, words] of Object.entries(latinWords)) {
    for (const word of words.split(" ").map(hashWord))
      bitsOf.set(word, (bitsOf.get(word) ?? 0) | (1 << order.indexOf(language)));
  }
  return { bitsOf, order };
}

/** Bits of a count of letters. */
const countBits = 12;
const countMask = 2 ** countBits - 1;

/** By code what to add up over a text: Cyrillic in the low bits, Latin above them, then what tells of another language. */
function sumOf(code: number, isRussian: boolean): number {
  if (code === 0) return 0;
  if (code === 1 || isRussian) return 1;
  return code === 2 ? 1 << countBits : 1 << (2 * countBits);
}

/**
 * Builds the guess by letter rules: which letters a text has, then for Latin which small words. `units` holds
 * the head of the text.
 */
export function createLanguageGuess(): (text: string, units: Units) => LanguageGuess {
  const { names, ofUnit } = buildCodes();
  const counts = new Uint32Array(names.length);
  const index = new Map(names.map((name, at) => [name, at]));
  const sums = Int32Array.from({ length: 4 * names.length }, (_, code) =>
    sumOf(code, names[code >> 2] === "ru"),
  );
  const count = (name: string): number => counts[index.get(name) ?? 0] ?? 0;
  const { bitsOf, order } = collectWords();
  const signsOf = latinSigns.map(
    ([language]) => [order.indexOf(language), index.get(language) ?? 0] as const,
  );
  const votes = new Uint32Array(order.length);
  const lower = Uint16Array.from({ length: 0x250 }, (_, code) => lowerOf(code));

  /** Languages in the order of their first votes: of equals the first wins. */
  const voted: number[] = [];

  const add = (at: number, count: number): void => {
    if (votes[at] === 0) voted.push(at);
    votes[at] = (votes[at] as number) + count;
  };

  const vote = (hash: number): void => {
    const bits = bitsOf.get(hash & hashMask) ?? 0;
    for (let at = 0; bits >> at > 0; at++) if (((bits >> at) & 1) === 1) add(at, 2);
  };

  const letterOf = (code: number): number => (code < lower.length ? (lower[code] as number) : code);

  /** Lets the first words of a text vote for the languages that know them. */
  const countWords = (units: Units, length: number): void => {
    let words = 0;
    let hash = hashSeed;
    for (let i = 0; i < length && words < sampleWords; i++) {
      const code = units[i] as number;
      if (ofUnit[code] !== 0) hash = Math.imul(hash ^ letterOf(code), 0x01000193);
      else if (hash !== hashSeed) {
        vote(hash);
        hash = hashSeed;
        words++;
      }
    }
    if (hash !== hashSeed && words < sampleWords) vote(hash);
  };

  const latinLanguage = (units: Units, length: number): string => {
    votes.fill(0);
    voted.length = 0;
    countWords(units, Math.min(length, sampleWordUnits));
    for (const [at, sign] of signsOf)
      if (counts[sign] !== 0) add(at, Math.min(6, 2 * (counts[sign] as number)));
    let best = "und";
    let most = 0;
    for (const at of voted) {
      if ((votes[at] as number) <= most) continue;
      most = votes[at] as number;
      best = order[at] as string;
    }
    return best;
  };

  /** Counts letters into `counts` and returns the shared ones. */
  const tally = (units: Units, end: number): { cyrillic: number; latin: number } => {
    counts.fill(0);
    let cyrillic = 0;
    let latin = 0;
    for (let i = 0; i < end; i++) {
      const code = ofUnit[units[i] as number] as number;
      cyrillic += code & 1;
      latin += (code >> 1) & 1;
      if (code > 2) counts[code >> 2] = (counts[code >> 2] as number) + 1;
    }
    return { cyrillic, latin };
  };

  const inLatin = (units: Units, length: number): LanguageGuess => {
    const language = latinLanguage(units, length);
    return { language, translit: language === "ru" };
  };

  const byScript = (cyrillic: number, latin: number, units: Units, length: number): LanguageGuess => {
    const other = total(count, others);
    if (other > cyrillic && other > latin) {
      return { language: count("ja") > 0 ? "ja" : mostOf(count, others, "und"), translit: false };
    }
    if (cyrillic === 0 && latin === 0) return { language: "und", translit: false };
    // A Russian review full of Latin product names is still Russian.
    if (cyrillic * 2 >= latin) return { language: cyrillicLanguage(count), translit: false };
    return inLatin(units, length);
  };

  /** The language of letters that are all Russian or plain Latin, as nearly everywhere. */
  const byPlainLetters = (cyrillic: number, latin: number, units: Units, length: number): LanguageGuess => {
    if (cyrillic === 0 && latin === 0) return { language: "und", translit: false };
    if (cyrillic * 2 >= latin) return russian;
    counts.fill(0);
    return inLatin(units, length);
  };

  return (text, units) => {
    const end = Math.min(text.length, sampleUnits);
    let sum = 0;
    let seen = 0;
    for (let i = 0; i < end; i++) {
      const own = sums[ofUnit[units[i] as number] as number] as number;
      sum = (sum + own) | 0;
      seen |= own;
    }
    if (seen >> (2 * countBits) === 0)
      return byPlainLetters(sum & countMask, (sum >> countBits) & countMask, units, text.length);
    const { cyrillic, latin } = tally(units, end);
    const allCyrillic = cyrillic + total(count, cyrillicSigns) + count("і") + count("ө");
    return byScript(allCyrillic, latin + total(count, latinSigns), units, text.length);
  };
}
