/** Letters drawn alike in both alphabets, at least as capitals: Cyrillic and Latin at the same place. */
const cyrillicTwins = "авсенкмортху";
const latinTwins = "abcehkmoptxy";
/** Cyrillic letters of other languages that are borrowed to fake Latin ones. */
const cyrillicFakes = "іјѕԁԛԝһ";
const latinFakes = "ijsdqwh";

const pairs = (from: string, to: string): ReadonlyMap<string, string> =>
  new Map([...from].map((letter, index) => [letter, to.charAt(index)]));

const latinOf = pairs(cyrillicTwins + cyrillicFakes, latinTwins + latinFakes);
const cyrillicOf = pairs(latinTwins, cyrillicTwins);

const latin = /[a-z]/;
const cyrillic = /[\u0400-\u052f]/;
const onlyLatin = new RegExp(`(?![${latinTwins}])[a-z]`);
const onlyCyrillic = new RegExp(`(?![${cyrillicTwins}${cyrillicFakes}])[\\u0400-\\u052f]`);

const swap = (word: string, table: ReadonlyMap<string, string>): string =>
  Array.from(word, letter => table.get(letter) ?? letter).join("");

/** `word` in Cyrillic letters alone, or null when one of its Latin letters has no twin. */
const inCyrillic = (word: string): string | null => (onlyLatin.test(word) ? null : swap(word, cyrillicOf));

const inLatin = (word: string): string | null => (onlyCyrillic.test(word) ? null : swap(word, latinOf));

/** One letter for both twins of a folded letter; others stand for themselves. */
export const twinless = (letter: string): string => {
  const asLatin = latinOf.get(letter) ?? letter;
  return cyrillicOf.get(asLatin) ?? asLatin;
};

/** How else a folded word can be read; `capsOnly` ones hold only between words written in capitals. */
export interface Reading {
  form: string;
  capsOnly: boolean;
}

/** From this length a word spelt wholly in the other alphabet's twins is a disguise; "top" and "тор" are two words. */
const disguiseLength = 5;

/**
 * Every reading of a folded word that its look-alike letters allow. A word of mixed alphabets is read in each
 * alphabet that can spell it; a pure one is read in the other alphabet only when it is long, holds a digit (X5)
 * or is written in capitals (MTC), because short words of twins alone are often words of both languages.
 */
export function readingsOf(folded: string, inCapitals: boolean): Reading[] {
  const self = { form: folded, capsOnly: false };
  const isLatin = latin.test(folded);
  const isCyrillic = cyrillic.test(folded);
  if (!isLatin && !isCyrillic) return [self];
  if (isLatin && isCyrillic) {
    const forms = [inCyrillic(folded), inLatin(folded)].filter(form => form !== null);
    return [self, ...forms.map(form => ({ form, capsOnly: false }))];
  }
  const other = isLatin ? inCyrillic(folded) : inLatin(folded);
  if (other === null) return [self];
  if (folded.length >= disguiseLength || /\d/.test(folded)) return [self, { form: other, capsOnly: false }];
  return inCapitals && folded.length > 1 ? [self, { form: other, capsOnly: true }] : [self];
}
