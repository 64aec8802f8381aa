/** What nobody sees and databases, spreadsheets or terminals choke on; tab and newline stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f]/g;

/**
 * Invisible marks that split words (soft hyphen, zero-width space, word joiner, BOM) or turn text around
 * (bidirectional overrides). Zero-width joiner and non-joiner stay: emoji and Persian are spelt with them.
 */
const invisible = /[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/g;

/** A text as it is stored: well-formed UTF-16, `\n` line ends, without NUL, other controls and invisible marks. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(controls, "")
    .replace(invisible, "");
}

/** At most `maxGraphemes` user-perceived characters of `text`; never cuts an emoji or a letter with its accent. */
export function cut(text: string, maxGraphemes: number): string {
  if (text.length <= maxGraphemes) return text;
  let left = maxGraphemes;
  for (const { index } of new Intl.Segmenter("und", { granularity: "grapheme" }).segment(text)) {
    if (left-- <= 0) return text.slice(0, index);
  }
  return text;
}

const plain = /^[a-zа-яё0-9]*$/i;
const accents = /[\u0300-\u036f]/g;
/** Marks without a sound: soft hyphens, zero-width marks, variation selectors and skin tones of emoji. */
const unspoken =
  /\u00ad|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\p{Variation_Selector}|\p{Emoji_Modifier}/gu;

/** JavaScript has no case folding: upper first makes ß→ss; lower case writes a Greek sigma by its place. */
const caseless = (text: string): string => text.toUpperCase().toLowerCase().replaceAll("ς", "σ");

/**
 * The form in which words are compared: caseless, ё as е, compatibility forms and accents resolved
 * (Nestlé → nestle, ｆｕｌｌ → full, за́мок → замок), invisible marks dropped; й stays a letter of its own.
 */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase().replaceAll("ё", "е");
  return caseless(text.normalize("NFKD"))
    .normalize("NFKD")
    .replace(unspoken, "")
    .replaceAll("и\u0306", "й")
    .replace(accents, "")
    .normalize("NFC");
}
