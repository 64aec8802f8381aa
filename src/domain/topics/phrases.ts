import { phraseStem } from "#domain/query/stems.ts";
import { foldText } from "#domain/text.ts";
import { readWords, unitsOf } from "#domain/words.ts";
import { stopWords } from "./stop-words.ts";

const longest = 3;
const longestWord = 40;
const addresses = /\bhttps?:\/\/\S+|\bwww\.\S+|\S+@\S+\.\S+/giu;
const number = /^\d+$/;
/** What may stand between the words of one phrase. */
const inner = /^[\s"'«»„“”‑‐-]*$/u;

/** A phrase where it stands: the key joins all its inflections. */
export interface Phrase {
  key: string;
  /** As it is written, in small letters. */
  form: string;
}

interface Word {
  stem: string;
  form: string;
  /** May begin and end a phrase. */
  full: boolean;
  /** A sentence, a comma or anything else parts it from the word before. */
  apart: boolean;
}

/** Reads texts with one memory of stems, since texts repeat their words. */
export function phraseReader(): (text: string) => Phrase[] {
  const stems = new Map<string, string>();
  const stemOf = (folded: string): string => {
    let stem = stems.get(folded);
    if (stem === undefined) {
      stem = phraseStem(folded);
      stems.set(folded, stem);
    }
    return stem;
  };
  return text => phrasesOf(wordsOf(text.replace(addresses, " . "), stemOf));
}

function wordsOf(text: string, stemOf: (folded: string) => string): Word[] {
  const { starts, ends } = readWords(unitsOf(text));
  return starts.map((start, index) => {
    const written = text.slice(start, ends[index]);
    const folded = foldText(written);
    const before = index === 0 ? "." : text.slice(ends[index - 1], start);
    return {
      stem: stemOf(folded),
      form: written.toLowerCase(),
      full:
        folded.length > 1 && folded.length <= longestWord && !stopWords.has(folded) && !number.test(folded),
      apart: !inner.test(before) || written.length > longestWord,
    };
  });
}

/** Runs of one to three words that begin and end with full ones. */
function phrasesOf(words: readonly Word[]): Phrase[] {
  const found: Phrase[] = [];
  for (const [start, first] of words.entries()) {
    if (!first.full) continue;
    let [key, form] = [first.stem, first.form];
    found.push({ key, form });
    for (let end = start + 1; end < Math.min(words.length, start + longest); end++) {
      const word = words[end] as Word;
      if (word.apart) break;
      key += ` ${word.stem}`;
      form += ` ${word.form}`;
      if (word.full) found.push({ key, form });
    }
  }
  return found;
}
