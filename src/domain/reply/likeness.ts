import { foldText } from "#domain/text.ts";
import { readWords, unitsOf } from "#domain/words.ts";

const minLetters = 4;
/** Russian and English words with one meaning mostly share so many first letters. */
const stemLetters = 6;

function stemsOf(text: string): Set<string> {
  const { starts, ends } = readWords(unitsOf(text));
  const words = starts.map((start, index) => foldText(text.slice(start, ends[index])));
  return new Set(words.filter(word => word.length >= minLetters).map(word => word.slice(0, stemLetters)));
}

/**
 * How much each of the others speaks of the same as one text, from 0 to 1: the cosine of their word stems, rare
 * ones weighing more (idf over the others and the text itself, Spärck Jones 1972).
 */
export function likenesses(text: string, others: readonly string[]): number[] {
  const one = stemsOf(text);
  const all = others.map(stemsOf);
  const counts = new Map<string, number>();
  for (const stems of [one, ...all]) for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const weight = (stem: string) => Math.log(1 + (all.length + 1) / (counts.get(stem) ?? 1)) ** 2;
  const sum = (stems: Iterable<string>) => [...stems].reduce((total, stem) => total + weight(stem), 0);
  const ownSum = sum(one);
  return all.map(stems => {
    const norm = Math.sqrt(ownSum * sum(stems));
    return norm === 0 ? 0 : sum([...stems].filter(stem => one.has(stem))) / norm;
  });
}
