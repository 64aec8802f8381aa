import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSameText } from "#domain/same-text.ts";

describe("whether a page shows the text that was sent", () => {
  test.each([
    ["line breaks become spaces", "Здравствуйте!\n\nВернём деньги.", "Здравствуйте! Вернём деньги."],
    ["an emoji is dropped", "Спасибо за отзыв ❤️!", "Спасибо за отзыв !"],
    ["quotation marks and dashes are changed", "«Волна» — это мы", '"Волна" - это мы'],
    ["ё is spelt as е", "Вернём всё", "Вернем все"],
  ])("although %s", (_what, sent, shown) => expect(isSameText(shown, sent)).toBe(true));

  test.each([
    ["another answer", "Вернём деньги.", "Мы не вернём деньги."],
    ["nothing", "Вернём деньги.", ""],
    ["marks only, and others", "!!!", "???"],
  ])("but not %s", (_what, sent, shown) => expect(isSameText(shown, sent)).toBe(false));

  test("and an edit of nothing but marks is told from what it replaces", () => {
    const [before, after] = ["Вернём деньги", "Вернём деньги!"];
    expect(isSameText(before, after)).toBe(true);
    expect(isSameText(before, after, before)).toBe(false);
    expect(isSameText(after, after, before)).toBe(true);
  });

  test("however white space is spread in it", () => {
    const words = fc.array(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 1, maxLength: 8 });
    const blank = fc.constantFrom(" ", "\n", "\r\n", "\t ", "\u00a0");
    fc.assert(
      fc.property(words, blank, (parts, between) => {
        expect(isSameText(parts.join(between), ` ${parts.join(" ")}\n`)).toBe(true);
      }),
    );
  });
});
