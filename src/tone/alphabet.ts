/** Classes of UTF-16 units; letters come first so that one comparison finds them. */
export const unit = {
  other: 0,
  cyrillic: 1,
  latin: 33,
  foreign: 59,
  digit: 60,
  mask: 70,
  skip: 71,
  space: 72,
  line: 73,
  stop: 74,
  comma: 75,
  light: 76,
  open: 77,
  close: 78,
  surrogate: 79,
  bang: 80,
  ask: 81,
  quote: 82,
  symbol: 83,
} as const;

/** Set beside the class of an upper-case letter. */
export const upperBit = 128;
/** Letters, digits: what a word begins with. */
export const lastWordUnit = 69;

const cyrillicLetters = "абвгдежзийклмнопрстуфхцчшщъыьэюя";
const latinLetters = "abcdefghijklmnopqrstuvwxyz";

function putLetters(table: Uint8Array, letters: string, first: number): void {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters.charAt(i);
    table[letter.charCodeAt(0)] = first + i;
    table[letter.toUpperCase().charCodeAt(0)] = (first + i) | upperBit;
  }
}

function putAll(table: Uint8Array, characters: string, value: number): void {
  for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = value;
}

function putRange(table: Uint8Array, from: number, to: number, value: number): void {
  table.fill(value, from, to + 1);
}

/** The class of every UTF-16 unit; ё counts as е, letters of other scripts are `foreign`. */
export function buildAlphabet(): Uint8Array {
  const table = new Uint8Array(65_536);
  putRange(table, 0xaa, 0x24ff, unit.foreign);
  putRange(table, 0x2c00, 0xd7ff, unit.foreign);
  putRange(table, 0xf900, 0xfdff, unit.foreign);
  putRange(table, 0x2000, 0x206f, unit.light);
  putRange(table, 0x20a0, 0x2bff, unit.symbol);
  putRange(table, 0x300, 0x36f, unit.skip);
  putRange(table, 0xfe00, 0xfe0f, unit.skip);
  putRange(table, 0xd800, 0xdfff, unit.surrogate);
  putRange(table, 0x30, 0x39, unit.digit);
  for (let i = 0; i < 10; i++) table[0x30 + i] = unit.digit + i;
  putLetters(table, cyrillicLetters, unit.cyrillic);
  putLetters(table, latinLetters, unit.latin);
  putAll(table, "ё", unit.cyrillic + 5);
  putAll(table, "Ё", (unit.cyrillic + 5) | upperBit);
  // A decomposed й is и and a combining mark, so both letters share a class.
  putAll(table, "й", unit.cyrillic + 8);
  putAll(table, "Й", (unit.cyrillic + 8) | upperBit);
  putAll(table, "\u00ad\u200b\u200c\u200d\u2060\ufeff'’‘`´ʼ", unit.skip);
  putAll(table, " \t\u00a0\u2000\u2001\u2002\u2003\u2009\u202f\u3000", unit.space);
  putAll(table, "\n\r\u2028\u2029\u000b\u000c", unit.line);
  putAll(table, ".;…。", unit.stop);
  putAll(table, ",، ", unit.comma);
  putAll(table, " ", unit.space);
  putAll(table, ":-–—/\\+=&|<>[]{}~^_%§№·•©®", unit.light);
  putAll(table, '"«»„“”', unit.quote);
  putAll(table, "*@#$", unit.mask);
  putAll(table, "(", unit.open);
  putAll(table, ")", unit.close);
  putAll(table, "!¡！", unit.bang);
  putAll(table, "?¿？", unit.ask);
  return table;
}

const cyrillicTwins = "асеорхукмтвн";
const latinTwins = "aceopxykmtbh";

/** For each letter class its look-alike in the other script, else 0. */
export function buildTwins(): Uint8Array {
  const twins = new Uint8Array(unit.foreign);
  for (let i = 0; i < cyrillicTwins.length; i++) {
    const cyrillic = unit.cyrillic + cyrillicLetters.indexOf(cyrillicTwins.charAt(i));
    const latin = unit.latin + latinLetters.indexOf(latinTwins.charAt(i));
    twins[cyrillic] = latin;
    twins[latin] = cyrillic;
  }
  return twins;
}

/** Columns of a trie row: 32 Cyrillic or 26 Latin letters, ten digits, the mask, and one that never matches. */
export const columns = { digit: 32, mask: 42, dead: 43, count: 44 } as const;

/** Column of a unit class in a row of the vocabulary's trie. */
export function buildColumns(): Uint8Array {
  const column = new Uint8Array(unit.symbol + 1).fill(columns.dead);
  for (let i = 0; i < 32; i++) column[unit.cyrillic + i] = i;
  for (let i = 0; i < 26; i++) column[unit.latin + i] = i;
  for (let i = 0; i < 10; i++) column[unit.digit + i] = columns.digit + i;
  column[unit.mask] = columns.mask;
  return column;
}
