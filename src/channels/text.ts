const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** C0 and C1 controls without tab and line feed: no reader shows them, and some refuse them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is removed
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/** Marks that turn the direction of the text after them: a quoted stranger must not turn our own words around. */
const directionMarks = /[\u202A-\u202E\u2066-\u2069]/g;

/** No channel shows more of one text; the rest is not even looked at. */
export const readMax = 20_000;

/** Well-formed text with `\n` as the only line end and without controls; all else stays, up to 20,000 units and "…". */
export function cleanText(text: string): string {
  const read = text.length > readMax ? `${text.slice(0, readMax)}…` : text;
  return read
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, "\n")
    .replace(controls, "");
}

/** The text on one line, for a place among our own words. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(directionMarks, "").replace(/\s+/g, " ").trim();
}

/** The text as a block of its own: empty lines and the ends trimmed. */
export function cleanBlock(text: string): string {
  return cleanText(text)
    .replace(directionMarks, "")
    .replace(/\n\s*\n/g, "\n")
    .trim();
}

/**
 * The text put through `encode`, at most `maxLength` UTF-16 units after it; what does not fit is cut
 * between graphemes and replaced by "…". `encode` never shortens.
 */
export function cut(text: string, maxLength: number, encode: (text: string) => string): string {
  if (text.length <= maxLength) {
    const whole = encode(text);
    if (whole.length <= maxLength) return whole;
  }
  let kept = "";
  // A grapheme may be as long as the text; beyond the limit none of it can be kept.
  for (const { segment } of segmenter.segment(text.slice(0, maxLength + 1))) {
    const next = kept + encode(segment);
    if (next.length > maxLength - 1) break;
    kept = next;
  }
  return `${kept}…`;
}

/** The address as Molva sends it on: http or https, normalised, at most `maxLength` units; else null. */
export function httpUrl(text: string | null, maxLength: number): string | null {
  if (text === null || text.length > maxLength) return null;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return null;
  return url.href.length <= maxLength ? url.href : null;
}
