import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textKinds } from "#domain/item.ts";
import { anotherScorer, shippedScorer } from "#tests/scorer.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";

const scorer = shippedScorer();

const wild = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
    .map(units => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        "не",
        "хорошо",
        "ужас",
        "но",
        "!",
        "?",
        ")))",
        "(((",
        ":)",
        "@",
        "*",
        "😡",
        "\0",
        "\ud83d",
        "http://",
        "х*й",
        " ",
        "\n",
      ),
      { maxLength: 60 },
    )
    .map(parts => parts.join("")),
);
const input = fc.record({
  text: wild,
  kind: fc.constantFrom(...textKinds, null),
  rating: fc.option(fc.record({ value: fc.double(), scale: fc.double() })),
  brandSpans: fc.array(fc.record({ start: fc.integer(), end: fc.integer() }), { maxLength: 4 }),
});

describe("any text", () => {
  test("is scored within the bounds of the interface", () => {
    fc.assert(
      fc.property(input, given => {
        const result = scorer.score(given);
        expect(Math.abs(result.score)).toBeLessThanOrEqual(1);
        expect(result.confidence).toBeGreaterThanOrEqual(0);
        expect(result.confidence).toBeLessThanOrEqual(1);
        for (const { start, end, quote } of result.aspects) {
          expect(given.text.slice(start, end).toWellFormed()).toBe(quote);
          expect(end).toBeGreaterThan(start);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("has an explanation whose parts sum exactly to the logit", () => {
    fc.assert(
      fc.property(input, given => {
        const { logit, parts } = scorer.explain(given);
        expect(parts.reduce((sum, part) => sum + part.weight, 0)).toBe(logit);
        for (const { start, end } of parts) expect(end <= given.text.length && start <= end).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("gets the same result again, from this scorer and from another", () => {
    const other = anotherScorer();
    fc.assert(
      fc.property(input, wild, (given, between) => {
        const first = scorer.score(given);
        scorer.score({ text: between, kind: null });
        expect(scorer.score(given)).toEqual(first);
        expect(other.score(given)).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a megabyte", () => {
  const size = 1_000_000;
  test.each([
    ["one letter", "а"],
    ["masks", "х*"],
    ["negations", "не "],
    ["fillers", "не очень "],
    ["brackets", "("],
    ["smiles", ")"],
    ["emoji", "😡"],
    ["lone surrogates", "\ud83d"],
    ["NUL", "\0"],
    ["aspects", "доставка, "],
    ["links", "http://x "],
    ["commas", "но, "],
    ["Latin words", "the very "],
  ])("of %s never hangs", (_name, piece) => {
    const text = piece.repeat(Math.ceil(size / piece.length));
    const startedAt = performance.now();
    const result = scorer.score({ text, kind: "post" });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(result.modelVersion).toBe(scorer.modelVersion);
  });

  test("is judged by its head and its tail", () => {
    const middle = "слово ".repeat(size / 6);
    expect(scorer.score({ text: `Всё ужасно.${middle}`, kind: "review" }).label).toBe("negative");
    expect(scorer.score({ text: `${middle}. Всё прекрасно!`, kind: "review" }).label).toBe("positive");
  });
});

describeShared("big list of naughty strings", "suites/blns/blns.json", () => {
  test("every string is scored and explained", () => {
    const strings = readSharedJson<string[]>("suites/blns/blns.json");
    expect(strings.length).toBeGreaterThan(400);
    for (const text of strings) {
      const { logit, parts } = scorer.explain({ text, kind: "comment" });
      expect(parts.reduce((sum, part) => sum + part.weight, 0)).toBe(logit);
      expect(scorer.score({ text, kind: "comment" }).language).toMatch(/^([a-z]{2}|und)$/u);
    }
  });
});
