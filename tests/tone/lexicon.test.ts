import { describe, expect, test } from "vitest";
import { lexicon } from "#tone/lexicon/tables.ts";
import { createReader } from "#tone/reader.ts";
import { compileVocabulary } from "#tone/vocabulary.ts";

const entries = lexicon.weighted.flatMap(table =>
  table.flatMap(([level, list]) =>
    list
      .split(/\s+/u)
      .filter(entry => entry !== "")
      .map(entry => ({ entry, level })),
  ),
);

/** Everyday words that only look like the beginning of a complaint or of praise. */
const innocent = [
  "браконьер бракосочетание адвокат адрес судно страница радио радиатор сукно лавочка милиция миля классный_час",
  "печать ложка ворота воротник скрипка жалюзи неделя необходимо плотник свежевать топливо травматолог хамелеон",
  "assist class classic passion embassy hardware freezer final funding section soldier grass kindergarten goods",
];

describe("the lexicon", () => {
  test("has no entry with two levels", () => {
    const levels = new Map<string, number>();
    const torn = entries.filter(({ entry, level }) => {
      const known = levels.get(entry);
      levels.set(entry, level);
      return known !== undefined && known !== level;
    });
    expect(torn).toEqual([]);
  });

  test("is written in the pattern language alone", () => {
    for (const { entry } of entries) expect(entry).toMatch(/^[а-яёa-z0-9#*~_/é-]+$/u);
  });

  test("has room for every entry, and is refused when it has not", () => {
    const { nameHash, weight, markOfState } = compileVocabulary(lexicon);
    expect(new Set([...markOfState].filter(mark => mark >= weight.length))).toEqual(new Set());
    expect(nameHash.length).toBeGreaterThan(entries.length);
    const many = Array.from({ length: 35_000 }, (_, at) => `слово_${at}`).join(" ");
    expect(() => compileVocabulary({ ...lexicon, weighted: [[[1, many]]] })).toThrow(/too large/);
  });

  test.each(innocent)("says nothing about %s", words => {
    const reader = createReader(compileVocabulary(lexicon), null);
    for (const word of words.split(" ")) {
      const { reading } = reader.read({ text: word.replace("_", " "), kind: "post" });
      expect(reading.hitCount).toBe(0);
    }
  });
});
