import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint, isRepost, minRepostSimilarity, similarity, wordCount } from "#domain/similarity.ts";

const review =
  "Заказали столик на вечер, приехали вовремя, а нам сказали ждать ещё сорок минут. Официант путал блюда, " +
  "суп принесли холодным, зато счёт посчитали быстро и дважды. Больше сюда не вернёмся и другим не советуем.";
const other =
  "Пользуюсь приложением второй год, раньше всё работало, но после обновления карта перестала открываться, " +
  "поддержка отвечает отписками и просит переустановить, хотя это не помогает уже третью неделю подряд.";
const brief = "Всё отлично, спасибо большое, приду ещё раз!";

const vocabulary = fc.array(fc.constantFrom(..."абвгдежзиклмнопрстуфхцчшщэюя"), {
  minLength: 3,
  maxLength: 9,
});
const longText = fc
  .array(
    vocabulary.map(letters => letters.join("")),
    { minLength: 60, maxLength: 90 },
  )
  .filter(words => new Set(words).size > 55);

const sharesBand = (one: string, another: string): boolean => {
  const bands = new Set(fingerprint(one).bands);
  return fingerprint(another).bands.some(band => bands.has(band));
};

describe("wordCount", () => {
  it.each([
    ["раз, два — три!", 3],
    ["🔥🔥 огонь", 1],
    ["", 0],
  ])("%s", (text, count) => expect(wordCount(text)).toBe(count));
});

describe("fingerprint", () => {
  it("holds signed 32-bit integers, none for a text under 15 words", () => {
    const { bands, wordCount: words } = fingerprint(review);
    expect(words).toBe(33);
    expect(bands).toHaveLength(10);
    for (const band of bands) expect(band).toBe(band | 0);
    expect(fingerprint(brief).bands).toEqual([]);
  });

  it("does not see case, ё, punctuation, emoji and look-alike letters", () => {
    const disguised = review.toUpperCase().replaceAll("Ё", "Е").replaceAll("О", "O").replaceAll(".", " 🔥");
    expect(fingerprint(disguised)).toEqual(fingerprint(review));
  });

  it("finds a text of 60 words again after one word changed", () => {
    fc.assert(
      fc.property(longText, fc.nat(59), (words, at) => {
        expect(sharesBand(words.join(" "), words.with(at, "замена").join(" "))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps different texts apart", () => {
    expect(sharesBand(review, other)).toBe(false);
  });
});

describe("similarity", () => {
  it("is the share of common pairs of neighbouring words", () => {
    expect(similarity("раз два три четыре", "Раз, два, три, пять")).toBe(2 / 4);
    expect(similarity("раз", "раз")).toBe(0);
  });
});

describe("isRepost", () => {
  const one = { text: review, site: "a.example", author: "u1" };

  it.each([
    ["the same author on the same site", { ...one }, true],
    ["the same author on another site", { ...one, site: "b.example" }, true],
    ["somebody else on another site", { ...one, site: "b.example", author: "u2" }, true],
    ["nobody knows who, on another site", { ...one, site: "b.example", author: null }, true],
    ["somebody else on the same site", { ...one, author: "u2" }, false],
    ["nobody knows who, on the same site", { ...one, author: null }, false],
    ["another text by the same author", { ...one, text: other }, false],
    [
      "the text with a source line",
      { ...one, site: "b.example", text: `${review} Читать полностью на сайте` },
      true,
    ],
    ["half of the text", { ...one, site: "b.example", text: review.slice(0, review.length / 2) }, false],
  ])("%s: %s", (_, posted, expected) => expect(isRepost(one, posted)).toBe(expected));

  it("never joins texts under 15 words, not even of one author", () => {
    const short = { ...one, text: brief };
    expect(isRepost(short, short)).toBe(false);
  });

  it("is symmetric, and true at the threshold", () => {
    const words = Array.from({ length: 21 }, (_, index) => `слово${index}`);
    const half = { ...one, text: words.slice(0, 16).join(" ") };
    const whole = { ...one, text: words.join(" ") };
    expect(similarity(half.text, whole.text)).toBe(15 / 20);
    expect(15 / 20).toBeGreaterThanOrEqual(minRepostSimilarity);
    expect(isRepost(half, whole)).toBe(true);
    expect(isRepost(whole, half)).toBe(true);
  });
});
