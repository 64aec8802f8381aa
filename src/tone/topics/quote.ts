import type { Span } from "#tone/define.ts";

const mostUnits = 240;

/** The text from `start` to `end`, cut at a word where it is too long; `quote` is exactly what the span holds. */
export function quoteOf(text: string, start: number, end: number): Span & { quote: string } {
  let to = end;
  if (end - start > mostUnits) {
    const space = text.lastIndexOf(" ", start + mostUnits);
    to = space > start ? space : start + mostUnits;
    // Half a character is none.
    if (to > start && text.charCodeAt(to - 1) >> 10 === 0x36) to--;
  }
  return { start, end: to, quote: text.slice(start, to).toWellFormed() };
}
