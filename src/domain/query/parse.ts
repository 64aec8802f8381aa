import type { FieldName, GroupNode, NearNode, Query, QueryNode } from "#domain/query/ast.ts";
import type { Token } from "#domain/query/lex.ts";
import { lex } from "#domain/query/lex.ts";
import { QuerySyntaxError } from "#domain/query/syntax-error.ts";
import { readTerm } from "#domain/query/term.ts";

/** What a query may cost at most; words of phrases count as terms, parentheses and NOT as depth. */
const queryLimits = { maxLength: 1000, maxTerms: 100, maxDepth: 10 } as const;

const aTerm = 'a word, a "phrase" or "("';

/** Where the parser stands: the only thing that changes while a query is read. */
interface Reader {
  text: string;
  tokens: Token[];
  at: number;
  terms: number;
  depth: number;
  field: FieldName | null;
}

/** Reads a query; throws `QuerySyntaxError` that names the column and what is expected there. */
export function parseQuery(text: string): Query {
  const length = [...text].length;
  const { maxLength } = queryLimits;
  if (length > maxLength) {
    const offset = [...text].slice(0, maxLength).join("").length;
    throw new QuerySyntaxError(text, offset, `the query has ${length} characters`, `at most ${maxLength}`);
  }
  const reader: Reader = { text, tokens: lex(text), at: 0, terms: 0, depth: 0, field: null };
  const root = readOr(reader);
  const rest = peek(reader);
  if (rest.kind !== "end")
    throw unexpected(reader, rest, 'AND, OR, NOT, a term or the end; this ")" closes nothing');
  checkPositive(reader, root);
  return { text, root };
}

/** A query of exclusions would match almost every text there is. */
function checkPositive(reader: Reader, root: QueryNode): void {
  if (isPositive(root)) return;
  const offset = reader.tokens.find(({ kind }) => kind === "NOT" || kind === "-")?.offset ?? 0;
  const expected = "a term that must be present beside it, in every alternative: кофе NOT чай";
  throw new QuerySyntaxError(reader.text, offset, "here only what must be absent is named", expected);
}

const peek = (reader: Reader): Token => reader.tokens[reader.at]!;

const take = (reader: Reader): Token => {
  const token = peek(reader);
  reader.at++;
  return token;
};

function unexpected(reader: Reader, token: Token, expected: string): QuerySyntaxError {
  const given =
    token.kind === "end" ? "the query ends" : `found "${reader.text.slice(token.offset, token.end)}"`;
  return new QuerySyntaxError(reader.text, token.offset, given, expected);
}

/** One child stands for itself; a group inside a group of its kind dissolves. */
function group(type: GroupNode["type"], children: QueryNode[]): QueryNode {
  const [only] = children;
  if (only !== undefined && children.length === 1) return only;
  return { type, children: children.flatMap(child => (child.type === type ? child.children : [child])) };
}

function readOr(reader: Reader): QueryNode {
  const children = [readAlternative(reader)];
  while (peek(reader).kind === "OR") {
    take(reader);
    children.push(readAlternative(reader));
  }
  return group("or", children);
}

/** One side of OR: terms joined by AND or by nothing. */
function readAlternative(reader: Reader): QueryNode {
  const children = [readNot(reader)];
  for (;;) {
    const { kind } = peek(reader);
    if (kind === "AND") take(reader);
    else if (kind === "OR" || kind === ")" || kind === "end") break;
    children.push(readNot(reader));
  }
  return group("and", children);
}

/** Whether a match of `node` implies that one of its terms is present. */
function isPositive(node: QueryNode): boolean {
  if (node.type === "not") return false;
  if (node.type === "and") return node.children.some(isPositive);
  if (node.type === "or") return node.children.every(isPositive);
  return node.type === "field" ? isPositive(node.child) : true;
}

function deeper<T>(reader: Reader, opener: Token, read: () => T): T {
  reader.depth++;
  if (reader.depth > queryLimits.maxDepth)
    throw new QuerySyntaxError(
      reader.text,
      opener.offset,
      "this is nested too deep",
      `at most ${queryLimits.maxDepth} levels of parentheses and NOT`,
    );
  const result = read();
  reader.depth--;
  return result;
}

function readNot(reader: Reader): QueryNode {
  const token = peek(reader);
  if (token.kind !== "NOT" && token.kind !== "-") return readNear(reader);
  take(reader);
  return deeper(reader, token, () => ({ type: "not", child: readNot(reader) }));
}

const isNearOperand = (node: QueryNode): boolean =>
  node.type === "word" ||
  node.type === "phrase" ||
  (node.type === "or" && node.children.every(isNearOperand));

function readNear(reader: Reader): QueryNode {
  const start = peek(reader);
  const left = readPrimary(reader);
  const near = peek(reader);
  if (near.kind !== "NEAR") return left;
  take(reader);
  const rightStart = peek(reader);
  const right = readPrimary(reader);
  const operands =
    'a word, a "phrase" or (one OR another) on both sides of NEAR; a field goes before: title:(a NEAR/3 b)';
  if (!isNearOperand(left)) throw unexpected(reader, start, operands);
  if (!isNearOperand(right)) throw unexpected(reader, rightStart, operands);
  const next = peek(reader);
  if (next.kind === "NEAR")
    throw unexpected(reader, next, "two terms per NEAR: (a NEAR/3 b) AND (b NEAR/3 c)");
  return { type: "near", distance: near.distance, left, right } satisfies NearNode;
}

function readPrimary(reader: Reader): QueryNode {
  const token = take(reader);
  if (token.kind === "term") return countTerms(reader, token);
  if (token.kind === "(") return readGroup(reader, token);
  if (token.kind === "field") return readField(reader, token, token.field);
  throw unexpected(reader, token, aTerm);
}

function countTerms(reader: Reader, token: Extract<Token, { kind: "term" }>): QueryNode {
  const node = readTerm({ query: reader.text, ...token });
  reader.terms += node.type === "phrase" ? node.words.length : 1;
  const { maxTerms } = queryLimits;
  if (reader.terms <= maxTerms) return node;
  throw new QuerySyntaxError(
    reader.text,
    token.offset,
    `this is term ${reader.terms}`,
    `at most ${maxTerms} terms`,
  );
}

function readGroup(reader: Reader, opener: Token): QueryNode {
  const node = deeper(reader, opener, () => readOr(reader));
  if (peek(reader).kind !== ")") throw unexpected(reader, peek(reader), `")" for the "(" opened earlier`);
  take(reader);
  return node;
}

function readField(reader: Reader, token: Token, field: FieldName): QueryNode {
  if (reader.field !== null) throw unexpected(reader, token, `no field inside ${reader.field}:(…)`);
  reader.field = field;
  const child = readPrimary(reader);
  reader.field = null;
  return { type: "field", field, child };
}
