import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, cut, foldText } from "#domain/text.ts";

const anyText = fc.string({ unit: "binary", maxLength: 60 });

describe("cleanText", () => {
  it.each([
    ["NUL and other controls vanish", "a\u0000b\u0007c\u001bd\u007f", "abcd"],
    ["tab and newline stay", "a\tb\nc", "a\tb\nc"],
    ["every line end becomes a newline", "a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"],
    ["soft hyphens, zero-width spaces and the byte order mark vanish", "\ufeffво\u00adл\u200bна", "волна"],
    ["text is not turned around", "abc\u202etxt.exe", "abctxt.exe"],
    ["emoji keep their joiners", "👨‍👩‍👧", "👨‍👩‍👧"],
    ["a lone surrogate becomes the replacement character", "a\ud83d", "a\ufffd"],
  ])("%s", (_, given, expected) => expect(cleanText(given)).toBe(expected));

  it("leaves a clean text alone", () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text));
      }),
    );
  });
});

describe("cut", () => {
  it.each([
    ["a family is one character", "👨‍👩‍👧👨‍👩‍👧x", 1, "👨‍👩‍👧"],
    ["an accent stays with its letter", "e\u0301e\u0301", 1, "e\u0301"],
    ["a short text stays whole", "молва", 10, "молва"],
    ["nothing is left of nothing", "молва", 0, ""],
  ])("%s", (_, text, max, expected) => expect(cut(text, max)).toBe(expected));

  it("gives a well-formed beginning of a well-formed text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.nat(20), (text, max) => {
        const short = cut(text, max);
        expect(text.startsWith(short)).toBe(true);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("foldText", () => {
  it.each([
    ["Ёлка", "елка"],
    ["Е\u0308лка", "елка"],
    ["Йод", "йод"],
    ["И\u0306од", "йод"],
    ["за\u0301мок", "замок"],
    ["Nestlé", "nestle"],
    ["ＦＵＬＬ", "full"],
    ["Straße", "strasse"],
    ["ΣΊΣΥΦΟΣ", "σισυφοσ"],
    ["во\u00adлна", "волна"],
    ["👍🏽", "👍"],
  ])("%s is compared as %s", (text, folded) => expect(foldText(text)).toBe(folded));

  it("is stable: a folded text folds to itself", () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
      { numRuns: 2000 },
    );
  });
});
