import { describe, expect, it } from "vitest";
import { numberText } from "#domain/number-text.ts";

const exact = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

describe("a number in a text", () => {
  it.each([
    ["ru", -0.654, "−0,65"],
    ["en", -0.654, "−0.65"],
    ["ru", -1234.5, "−1\u00a0234,50"],
    ["en", -1234.5, "−1,234.50"],
    ["ru", 0.5, "0,50"],
  ] as const)("is written as people of the language write it: %s, %d", (language, value, text) =>
    expect(numberText(language, exact)(value)).toBe(text),
  );

  it("has no sign when it rounds to zero", () => {
    expect(numberText("ru", exact)(-0.001)).toBe("0,00");
    expect(numberText("en")(-0)).toBe("0");
  });
});
