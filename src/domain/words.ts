/** What a character is to a reader of words. */
const gap = 1;
const letter = 2;
/** Continues a word, never begins one: accents, soft hyphens, zero-width marks. */
const mark = 3;
/** Continues a word when a letter follows: O'Reilly. */
const apostrophe = 4;
/** A word by itself: scripts written without spaces. */
const solo = 5;
const picture = 6;

const kinds: readonly (readonly [RegExp, number])[] = [
  [/[\u00ad\u200b-\u200d\u2060\ufeff]/u, mark],
  [/['’ʼ＇]/u, apostrophe],
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u, solo],
  [/[\p{L}\p{N}]/u, letter],
  [/\p{M}/u, mark],
  [/[\u{2190}-\u{21ff}\u{2300}-\u{27bf}\u{2900}-\u{2bff}\u{1f000}-\u{1ffff}]/u, picture],
];

/** No letter is assigned from here on. */
const unassigned = 0x40000;

const kindOf = (code: number): number => {
  if (code >= unassigned) return gap;
  const character = String.fromCodePoint(code);
  return kinds.find(([pattern]) => pattern.test(character))?.[1] ?? gap;
};

/** What was found out about each code point so far; 0 = not yet asked. Asking for all at once would take seconds. */
const table = new Uint8Array(0x110000);

function learnKind(code: number): number {
  const kind = kindOf(code);
  table[code] = kind;
  return kind;
}

function kindAt(text: string, at: number): number {
  if (at >= text.length) return gap;
  const unit = text.charCodeAt(at);
  const code = unit < 0xd800 ? unit : text.codePointAt(at)!;
  return table[code]! || learnKind(code);
}

const widthAt = (text: string, at: number): number =>
  text.charCodeAt(at) >= 0xd800 && text.codePointAt(at)! > 0xffff ? 2 : 1;

/** Whether a word can begin or go on at `at`. */
export const isLetterAt = (text: string, at: number): boolean => kindAt(text, at) === letter;

function wordEnd(text: string, start: number): number {
  let end = start;
  for (;;) {
    const kind = kindAt(text, end);
    if (kind === letter || kind === mark) end += widthAt(text, end);
    else if (kind === apostrophe && kindAt(text, end + 1) === letter) end++;
    else return end;
  }
}

const modifier = /[\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;
const flagLetter = /[\u{1f1e6}-\u{1f1ff}]/u;
const zeroWidthJoiner = 0x200d;

const characterAt = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : "";

/** The end of one emoji with its modifiers, joined parts, or the second letter of a flag. */
function pictureEnd(text: string, start: number): number {
  let end = start + widthAt(text, start);
  if (flagLetter.test(characterAt(text, start)) && flagLetter.test(characterAt(text, end))) return end + 2;
  for (;;) {
    if (modifier.test(characterAt(text, end))) end += widthAt(text, end);
    else if (text.charCodeAt(end) === zeroWidthJoiner && kindAt(text, end + 1) === picture)
      end += 1 + widthAt(text, end + 1);
    else return end;
  }
}

/** Words of one or more texts: half-open ranges of UTF-16 units; arrays of equal length. */
export interface Words {
  starts: number[];
  ends: number[];
}

/** Appends the words of `text`: runs of letters and digits, single ideographs, single emoji. Linear. */
export function readWords(text: string, words: Words = { starts: [], ends: [] }): Words {
  let at = 0;
  while (at < text.length) {
    const kind = kindAt(text, at);
    let end = 0;
    if (kind === letter) end = wordEnd(text, at);
    else if (kind === picture) end = pictureEnd(text, at);
    else if (kind === solo) end = at + widthAt(text, at);
    if (end === 0) {
      at += widthAt(text, at);
    } else {
      words.starts.push(at);
      words.ends.push(end);
      at = end;
    }
  }
  return words;
}

const hyphens = "-_‐‑";

/** Whether the words around this gap are written as one: кока-кола, molva_news. */
export const isHyphenAt = (text: string, at: number): boolean =>
  hyphens.includes(text.charAt(at)) && at < text.length && kindAt(text, at + 1) === letter;

/** Where `@name` or `#tag` around the word at `start` begins, or `start` itself. */
export function sigilStart(text: string, start: number): number {
  const sigil = text.charAt(start - 1);
  if (sigil !== "@" && sigil !== "#") return start;
  return start > 1 && isLetterAt(text, start - 2) ? start : start - 1;
}

/** Where `C++`, `C#` or `Disney+` that begins with the word ending at `end` ends, or `end` itself. */
export function suffixEnd(text: string, end: number): number {
  let at = end;
  while (at < end + 2 && text.charAt(at) === "+") at++;
  if (at === end && text.charAt(at) === "#") at++;
  return kindAt(text, at) === letter ? end : at;
}

/** Whether the word at `at` is an emoji. */
export const isPictureAt = (text: string, at: number): boolean => kindAt(text, at) === picture;
