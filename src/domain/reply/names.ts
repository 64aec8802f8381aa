import { foldText } from "#domain/text.ts";
import { readWords, unitsOf } from "#domain/words.ts";
import { firstNames } from "./first-names.ts";
import type { PersonalSpan } from "./personal.ts";

/** Endings of Russian names in their cases, folded. */
const endings = new Set([
  "",
  ..."а у е ы и о я ю ь й ом ем ой ей ою ею ия ии ию ие ием ией иею ий ью ья ье ьи ьею ьей s".split(" "),
]);
const longestEnding = 3;

const stemOf = (name: string): string => {
  const folded = foldText(name);
  return folded.length > 3 ? folded.replace(/(?:ий|ия|[аяйьеи])$/, "") : folded.replace(/[аяь]$/, "");
};

/** Stems whose genitive loses a vowel: Лев, Павел, Пётр's nominative gains one. */
const oddStems = ["павл", "льв"];

const stemsOf = (names: readonly string[]): ReadonlySet<string> => new Set(names.map(stemOf));

const knownStems: ReadonlySet<string> = new Set([...stemsOf(firstNames), ...oddStems]);

const patronymic = /(?:ович|евич|ьич|овн|евн|ичн|иничн)(?:а|у|ем|е|ы|и|ой|ою|ей)?$/;
const surname = /(?:ов|ев|ин|ын|енко|швили|дзе|янц?|у?к|ск|цк)(?:а|у|ым|ом|е|ой|ого|ому|ий|ая|ую|им)?$/;
const loneSurname = /(?:ов|ев|ин|енко|швили|дзе|ск|цк)(?:а|у|ым|ом|е|ой|ого|ому|ий|ая|ую|им)?$/;
/** Whoever stands after these words has a name. */
const introducing =
  /^(?:зовут|менеджер\p{L}*|оператор\p{L}*|продав\p{L}+|курьер\p{L}*|администратор\p{L}*|кассир\p{L}*|сотрудни\p{L}+|мастер\p{L}*|консультант\p{L}*|врач\p{L}*|господин\p{L}*|госпож\p{L}*|mr|mrs|ms|miss|dr|manager|named)$/u;

interface Word {
  start: number;
  end: number;
  folded: string;
  isCapital: boolean;
  /** Only spaces stand between this word and the one before it. */
  joined: boolean;
}

function wordsOf(text: string): Word[] {
  const { starts, ends } = readWords(unitsOf(text));
  return starts.map((start, index) => {
    const end = ends[index] as number;
    const word = text.slice(start, end);
    const before = index === 0 ? 0 : (ends[index - 1] as number);
    return {
      start,
      end,
      folded: foldText(word),
      isCapital: /^\p{Lu}/u.test(word),
      joined: index > 0 && /^ {1,2}$/.test(text.slice(before, start)),
    };
  });
}

function hasStem(folded: string, stems: ReadonlySet<string>): boolean {
  for (let ending = 0; ending <= Math.min(longestEnding, folded.length - 2); ending++) {
    const cutAt = folded.length - ending;
    if (endings.has(folded.slice(cutAt)) && stems.has(folded.slice(0, cutAt))) return true;
  }
  return false;
}

/**
 * Names of people in a text: the given ones in any case and letter case, first names of a list, patronymics,
 * what looks like a surname, whoever is introduced by "зовут" or a profession. Rather one word too many than
 * a name too few; `keep` are words that are never names here, such as the brand's.
 */
export function findNames(
  text: string,
  { names, keep }: { names: readonly string[]; keep: readonly string[] },
): PersonalSpan[] {
  const given = stemsOf(
    names.flatMap(name => wordsOf(name).map(word => word.folded)).filter(word => word.length > 1),
  );
  const kept = new Set(keep.flatMap(name => wordsOf(name).map(word => word.folded)));
  const words = wordsOf(text);
  const isName = words.map(
    (word, index) => !kept.has(word.folded) && isCertain(word, words[index - 1], given),
  );
  const spans: PersonalSpan[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as Word;
    if (!isName[index] && !(isBeside(words, isName, index) && !kept.has(word.folded))) continue;
    spans.push({ kind: "name", start: word.start, end: word.end });
  }
  return spans;
}

function isCertain(word: Word, before: Word | undefined, given: ReadonlySet<string>): boolean {
  if (hasStem(word.folded, given)) return true;
  if (before && word.joined && introducing.test(before.folded))
    return word.isCapital || before.folded === "зовут" || hasStem(word.folded, knownStems);
  if (!word.isCapital || word.folded.length < 2) return false;
  if (hasStem(word.folded, knownStems) || patronymic.test(word.folded)) return true;
  return word.joined && word.folded.length > 4 && loneSurname.test(word.folded);
}

/** A capitalised word right beside a name, as a surname stands. */
function isBeside(words: readonly Word[], isName: readonly boolean[], index: number): boolean {
  const word = words[index] as Word;
  if (!word.isCapital || word.folded.length < 2) return false;
  if (word.joined && isName[index - 1]) return true;
  return Boolean(words[index + 1]?.joined && isName[index + 1] && surname.test(word.folded));
}
