/** What no text is made of: unreadable bytes, control characters, box drawing, private use. */
const junk = /[\uFFFD\u0080-\u009F\u2500-\u259F\uE000-\uF8FF]/g;

/** windows-1251 read as koi8-r or the other way round turns the case of every letter inside out. */
const turnedCase = /[а-яё][А-ЯЁ]+/g;

/** Cyrillic read as a western encoding: accented letters and signs in a row, which no language writes. */
const westernRuns = /[\u00A0-\u024F\u02C6-\u02DD\u2013-\u22FF]{4,}/g;

const cyrillic = /[\u0400-\u04FF]/g;
const common = /[оеаинтсрвлкмдпуыяьі]/gi;

/** Fewer letters than this say nothing about frequencies. */
const fewLetters = 20;
/** Russian has 0.88 of its letters among the common ones; windows-1251 and koi8-r taken for each other, 0.6. */
const ordinaryCommonShare = 0.8;

/** How little a text looks like one that somebody wrote, per character beyond ASCII: 0 is ordinary, 1 and more nonsense. */
export function implausibleShare(text: string): number {
  const foreign = covered(text, /[^\0-\x7F]/g);
  if (foreign === 0) return 0;
  const nonsense = covered(text, junk) + covered(text, turnedCase) + covered(text, westernRuns);
  return nonsense / foreign + rarity(text);
}

/** How far the frequencies of Cyrillic letters are from those of Russian and its neighbours. */
function rarity(text: string): number {
  const letters = covered(text, cyrillic);
  if (letters < fewLetters) return 0;
  return Math.max(0, ordinaryCommonShare - covered(text, common) / letters);
}

/** Characters inside the matches of a pattern. */
function covered(text: string, pattern: RegExp): number {
  return (text.match(pattern) ?? []).reduce((sum, match) => sum + match.length, 0);
}
