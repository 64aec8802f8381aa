import { foldText } from "./text.ts";

const spaced = (text: string): string => text.normalize("NFC").replace(/\s+/gu, " ").trim();
const letters = (text: string): string => foldText(text).replace(/[^\p{L}\p{N}]+/gu, "");

/**
 * Whether a page shows the text that was sent to it: line breaks, quotation marks, dashes, emoji and letter case
 * may come back otherwise. Where `besides`, the text that it replaces, differs in nothing else, only a text equal
 * but for white space counts.
 */
export function isSameText(shown: string, sent: string, besides: string | null = null): boolean {
  if (spaced(shown) === spaced(sent)) return true;
  const core = letters(sent);
  if (core === "" || core !== letters(shown)) return false;
  return besides === null || letters(besides) !== core;
}
