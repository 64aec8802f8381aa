import english from "natural/lib/natural/stemmers/porter_stemmer.js";
import russian from "natural/lib/natural/stemmers/porter_stemmer_ru.js";

/**
 * The stem of a folded English word by those of Porter's steps that undo inflection (delays, delayed, delaying),
 * not derivation: "universal" and "university" stay apart.
 */
export function englishStem(word: string): string {
  if (word.length < 3) return word;
  const stem = english.step5a(english.step1c(english.step1b(english.step1a(word))));
  return stem.length > 4 ? stem.replace(/ll$/, "l") : stem;
}

const reflexive = /с[яь]$/;
/** Of the endings that the stemmer takes off, those that only verbs have. */
const verbal =
  /^(?:[аяиы]?л[аои]?|[аяиы]?ть|[аяиу]?ете?|[аяу]?ют|[аяу]?ешь|[иы]шь|[иы]т|ят|[аяиеу]?йте|ите|уй)$/;

/**
 * Porter's stem of a folded Russian word when what it takes off is a verb's ending, else null: its stems of
 * nouns are either too short ("магнит" and "магний" meet) or differ between cases ("магнит", "магнита").
 */
export function verbStem(word: string): string | null {
  if (word.length < 5) return null;
  const stem = russian.stem(word);
  const ending = word.slice(stem.length).replace(reflexive, "");
  return stem.length > 2 && word.startsWith(stem) && verbal.test(ending) ? stem : null;
}

/** The stem under which a folded word is counted with its inflections: one word in several cases is one topic. */
export function phraseStem(word: string): string {
  if (word.length < 4) return word;
  if (/^[а-я]+$/.test(word)) return russian.stem(word);
  return /^[a-z]+$/.test(word) ? englishStem(word) : word;
}
