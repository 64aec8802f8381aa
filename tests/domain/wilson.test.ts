import { describe, expect, it } from "vitest";
import { shareOf, wilson } from "#domain/wilson.ts";

describe("Wilson's interval", () => {
  // Newcombe 1998, Statistics in Medicine 17:857–872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %i in %i is the published one", (part, whole, low, high) => {
    const found = wilson(part, whole);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  it("of nothing is unknown", () => {
    expect(shareOf(0, 0)).toBeNull();
  });
});
