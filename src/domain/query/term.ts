import type { PhraseNode, WordMode, WordNode } from "#domain/query/ast.ts";
import { QuerySyntaxError } from "#domain/query/syntax-error.ts";
import { foldText } from "#domain/text.ts";
import { isHyphenAt, readWords, sigilStart, suffixEnd, unitsOf } from "#domain/words.ts";

/** The piece of a query that becomes a word or a phrase. */
export interface RawTerm {
  query: string;
  text: string;
  textOffset: number;
  quoted: boolean;
  exact: boolean;
}

interface Range {
  start: number;
  end: number;
}

const minPrefixLength = 2;
const maxWordLength = 100;
const hints: Readonly<Record<string, string>> = {
  "|": "OR",
  "||": "OR",
  "&": "AND",
  "&&": "AND",
  "!": "NOT",
};

/** The words of `text` with what makes them names: @sberbank, #кофе, C++. `@molva_news` is one. */
function namedWords(text: string): Range[] {
  const units = unitsOf(text);
  const { starts, ends } = readWords(units);
  const ranges: Range[] = [];
  for (const [index, wordStart] of starts.entries()) {
    const previous = ranges.at(-1);
    const end = suffixEnd(units, ends[index]!);
    const joins =
      previous !== undefined &&
      previous.end === wordStart - 1 &&
      text.charAt(wordStart - 1) === "_" &&
      /^[@#]/.test(text.slice(previous.start));
    if (joins) previous.end = end;
    else if (previous === undefined || wordStart >= previous.end)
      ranges.push({ start: sigilStart(units, wordStart), end });
  }
  return ranges;
}

const joinOf = (term: RawTerm, gaps: readonly string[]): PhraseNode["join"] => {
  if (term.quoted) return "quoted";
  return gaps.every(gap => gap.length === 1 && isHyphenAt(unitsOf(`${gap}a`), 0)) ? "hyphen" : "tight";
};

function checkStars(term: RawTerm, words: readonly Range[]): void {
  for (const { index } of term.text.matchAll(/\*/g)) {
    const word = words.find(({ end }) => end === index);
    const follower = term.text.slice(index + 1);
    if (
      word === undefined ||
      (follower !== "" && !(term.quoted && /^[\s\p{P}]/u.test(follower) && follower[0] !== "*"))
    )
      throw new QuerySyntaxError(
        term.query,
        term.textOffset + index,
        '"*" is misplaced',
        'it at the end of a word, as in "кофейн*"',
      );
    if (foldText(term.text.slice(word.start, word.end)).length < minPrefixLength)
      throw new QuerySyntaxError(
        term.query,
        term.textOffset + index,
        '"*" after one letter would match everything',
        `at least ${minPrefixLength} letters before "*"`,
      );
  }
}

function checkWords(term: RawTerm, words: readonly Range[]): void {
  if (words.length === 0) {
    const hint = hints[term.text.trim()];
    const expected = hint === undefined ? "at least one letter, digit or emoji" : `the operator ${hint}`;
    const shown = term.quoted ? `the quotes hold no word` : `"${term.text}" holds no word`;
    throw new QuerySyntaxError(term.query, term.textOffset, shown, expected);
  }
  const long = words.find(({ start, end }) => end - start > maxWordLength);
  if (long !== undefined)
    throw new QuerySyntaxError(
      term.query,
      term.textOffset + long.start,
      `this word has ${long.end - long.start} letters`,
      `at most ${maxWordLength}`,
    );
}

/** A word when the term holds one, else a phrase of its words. */
export function readTerm(term: RawTerm): WordNode | PhraseNode {
  const ranges = namedWords(term.text);
  checkStars(term, ranges);
  checkWords(term, ranges);
  const gaps = ranges.slice(1).map(({ start }, index) => term.text.slice(ranges[index]!.end, start));
  const join = joinOf(term, gaps);
  const modeOf = ({ end }: Range): WordMode => {
    if (term.text.charAt(end) === "*") return "prefix";
    return term.exact || (join === "tight" && ranges.length > 1) ? "exact" : "forms";
  };
  const words = ranges.map((range): WordNode => {
    return { type: "word", text: term.text.slice(range.start, range.end), mode: modeOf(range) };
  });
  const [only] = words;
  if (only !== undefined && words.length === 1) return only;
  return { type: "phrase", join, words, gaps: join === "quoted" ? [] : gaps };
}
