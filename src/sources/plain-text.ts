import { cleanText } from "#domain/text.ts";
import { loadHtml, textOf } from "./html.ts";

const entity = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});/gi;
const tag = /<(?:!--|\/?[a-z][^<>]*>)/i;

/** Text of a fragment that is HTML: tags become lines, or, when it has none, its own line ends are kept. */
export function htmlToText(html: string): string {
  return tag.test(html) ? tidyLines(textOf(loadHtml(html).root())) : tidyLines(decodeEntities(html));
}

/** True when a text has a tag in it. */
export const hasTags = (text: string): boolean => tag.test(text);

/** Hostile text may name a million different entities; HTML has some two thousand, a text uses a few dozen. */
const mostNames = 500;

/**
 * Replaces the entities of HTML that end with a semicolon, named and numeric; unknown names stay as they are.
 * `known` remembers the names between several parts of one text.
 */
export function decodeEntities(text: string, known: Map<string, string> = new Map()): string {
  return text.replace(entity, name => {
    const found = known.get(name);
    if (found !== undefined || known.size >= mostNames) return found ?? name;
    const character = loadHtml(name).root().text();
    known.set(name, character);
    return character;
  });
}

/** White space within lines collapsed, at most one empty line in a row, controls and invisible marks gone. */
export function tidyLines(text: string): string {
  return cleanText(text)
    .split("\n")
    .map(line => line.replace(/[\s\u00a0]+/g, " ").trim())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** The text on one line, null when nothing is left of it. */
export function oneLine(text: string | null | undefined): string | null {
  const line = tidyLines(text ?? "").replace(/\n+/g, " ");
  return line === "" ? null : line;
}
