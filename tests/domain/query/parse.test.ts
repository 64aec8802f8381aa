import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "#domain/errors.ts";
import type { QueryNode } from "#domain/query/ast.ts";
import { parseQuery } from "#domain/query/parse.ts";
import { printNode } from "#domain/query/print.ts";
import { QuerySyntaxError } from "#domain/query/syntax-error.ts";

const printed = (text: string): string => printNode(parseQuery(text).root);

const errorOf = (text: string): QuerySyntaxError => {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
};

describe("parseQuery", () => {
  it.each([
    ["a b OR c", "a AND b OR c"],
    ["a OR b c", "a OR b AND c"],
    ["(a OR b) c", "(a OR b) AND c"],
    ["((a)) AND (b AND c)", "a AND b AND c"],
    ["a -b -(c OR d)", "a AND NOT b AND NOT (c OR d)"],
    ["a –радио", "a AND NOT радио"],
    ["a NOT NOT b", "a AND NOT NOT b"],
    ['«a b» „c d“ “e f” "g h"', '"a b" AND "c d" AND "e f" AND "g h"'],
    ['"a"', "a"],
    ['="a b" =c', '="a b" AND =c'],
    ['"AND" and', '"AND" AND and'],
    ["a NEAR/3 b c", "a NEAR/3 b AND c"],
    ['(a OR "b c") NEAR/10 de*', '(a OR "b c") NEAR/10 de*'],
    ["title:a URL:b.ru author:(c OR d)", "title:a AND url:=b.ru AND author:(c OR d)"],
    ["кока-кола 24/7 @molva_news C++ #тег 🔥", "кока-кола AND =24/7 AND @molva_news AND C++ AND #тег AND 🔥"],
    ["1С:Предприятие https://a.ru", "=1С:Предприятие AND =https://a.ru"],
    ["волна, кофе;", "волна AND кофе"],
    ["И ИЛИ НЕ", "И AND ИЛИ AND НЕ"],
  ])("reads %s", (text, tree) => expect(printed(text)).toBe(tree));

  it.each([
    ["", 1, 'a word, a "phrase" or "("'],
    ["кофе AND", 9, 'a word, a "phrase" or "("'],
    ["OR кофе", 1, 'a word, a "phrase" or "("'],
    ["🔥 OR OR кофе", 6, 'a word, a "phrase" or "("'],
    ["(кофе", 6, ")"],
    ["кофе)", 5, "AND, OR, NOT"],
    ["()", 2, 'a word, a "phrase" or "("'],
    ["кофе «чай", 6, "a closing »"],
    ['кофе ""', 7, "at least one letter"],
    ["кофе | чай", 6, "the operator OR"],
    ["кофе = чай", 6, 'right after "="'],
    ["ко*фе", 3, "at the end of a word"],
    ["*фе", 1, "at the end of a word"],
    ["к*", 2, "at least 2 letters"],
    ["a NEAR b", 3, "NEAR/n"],
    ["a NEAR/0 b", 3, "from 1 to 100"],
    ["a NEAR/101 b", 3, "from 1 to 100"],
    ["(a b) NEAR/2 c", 1, "both sides of NEAR"],
    ["a NEAR/2 NOT b", 10, 'a word, a "phrase"'],
    ["a NEAR/2 b NEAR/2 c", 12, "two terms per NEAR"],
    ["autor:Иван", 1, "author:"],
    ["title:(a url:b)", 10, "no field inside title"],
    ["title:", 7, 'a word, a "phrase" or "("'],
    ["NOT кофе", 1, "a term that must be present"],
    ["кофе OR -чай", 9, "a term that must be present"],
    [`${"a ".repeat(500)}b`, 1001, "at most 1000"],
    ["a ".repeat(101), 201, "at most 100 terms"],
    [`"${"a ".repeat(101)}"`, 1, "at most 100 terms"],
    [`${"(".repeat(11)}a${")".repeat(11)}`, 11, "at most 10 levels"],
    [`a ${"NOT ".repeat(11)}b`, 43, "at most 10 levels"],
    ["я".repeat(101), 1, "at most 100"],
  ])("refuses %s at column %i", (text, column, expected) => {
    const error = errorOf(text);
    expect(error).toBeInstanceOf(InputError);
    expect(error.column).toBe(column);
    expect(error.expected).toContain(expected);
    expect(error.message).toContain(`Column ${column}: `);
    expect(error.retry).toBe("never");
  });

  it("accepts what is just within the limits", () => {
    expect(() => parseQuery("a ".repeat(100))).not.toThrow();
    expect(() => parseQuery(`${"(".repeat(10)}a${")".repeat(10)}`)).not.toThrow();
    expect(() => parseQuery("🔥".repeat(100) + " ".repeat(900))).not.toThrow();
  });
});

const wordText = fc.constantFrom(
  "волна",
  "Кофе",
  "AND",
  "near",
  "C++",
  "@molva_news",
  "#тег",
  "24",
  "O'Neill",
  "🔥",
);
const words = fc.array(wordText, { minLength: 1, maxLength: 3 });
const simple = fc.oneof(
  wordText.filter(word => word !== "AND"),
  words.map(list => `"${list.join(" ")}"`),
  words.map(list => `="${list.join(", ")}"`),
  fc.constantFrom("кока-кола", "sberbank.ru", "=Лента", "вол*", "кока-кол*", ".title:x", ".NEAR/3", "a=b"),
);

const query = fc.letrec<{ node: string }>(tie => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    simple,
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `(${a}) ${b}`),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `(${a} OR ${b})`),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `(${a}) AND NOT (${b})`),
    fc
      .tuple(simple, simple, fc.integer({ min: 1, max: 100 }))
      .map(([a, b, n]) => `${a} NEAR/${n} (${b} OR ${a})`),
    fc
      .tuple(fc.constantFrom("title", "url"), simple, simple)
      .map(([field, a, b]) => `${field}:(${a} OR ${b})`),
  ),
})).node;

describe("printNode", () => {
  it("prints what parses to the same tree", () => {
    fc.assert(
      fc.property(query, text => {
        const root: QueryNode = parseQuery(text).root;
        expect(parseQuery(printNode(root)).root).toEqual(root);
      }),
      { numRuns: 500 },
    );
  });

  it("any text is a query or a syntax error, and a query survives printing", () => {
    const piece = fc.constantFrom(
      ...'абc ()"«»=*-@#+/:._&|🔥\u0301',
      " AND ",
      " OR ",
      " NOT ",
      " NEAR/2 ",
      "title:",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), pieces => {
        const text = pieces.join("");
        let root: QueryNode;
        try {
          root = parseQuery(text).root;
        } catch (error) {
          expect(error).toBeInstanceOf(QuerySyntaxError);
          return;
        }
        expect(parseQuery(printNode(root)).root).toEqual(root);
      }),
      { numRuns: 3000 },
    );
  });
});
