import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileBrands, explainMatch } from "#domain/query/match.ts";
import { parseQuery } from "#domain/query/parse.ts";
import { foldText } from "#domain/text.ts";

/** Words that share no form, so that the oracle below may compare them as strings. */
const vocabulary = ["кот", "дым", "лес", "река", "сено", "яма"];
const word = fc.constantFrom(...vocabulary);

/** A query beside its meaning, written down as plainly as possible. */
interface Meant {
  text: string;
  holds: (words: readonly string[]) => boolean;
}

const hasPhrase = (words: readonly string[], phrase: readonly string[]): boolean =>
  words.some((_, at) => phrase.every((part, offset) => words[at + offset] === part));

const simple: fc.Arbitrary<Meant> = fc.oneof(
  word.map(one => ({ text: one, holds: (words: readonly string[]) => words.includes(one) })),
  word.map(one => ({ text: `=${one}`, holds: (words: readonly string[]) => words.includes(one) })),
  fc.array(word, { minLength: 2, maxLength: 3 }).map(phrase => ({
    text: `"${phrase.join(" ")}"`,
    holds: (words: readonly string[]) => hasPhrase(words, phrase),
  })),
  fc.tuple(word, word, fc.integer({ min: 1, max: 4 })).map(([one, other, distance]) => ({
    text: `(${one} NEAR/${distance} ${other})`,
    holds: (words: readonly string[]) =>
      words.some(
        (a, i) => a === one && words.some((b, j) => b === other && i !== j && Math.abs(i - j) <= distance),
      ),
  })),
);

const meant = fc.letrec<{ node: Meant }>(tie => ({
  node: fc.oneof(
    { maxDepth: 3 },
    simple,
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => ({
      text: `(${a.text}) AND (${b.text})`,
      holds: (words: readonly string[]) => a.holds(words) && b.holds(words),
    })),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => ({
      text: `(${a.text}) OR (${b.text})`,
      holds: (words: readonly string[]) => a.holds(words) || b.holds(words),
    })),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => ({
      text: `(${a.text}) NOT (${b.text})`,
      holds: (words: readonly string[]) => a.holds(words) && !b.holds(words),
    })),
  ),
})).node;

const asDocument = (text: string) => ({ title: null, text, author: null, url: null, source: null });

describe("compileBrands", () => {
  it("matches exactly the brands whose query holds, each once", () => {
    fc.assert(
      fc.property(
        fc.array(meant, { minLength: 1, maxLength: 8 }),
        fc.array(word, { maxLength: 12 }),
        (queries, words) => {
          const brands = queries.map(({ text }, index) => ({
            brandId: String(index),
            query: parseQuery(text),
          }));
          const matched = compileBrands(brands)
            .match(asDocument(words.join(" ")))
            .map(({ brandId }) => brandId);
          const expected = queries.flatMap(({ holds }, index) => (holds(words) ? [String(index)] : []));
          expect(matched.toSorted()).toEqual(expected.toSorted());
        },
      ),
      { numRuns: 500 },
    );
  });

  it("says of each brand what the brand alone says", () => {
    fc.assert(
      fc.property(
        fc.array(meant, { minLength: 1, maxLength: 5 }),
        fc.array(word, { maxLength: 12 }),
        (queries, words) => {
          const text = words.join(", ");
          const brands = queries.map(({ text: query }, index) => ({
            brandId: String(index),
            query: parseQuery(query),
          }));
          const matcher = compileBrands(brands);
          matcher.match(asDocument("кот дым"));
          for (const { brandId, spans, reason } of matcher.match(asDocument(text)))
            expect(explainMatch(brands[Number(brandId)]!.query, text)).toEqual({
              matched: true,
              spans,
              reason,
            });
        },
      ),
      { numRuns: 200 },
    );
  });

  it("marks nothing but the words asked for, at their place in the original text", () => {
    const disguises = ["Кот", "КОТ", "ко\u00adт", "kот", "кoт", "лес", "Лéс", "🔥", "реkа", "—"];
    const text = fc.array(fc.constantFrom(...disguises), { maxLength: 12 }).map(parts => parts.join(" "));
    const asked = new Set(["кот", "лес", "река"]);
    const twins = (folded: string): string =>
      folded.replaceAll("k", "к").replaceAll("o", "о").replaceAll("e", "е");
    fc.assert(
      fc.property(text, written => {
        const { spans } = explainMatch(parseQuery("кот OR лес OR река"), written);
        const folded = spans.map(({ start, end }) => twins(foldText(written.slice(start, end))));
        expect(folded).toEqual(
          written
            .split(" ")
            .map(part => twins(foldText(part)))
            .filter(part => asked.has(part)),
        );
      }),
    );
  });

  it("never throws, whatever the text", () => {
    const matcher = compileBrands([
      { brandId: "a", query: parseQuery('кот OR "лес река" OR до* OR @x OR C++ OR 🔥') },
    ]);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), text => {
        for (const { spans } of matcher.match(asDocument(text)))
          for (const { start, end } of spans) expect(end).toBeGreaterThan(start);
      }),
    );
  });
});
