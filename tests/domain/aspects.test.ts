import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aspectCounts, wholeShare } from "#domain/aspects.ts";

const tone = fc.constantFrom("positive" as const, "neutral" as const, "negative" as const);
const word = fc.record({
  aspect: fc.integer({ min: 0, max: 30 }).map(n => `aspect ${n}`),
  tone,
  score: fc.double({ min: -1, max: 1, noNaN: true }),
});

describe("what a mention counts for", () => {
  it("is each aspect once, by its strongest word, and the first of equal ones", () => {
    const words = [
      { aspect: "price", tone: "positive", score: 0.2 },
      { aspect: "price", tone: "negative", score: -0.9 },
      { aspect: "staff", tone: "negative", score: -0.5 },
      { aspect: "staff", tone: "positive", score: 0.5 },
      { aspect: "delivery", tone: "positive", score: 0.1 },
    ] as const;
    expect(aspectCounts(words, "negative")).toEqual([
      { aspect: "delivery", tone: "positive", share: 0 },
      { aspect: "price", tone: "negative", share: wholeShare / 2 },
      { aspect: "staff", tone: "negative", share: wholeShare / 2 },
    ]);
  });

  it("is carried wholly or not at all, in whole parts, by aspects of the mention's own tone", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), tone, (words, own) => {
        const counts = aspectCounts(words, own);
        const sum = counts.reduce((total, { share }) => total + share, 0);
        expect(sum).toBe(counts.some(count => count.tone === own) ? wholeShare : 0);
        for (const count of counts) {
          expect(Number.isInteger(count.share)).toBe(true);
          expect(count.share === 0 || count.tone === own).toBe(true);
        }
        expect(new Set(counts.map(count => count.aspect)).size).toBe(counts.length);
      }),
    );
  });
});
