import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shippedScorer } from "#tests/scorer.ts";
import { ModelError } from "#tone/model/error.ts";
import { modelUrl, topicsUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";
import { readTopics, writeTopics } from "#tone/topics/file.ts";
import { exactLog } from "#tone/topics/log.ts";
import { compileOwnAspects } from "#tone/topics/own.ts";
import { quoteOf } from "#tone/topics/quote.ts";

const shipped = new Uint8Array(readFileSync(topicsUrl));
const scorer = shippedScorer();
const review = (text: string) => scorer.score({ text, kind: "review" });

describe("what a plain sentence speaks of is told with its tone", () => {
  test.each([
    ["Доставка быстрая, но качество ужасное.", "delivery", "positive"],
    ["Доставка быстрая, но качество ужасное.", "quality", "negative"],
    ["Упаковка, честно говоря, отвратительная.", "packaging", "negative"],
    ["Приложение постоянно вылетает.", "app", "negative"],
    ["Деньги не вернули до сих пор.", "refund", "negative"],
    ["Официант нахамил нам.", "staff", "negative"],
    ["Салон удобный, но мотор слабый.", "comfort", "positive"],
    ["The food was delicious.", "taste", "positive"],
  ])("%s → %s %s", (text, aspect, label) =>
    expect(review(text).aspects).toContainEqual(expect.objectContaining({ aspect, label })),
  );
  test("one clause has one tone for an aspect", () => {
    const { aspects } = review("Цена высокая, зато продавец вежливый.");
    const price = aspects.filter(found => found.aspect === "price");
    expect(price.length).toBeLessThanOrEqual(1);
  });
});

describe("a brand's own words", () => {
  const ownAspects = compileOwnAspects({
    lounge: ["бизнес-зал*", "lounge"],
    staff: ["стюард*"],
    none: [" "],
  });
  const own = (text: string) => scorer.score({ text, kind: "review", ownAspects }).aspects;
  test("name aspects of its own", () =>
    expect(own("Ужасный бизнес-зал.")).toContainEqual(
      expect.objectContaining({ aspect: "lounge", label: "negative", quote: "Ужасный бизнес-зал" }),
    ));
  test("add to ours", () =>
    expect(own("Отличные стюарды!")).toContainEqual(
      expect.objectContaining({ aspect: "staff", label: "positive" }),
    ));
  test("are words, not parts of words", () =>
    expect(own("Мы были в loungewear.").some(({ aspect }) => aspect === "lounge")).toBe(false));
});

describe("quotes", () => {
  test("are exactly what their spans hold", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("доставка ужас", ", но ", "🙂", "\ud83d", "качество супер", ". ", "xx\n"), {
          maxLength: 60,
        }),
        parts => {
          const text = parts.join("");
          for (const { start, end, quote } of review(text).aspects)
            expect(text.slice(start, end).toWellFormed()).toBe(quote);
        },
      ),
      { numRuns: 60 },
    );
  });
  test("never cut a character in two", () => {
    const text = "🙂".repeat(300);
    const { start, end, quote } = quoteOf(text, 1, 500);
    expect(text.slice(start, end).toWellFormed()).toBe(quote);
    expect(end).toBe(240);
  });
});

describe("the file", () => {
  test("is written again byte for byte by what was read", () =>
    expect(writeTopics(readTopics(shipped))).toEqual(shipped));
  test.each([
    ["empty", new Uint8Array()],
    ["cut", shipped.subarray(0, -1)],
    ["of something else", shipped.map(byte => byte ^ 1)],
    ["changed in one weight", shipped.map((byte, at) => (at === shipped.length - 100 ? byte ^ 1 : byte))],
  ])("%s is refused in one sentence", (_, bytes) => {
    const tone = readFileSync(modelUrl);
    expect(() => createScorer(tone, bytes)).toThrow(ModelError);
    expect(() => createScorer(tone, bytes)).toThrow(
      /^The model of aspects and intents .*molva tone train`\.$/u,
    );
  });
  test("with the tone model stays within 6 MB", () =>
    expect(shipped.length + readFileSync(modelUrl).length).toBeLessThanOrEqual(6_000_000));
});

test("the logarithm is that of the language, in exact steps", () =>
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1, noNaN: true }), x => {
      expect(Math.abs(exactLog(x) - Math.log(x))).toBeLessThan(1e-12 * Math.max(1, -Math.log(x)));
    }),
  ));
