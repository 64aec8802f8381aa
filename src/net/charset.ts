import sniffHtml from "html-encoding-sniffer";
import jschardet from "jschardet";
import { implausibleShare } from "./plausible.ts";

export interface DecodedText {
  /** Without NUL, byte order mark and lone surrogates. */
  text: string;
  /** The encoding used, by its WHATWG name. */
  encoding: string;
  /** U+FFFD per character, 0 to 1: what could not be read. */
  replacementShare: number;
}

/** Russian pages are often declared wrong; these are tried when the declaration does not hold. */
const commonInRussian = ["windows-1251", "koi8-r", "ibm866"];

/** Enough text to judge an encoding by. */
const sampleBytes = 64 * 1024;

/** A guess replaces a declaration only when it reads clearly better. */
const marginOfDoubt = 0.1;

/**
 * Decodes a reply: a byte order mark decides, then whether the bytes are UTF-8, then what HTTP, `<meta>` or the XML
 * prolog declare, as long as the text reads plausibly, then detection.
 */
export function decodeText(bytes: Uint8Array, headers: Readonly<Record<string, string>>): DecodedText {
  const encoding = encodingOf(bytes, headers["content-type"] ?? "");
  const text = cleanText(new TextDecoder(encoding).decode(bytes));
  return { text, encoding, replacementShare: replacementShare(text) };
}

/** Drops NUL and mends lone surrogates: PostgreSQL refuses both. */
export function cleanText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

function encodingOf(bytes: Uint8Array, contentType: string): string {
  const certain = encodingByMark(bytes);
  if (certain !== null) return certain;
  const start = bytes.findIndex(byte => byte > 0x7f);
  if (start < 0 || isUtf8(bytes)) return declaredMultibyte(bytes, contentType) ?? "utf-8";
  const sample = bytes.subarray(start, start + sampleBytes);
  const declared = [httpLabel(contentType), documentLabel(bytes)].flatMap(known);
  const guessed = [jschardet.detect(Buffer.from(sample)).encoding, ...commonInRussian, "utf-8"].flatMap(
    known,
  );
  return mostPlausible(sample, declared, guessed);
}

/** A mark at the start, or XML in UTF-16 without one. */
function encodingByMark([a, b, c, d]: Uint8Array): string | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0x3c && b === 0 && c !== 0 && d === 0) return "utf-16le";
  return a === 0 && b === 0x3c && c === 0 && d !== 0 ? "utf-16be" : null;
}

/** Text in another encoding is UTF-8 by accident only when it is a few characters long. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** ISO-2022-JP is written in ASCII bytes, so it passes for UTF-8. */
function declaredMultibyte(bytes: Uint8Array, contentType: string): string | null {
  const declared = [httpLabel(contentType), documentLabel(bytes)].flatMap(known);
  return declared.find(encoding => encoding === "iso-2022-jp") ?? null;
}

function mostPlausible(sample: Uint8Array, declared: readonly string[], guessed: readonly string[]): string {
  const judged = [...new Set([...declared, ...guessed])].map(encoding => ({
    encoding,
    badness: implausibleShare(new TextDecoder(encoding).decode(sample)),
  }));
  const best = judged.reduce((a, b) => (b.badness < a.badness ? b : a));
  const acceptable = judged.find(
    each => declared.includes(each.encoding) && each.badness <= best.badness + marginOfDoubt,
  );
  return (acceptable ?? best).encoding;
}

function httpLabel(contentType: string): string | null {
  return /;\s*charset\s*=\s*["']?\s*([^\s"';,]+)/i.exec(contentType)?.[1] ?? null;
}

/** What the document says of itself within its first 1024 bytes. */
function documentLabel(bytes: Uint8Array): string | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  const prolog = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/i.exec(head)?.[1];
  if (prolog !== undefined) return prolog;
  const undeclared = "x-user-defined";
  const sniffed = sniffHtml(bytes.subarray(0, 1024), { defaultEncoding: undeclared });
  return sniffed.toLowerCase() === undeclared ? null : sniffed;
}

/** The WHATWG name of a label, or nothing for a label that no decoder knows. */
function known(label: string | null): string[] {
  try {
    return label === null ? [] : [new TextDecoder(label).encoding];
  } catch {
    return [];
  }
}

function replacementShare(text: string): number {
  if (text === "") return 0;
  let count = 0;
  for (let at = text.indexOf("\uFFFD"); at >= 0; at = text.indexOf("\uFFFD", at + 1)) count += 1;
  return count / text.length;
}
