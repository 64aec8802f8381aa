import { mix32 } from "#domain/hash.ts";
import { twinless } from "#domain/lookalikes.ts";
import { foldText } from "#domain/text.ts";
import type { Units } from "#domain/words.ts";
import { isPictureAt, readWords, unitsOf } from "#domain/words.ts";

/** Shorter texts are often written twice by chance: "Всё отлично, спасибо". */
const minRepostWords = 15;
const shingleLength = 2;
const bandCount = 10;
const rowsPerBand = 3;

/**
 * The least share of common two-word shingles in two texts of which one is a re-post. Read by eye among 9,000
 * reviews and posts: all pairs from 0.45 up were one text edited, those of one template reached 0.39.
 */
export const minRepostSimilarity = 0.6;

const tabled = 0x600;

/** One character in the spelling in which texts are compared, 0 for marks; Latin twins are read as Cyrillic. */
const folds = Uint16Array.from({ length: tabled }, (_, code) => {
  return twinless(foldText(String.fromCharCode(code))).charCodeAt(0) || 0;
});

/** One 32-bit hash per word, without regard to case, ё, accents, punctuation, emoji and look-alike letters. */
function wordHashes(text: string): Uint32Array {
  const units = unitsOf(text);
  const { starts, ends } = readWords(units);
  const hashes = new Uint32Array(starts.length);
  let count = 0;
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index]!;
    if (isPictureAt(units, start)) continue;
    hashes[count++] = hashWord(units, start, ends[index]!);
  }
  return hashes.subarray(0, count);
}

function hashWord(units: Units, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) {
    const code = units[at]!;
    const folded = code < tabled ? folds[code]! : code;
    if (folded !== 0) hash = Math.imul(hash ^ folded, 0x01000193);
  }
  return mix32(hash);
}

/** One hash per run of `shingleLength` words. */
function shinglesOf(words: Uint32Array): Uint32Array {
  const shingles = new Uint32Array(Math.max(0, words.length - shingleLength + 1));
  for (let at = 0; at < shingles.length; at++) {
    let hash = 0;
    for (let next = at; next < at + shingleLength; next++) hash = mix32(Math.imul(hash, 31) + words[next]!);
    shingles[at] = hash;
  }
  return shingles;
}

/** How many words a text has; emoji are none. */
export const wordCount = (text: string): number => wordHashes(text).length;

/** What is stored of a text to find its re-posts. */
export interface Fingerprint {
  wordCount: number;
  /** Signed 32-bit keys; texts that share none are taken for different. Empty below `minRepostWords`. */
  bands: number[];
}

/** Everything that the search for re-posts needs, in one reading of the text. */
export function fingerprint(text: string): Fingerprint {
  const words = wordHashes(text);
  return {
    wordCount: words.length,
    bands: words.length < minRepostWords ? [] : bandsOf(shinglesOf(words)),
  };
}

const seeds = Uint32Array.from({ length: bandCount * rowsPerBand }, (_, index) => mix32(index + 1) | 1);

/**
 * MinHash keys (Broder 1997) by locality-sensitive banding: each key sums up `rowsPerBand` minima, so texts with
 * a share s of common shingles have a common key with probability 1 − (1 − s^rows)^bands.
 */
function bandsOf(shingles: Uint32Array): number[] {
  const minima = new Uint32Array(seeds.length).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let index = 0; index < seeds.length; index++) {
      const seed = seeds[index]!;
      const product = Math.imul(shingle ^ seed, seed);
      const hash = (product ^ (product >>> 15)) >>> 0;
      if (hash < minima[index]!) minima[index] = hash;
    }
  }
  return Array.from({ length: bandCount }, (_, band) => {
    let key = band + 1;
    for (let row = 0; row < rowsPerBand; row++)
      key = mix32(Math.imul(key, 31) + minima[band * rowsPerBand + row]!);
    return key | 0;
  });
}

/** The share of common two-word shingles (Jaccard), from 0 to 1; 0 when either text has fewer than two words. */
export function similarity(one: string, other: string): number {
  const left = new Set(shinglesOf(wordHashes(one)));
  const right = new Set(shinglesOf(wordHashes(other)));
  if (left.size === 0 || right.size === 0) return 0;
  let common = 0;
  for (const shingle of left) if (right.has(shingle)) common++;
  return common / (left.size + right.size - common);
}

/** A text with who wrote it where; `author` is the source's own id or name of a person, null when unknown. */
export interface Posted {
  text: string;
  site: string;
  author: string | null;
}

/**
 * Whether two texts are one, posted twice: both of 15 words or more, near-identical, and by one author or on two
 * sites. Different or unknown authors on one site are different people who agree.
 */
export function isRepost(one: Posted, other: Posted): boolean {
  const sameAuthor = one.author !== null && one.author === other.author;
  if (!sameAuthor && one.site === other.site) return false;
  if (wordCount(one.text) < minRepostWords || wordCount(other.text) < minRepostWords) return false;
  return similarity(one.text, other.text) >= minRepostSimilarity;
}
