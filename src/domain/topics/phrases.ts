import { phraseStem } from "#domain/query/stems.ts";
import { foldText } from "#domain/text.ts";
import { readWords, unitsOf } from "#domain/words.ts";
import { stopWords } from "./stop-words.ts";

const longest = 3;
const longestWord = 40;
const hasAddress = /:\/\/|www\.|@/;
const addresses = /\bhttps?:\/\/\S+|\bwww\.\S+|[\p{L}\p{N}._+-]{1,64}@[\p{L}\p{N}-]+\.\S+/giu;
const number = /^\d+$/;
/** What may stand between the words of one phrase. */
const inner = /^[\s"'«»„“”‑‐-]*$/u;

/** A word as it is written, in small letters; its inflections have one id. */
interface Word {
  /** From 1; three of them make one exact number. */
  id: number;
  form: string;
  /** May begin and end a phrase. */
  full: boolean;
}

/** The words of a text; `apart` are those that a sentence, a comma or anything else parts from the one before. */
export interface WordRun {
  words: readonly Word[];
  apart: readonly boolean[];
}

const idLimit = 2 ** 17;

/** Reads texts with one memory of words, since texts repeat theirs; what is new beyond 131,071 stems is in no phrase. */
export function wordReader(): (text: string) => WordRun {
  const ids = new Map<string, number>();
  const known = new Map<string, Word>();
  const learn = (written: string): Word => {
    const folded = foldText(written);
    const stem = phraseStem(folded);
    const id = ids.get(stem) ?? Math.min(ids.size + 1, idLimit);
    if (id < idLimit) ids.set(stem, id);
    const isName = folded.length > 1 && !stopWords.has(folded) && !number.test(folded);
    const word = { id, form: written.toLowerCase(), full: isName && id < idLimit };
    known.set(written, word);
    return word;
  };
  return text => {
    const plain = hasAddress.test(text) ? text.replace(addresses, " . ") : text;
    const { starts, ends } = readWords(unitsOf(plain));
    const words: Word[] = [];
    const apart: boolean[] = [];
    for (const [index, start] of starts.entries()) {
      const end = ends[index] as number;
      const isLong = end - start > longestWord;
      const between = index === 0 ? "" : plain.slice(ends[index - 1], start);
      apart.push(index === 0 || (between !== " " && !inner.test(between)));
      const written = isLong ? "" : plain.slice(start, end);
      words.push(known.get(written) ?? learn(written));
    }
    return { words, apart };
  };
}

/** A phrase as a number that is the same for all its inflections. */
export type PhraseKey = number;

/** Calls `found` for each run of one to three words that begins and ends with words that `isWanted`. */
export function eachPhrase(
  { words, apart }: WordRun,
  isWanted: (word: Word) => boolean,
  found: (key: PhraseKey, start: number, end: number) => void,
): void {
  for (const [start, first] of words.entries()) {
    if (!isWanted(first)) continue;
    let key = first.id;
    found(key, start, start + 1);
    for (let end = start + 1; end < Math.min(words.length, start + longest) && !apart[end]; end++) {
      const word = words[end] as Word;
      key = key * idLimit + word.id;
      if (isWanted(word)) found(key, start, end + 1);
    }
  }
}

/** Shorter phrases within one. */
export function partsOf(key: PhraseKey): PhraseKey[] {
  const ids: number[] = [];
  for (let rest = key; rest > 0; rest = Math.floor(rest / idLimit)) ids.unshift(rest % idLimit);
  const parts: PhraseKey[] = [];
  for (let start = 0; start < ids.length; start++)
    for (let end = start + 1; end <= ids.length; end++)
      if (end - start < ids.length)
        parts.push(ids.slice(start, end).reduce((sum, id) => sum * idLimit + id, 0));
  return parts;
}
