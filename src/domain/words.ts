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

/** A text as UTF-16 units. */
export type Units = Uint16Array;

/**
 * Copies a text for reading unit by unit: Node 22 and 24 compile `charCodeAt` in loops to something ten times
 * slower than an array (nodejs/node#60719).
 */
export function unitsOf(text: string): Units {
  const units = new Uint16Array(text.length);
  Buffer.from(units.buffer).write(text, "utf16le");
  return units;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** The code point at `at`, which must be within the text. */
function codeAt(units: Units, at: number): number {
  const unit = units[at]!;
  if (!isHighSurrogate(unit) || at + 1 >= units.length) return unit;
  const low = units[at + 1]!;
  return isLowSurrogate(low) ? (unit - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000 : unit;
}

function kindAt(units: Units, at: number): number {
  if (at < 0 || at >= units.length) return gap;
  const code = codeAt(units, at);
  return table[code]! || learnKind(code);
}

const widthAt = (units: Units, at: number): number => (codeAt(units, at) > 0xffff ? 2 : 1);

/** Whether a word can begin or go on at `at`. */
const isLetterAt = (units: Units, at: number): boolean => kindAt(units, at) === letter;

function wordEnd(units: Units, start: number): number {
  let end = start;
  for (;;) {
    const kind = kindAt(units, end);
    if (kind === letter || kind === mark) end += widthAt(units, end);
    else if (kind === apostrophe && kindAt(units, end + 1) === letter) end++;
    else return end;
  }
}

const modifier = /[\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;
const flagLetter = /[\u{1f1e6}-\u{1f1ff}]/u;
const zeroWidthJoiner = 0x200d;

const characterAt = (units: Units, at: number): string =>
  at < units.length ? String.fromCodePoint(codeAt(units, at)) : "";

/** The end of one emoji with its modifiers, joined parts, or the second letter of a flag. */
function pictureEnd(units: Units, start: number): number {
  let end = start + widthAt(units, start);
  if (flagLetter.test(characterAt(units, start)) && flagLetter.test(characterAt(units, end))) return end + 2;
  for (;;) {
    if (modifier.test(characterAt(units, end))) end += widthAt(units, end);
    else if (units[end] === zeroWidthJoiner && kindAt(units, end + 1) === picture)
      end += 1 + widthAt(units, end + 1);
    else return end;
  }
}

/** Words of one or more texts: half-open ranges of UTF-16 units; arrays of equal length. */
export interface Words {
  starts: number[];
  ends: number[];
}

/** Appends the words of a text: runs of letters and digits, single ideographs, single emoji. Linear. */
export function readWords(units: Units, words: Words = { starts: [], ends: [] }): Words {
  let at = 0;
  while (at < units.length) {
    const kind = kindAt(units, at);
    let end = 0;
    if (kind === letter) end = wordEnd(units, at);
    else if (kind === picture) end = pictureEnd(units, at);
    else if (kind === solo) end = at + widthAt(units, at);
    if (end === 0) {
      at += widthAt(units, at);
    } else {
      words.starts.push(at);
      words.ends.push(end);
      at = end;
    }
  }
  return words;
}

const unit = (character: string): number => character.charCodeAt(0);
const plus = unit("+");
const hash = unit("#");
const at = unit("@");
const hyphens = ["-", "_", "‐", "‑"].map(unit);

/** Whether the words around the unit at `place` are written as one: кока-кола, molva_news. */
export const isHyphenAt = (units: Units, place: number): boolean =>
  place < units.length && hyphens.includes(units[place]!) && kindAt(units, place + 1) === letter;

/** Where `@name` or `#tag` around the word at `start` begins, or `start` itself. */
export function sigilStart(units: Units, start: number): number {
  const sigil = start > 0 ? units[start - 1] : 0;
  if (sigil !== at && sigil !== hash) return start;
  return isLetterAt(units, start - 2) ? start : start - 1;
}

/** Where `C++`, `C#` or `Disney+` that begins with the word ending at `end` ends, or `end` itself. */
export function suffixEnd(units: Units, end: number): number {
  let stop = end;
  while (stop < end + 2 && stop < units.length && units[stop] === plus) stop++;
  if (stop === end && stop < units.length && units[stop] === hash) stop++;
  return kindAt(units, stop) === letter ? end : stop;
}

/** Whether the word at `start` is an emoji. */
export const isPictureAt = (units: Units, start: number): boolean => kindAt(units, start) === picture;
