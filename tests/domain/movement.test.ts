import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contributions, roundTogether, type Weight } from "#domain/movement.ts";

const weight = fc
  .record({ count: fc.integer({ min: 0, max: 50 }), part: fc.double({ min: -1, max: 1, noNaN: true }) })
  .map(({ count, part }): Weight => ({ count, lean: Math.round(count * part) }));
const weights = fc
  .uniqueArray(fc.tuple(fc.constantFrom("delivery", "price", "quality", "staff", "rest"), weight), {
    selector: ([key]) => key,
  })
  .map(parts => new Map(parts));

const net = (parts: ReadonlyMap<string, Weight>) => {
  const all = [...parts.values()];
  const count = all.reduce((sum, part) => sum + part.count, 0);
  return count === 0 ? null : (100 * all.reduce((sum, part) => sum + part.lean, 0)) / count;
};

describe("contributions to the movement of net sentiment", () => {
  it("add up to it, whatever the parts are", () => {
    fc.assert(
      fc.property(weights, weights, (before, now) => {
        const [past, present] = [net(before), net(now)];
        const found = contributions(before, now);
        if (past === null || present === null) {
          expect(found).toBeNull();
          return;
        }
        const points = [...(found?.parts.values() ?? [])].map(part => part.points);
        const sum = points.reduce((total, one) => total + one, 0);
        expect(sum).toBeCloseTo(present - past, 8);
        const hundredths = roundTogether(points).map(value => Math.round(value * 100));
        // Of a sum that ends in half a hundredth either neighbour is its rounding.
        const total = hundredths.reduce((found, one) => found + one, 0);
        expect(Math.abs(total - sum * 100)).toBeLessThan(0.5 + 1e-6);
      }),
    );
  });

  it("blame the aspect whose own tone sank, and tell it from one that merely grew", () => {
    const before = new Map([
      ["delivery", { count: 50, lean: 0 }],
      ["quality", { count: 50, lean: 50 }],
    ]);
    const worse = new Map([
      ["delivery", { count: 50, lean: -50 }],
      ["quality", { count: 50, lean: 50 }],
    ]);
    expect(contributions(before, worse)?.parts).toEqual(
      new Map([
        ["delivery", { points: -50, ofTone: -50, ofShare: 0 }],
        ["quality", { points: 0, ofTone: 0, ofShare: 0 }],
      ]),
    );
    // From 50:50 to 80:20 with the same tones: net 50 → 20, half of it by what grew, half by what shrank.
    const grown = new Map([
      ["delivery", { count: 80, lean: 0 }],
      ["quality", { count: 20, lean: 20 }],
    ]);
    const { movement, parts } = contributions(before, grown) ?? {};
    expect(movement).toBeCloseTo(-30, 10);
    expect(parts?.get("delivery")?.ofTone).toBe(0);
    expect(parts?.get("delivery")?.ofShare).toBeCloseTo(30 * -0.35, 10);
    expect(parts?.get("quality")?.ofShare).toBeCloseTo(-30 * 0.65, 10);
  });
});
