import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chiSquareTail, discoveryRates, likelihoodRatio } from "#domain/topics/significance.ts";

describe("the surprise of a phrase", () => {
  it("is Dunning's for his own pairs of words", () => {
    // Dunning 1993, table of the most significant bigrams: "the swiss" and "can be".
    expect(likelihoodRatio({ count: 110, of: 110 + 2442 }, { count: 111, of: 111 + 29114 })).toBeCloseTo(
      270.72,
      2,
    );
    expect(likelihoodRatio({ count: 29, of: 29 + 13 }, { count: 123, of: 123 + 31612 })).toBeCloseTo(
      263.9,
      2,
    );
  });

  it("has the probability of the χ² table with one degree of freedom", () => {
    expect(chiSquareTail(3.841459)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(6.634897)).toBeCloseTo(0.01, 6);
    expect(chiSquareTail(10.827566)).toBeCloseTo(0.001, 7);
    expect(chiSquareTail(0)).toBeCloseTo(1, 6);
  });
});

describe("discovery rates", () => {
  it("are those of Benjamini and Hochberg's own example", () => {
    // 1995, section 4.1: fifteen tests, of which four are found at 0.05.
    const given = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    const rates = discoveryRates(given);
    expect(rates.filter(rate => rate <= 0.05)).toHaveLength(4);
    expect(rates[3]).toBeCloseTo((0.0095 * 15) / 4, 10);
  });

  it("are the least k·m/rank of all that are as large, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), given => {
        const sorted = given.toSorted((a, b) => a - b);
        const rates = discoveryRates(given);
        for (const [index, probability] of given.entries()) {
          const bounds = sorted.flatMap((one, place) =>
            one >= probability ? [(one * given.length) / (place + 1)] : [],
          );
          expect(rates[index]).toBeCloseTo(Math.min(1, ...bounds), 12);
        }
      }),
    );
  });
});
