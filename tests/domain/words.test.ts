import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWords, unitsOf } from "#domain/words.ts";

const wordsOf = (text: string): string[] => {
  const { starts, ends } = readWords(unitsOf(text));
  return starts.map((start, index) => text.slice(start, ends[index]));
};

describe("readWords", () => {
  it.each([
    ["Кофейня «Волна», 24/7!", ["Кофейня", "Волна", "24", "7"]],
    ["кока-кола sberbank.ru", ["кока", "кола", "sberbank", "ru"]],
    ["O'Reilly's 'слово'", ["O'Reilly's", "слово"]],
    ["@molva_news #кофе C++", ["molva", "news", "кофе", "C"]],
    ["за\u0301мок И\u0306од", ["за\u0301мок", "И\u0306од"]],
    ["во\u00adлна", ["во\u00adлна"]],
    ["жар🔥🔥 👨‍👩‍👧👍🏽 🇷🇺🇺🇸", ["жар", "🔥", "🔥", "👨‍👩‍👧", "👍🏽", "🇷🇺", "🇺🇸"]],
    ["日本 テスト", ["日", "本", "テ", "ス", "ト"]],
    ["𝐁𝐨𝐥𝐝", ["𝐁𝐨𝐥𝐝"]],
    ["—…\u0301 \ud83d", []],
    ["", []],
  ])("%s", (text, words) => expect(wordsOf(text)).toEqual(words));

  it("gives ascending ranges that do not overlap and hold no white space", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), text => {
        const { starts, ends } = readWords(unitsOf(text));
        let reached = 0;
        for (const [index, start] of starts.entries()) {
          const end = ends[index]!;
          expect(start).toBeGreaterThanOrEqual(reached);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end)).not.toMatch(/\s/);
          reached = end;
        }
        expect(reached).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
