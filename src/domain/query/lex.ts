import type { FieldName } from "#domain/query/ast.ts";
import { fieldNames } from "#domain/query/ast.ts";
import { QuerySyntaxError } from "#domain/query/syntax-error.ts";

/** A piece of a query at `offset` UTF-16 units; `end` is where it stops. */
interface Place {
  offset: number;
  end: number;
}

export type Token = Place &
  (
    | { kind: "(" | ")" | "AND" | "OR" | "NOT" | "-" | "end" }
    | { kind: "NEAR"; distance: number }
    | { kind: "field"; field: FieldName }
    | { kind: "term"; text: string; textOffset: number; quoted: boolean; exact: boolean }
  );

const maxDistance = 100;

/** Opening quote → the characters that may close it; typing is sloppy, so all double quotes close each other. */
const closers: Readonly<Record<string, string>> = {
  '"': '"“”„‟',
  "“": '"“”„‟',
  "”": '"“”„‟',
  "„": '"“”„‟',
  "‟": '"“”„‟',
  "«": "»",
  "»": "«",
};

/** Autocorrection turns a leading hyphen into a dash. */
const minus = /[-−–—]/;
const space = /\s/;
const wordEnd = /[\s()"“”„‟«»]/;
const operators = ["AND", "OR", "NOT"] as const;

const fieldPrefix = new RegExp(`^(${fieldNames.join("|")}):`, "i");
const unknownField = /^([a-z]{2,20}):(?!\/\/)./;

/** The tokens of `text`, closed by one of kind "end". */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (space.test(text.charAt(at))) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", offset: text.length, end: text.length });
  return tokens;
}

function tokenAt(text: string, offset: number): Token {
  const character = text.charAt(offset);
  if (character === "(" || character === ")") return { kind: character, offset, end: offset + 1 };
  if (character in closers) return quotedAt(text, offset, offset, false);
  if (character === "=") return exactAt(text, offset);
  if (minus.test(character) && isTermStart(text, offset + 1)) return { kind: "-", offset, end: offset + 1 };
  return operatorAt(text, offset) ?? fieldAt(text, offset) ?? bareAt(text, offset, offset, false);
}

const isTermStart = (text: string, at: number): boolean =>
  at < text.length && !space.test(text.charAt(at)) && text.charAt(at) !== ")";

function exactAt(text: string, offset: number): Token {
  const next = text.charAt(offset + 1);
  if (next in closers) return quotedAt(text, offset, offset + 1, true);
  if (!isTermStart(text, offset + 1) || next === "(")
    throw new QuerySyntaxError(text, offset, '"=" stands alone', 'a word or a "phrase" right after "="');
  return bareAt(text, offset, offset + 1, true);
}

function quotedAt(text: string, offset: number, quote: number, exact: boolean): Token {
  const closing = closers[text.charAt(quote)]!;
  let close = quote + 1;
  while (close < text.length && !closing.includes(text.charAt(close))) close++;
  if (close === text.length)
    throw new QuerySyntaxError(
      text,
      quote,
      "this quotation mark is never closed",
      `a closing ${closing.charAt(0)}`,
    );
  const inner = text.slice(quote + 1, close);
  return { kind: "term", text: inner, textOffset: quote + 1, quoted: true, exact, offset, end: close + 1 };
}

function runAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && !wordEnd.test(text.charAt(end))) end++;
  return text.slice(start, end);
}

function bareAt(text: string, offset: number, start: number, exact: boolean): Token {
  const word = runAt(text, start);
  return {
    kind: "term",
    text: word,
    textOffset: start,
    quoted: false,
    exact,
    offset,
    end: start + word.length,
  };
}

function operatorAt(text: string, offset: number): Token | null {
  const word = runAt(text, offset);
  const end = offset + word.length;
  const operator = operators.find(name => name === word);
  if (operator !== undefined) return { kind: operator, offset, end };
  if (!/^NEAR(?:\/|$)/.test(word)) return null;
  const distance = /^NEAR\/(\d{1,3})$/.exec(word)?.[1];
  if (distance === undefined || Number(distance) < 1 || Number(distance) > maxDistance)
    throw new QuerySyntaxError(
      text,
      offset,
      `"${word}" has no distance`,
      `NEAR/n with n from 1 to ${maxDistance}`,
    );
  return { kind: "NEAR", distance: Number(distance), offset, end };
}

function fieldAt(text: string, offset: number): Token | null {
  const word = runAt(text, offset);
  const name = fieldPrefix.exec(word)?.[1]?.toLowerCase();
  const field = fieldNames.find(known => known === name);
  if (field !== undefined) return { kind: "field", field, offset, end: offset + field.length + 1 };
  const unknown = unknownField.exec(word)?.[1];
  if (unknown === undefined) return null;
  throw new QuerySyntaxError(
    text,
    offset,
    `there is no field "${unknown}"`,
    `one of ${fieldNames.map(known => `${known}:`).join(", ")}, or the text in quotes`,
  );
}
