import { describe, expect, it } from "vitest";
import { compileBrands, explainMatch } from "#domain/query/match.ts";
import { parseQuery } from "#domain/query/parse.ts";
import { maxSpans } from "#domain/query/spans.ts";

const marked = (query: string, text: string): string[] =>
  explainMatch(parseQuery(query), text).spans.map(({ start, end }) => text.slice(start, end));

const document = {
  title: "Кофейня на углу",
  text: "Кофе в «Волне» хороший",
  author: "Анна Петрова",
  url: "https://forum.example.ru/topic/17",
  source: "phpbb-forum",
};

const matchesDocument = (query: string): boolean => explainMatch(parseQuery(query), document).matched;

describe("spans", () => {
  it.each([
    ["волна", "Волна! О волне, волнами…", ["Волна", "волне", "волнами"]],
    ['"детский мир"', "в Детском, мире и мире", ["Детском, мире"]],
    ["сыр NEAR/3 плесень", "🔥 сыр был весь мокр и в плесени, сыр! и плесень", ["плесени", "сыр", "плесень"]],
    ["волна OR кофе", "кофе и волна", ["кофе", "волна"]],
    ["волна NOT чай", "волна и кофе", ["волна"]],
    ['волна OR "волна кофе"', "Волна кофе", ["Волна кофе"]],
    ["кока-кола", "коку-колу, кока кола, Кокаколу", ["коку-колу", "кока кола", "Кокаколу"]],
    ["🔥", "жар 🔥🔥", ["🔥", "🔥"]],
    ["волна", "кот и пёс", []],
  ])("%s marks in %s", (query, text, spans) => expect(marked(query, text)).toEqual(spans));

  it("name the field, the title first, and leave out author, url and source", () => {
    expect(explainMatch(parseQuery("волна кофейня author:анна"), document).spans).toEqual([
      { field: "title", start: 0, end: 7 },
      { field: "text", start: 8, end: 13 },
    ]);
  });

  it("are limited in number, first ones first", () => {
    const { spans } = explainMatch(parseQuery("волна"), "волна ".repeat(500));
    expect(spans).toHaveLength(maxSpans);
    expect(spans[1]).toEqual({ field: "text", start: 6, end: 11 });
  });
});

describe("fields", () => {
  it.each([
    ["title:кофейня", true],
    ["title:волна", false],
    ["кофейня волна", true],
    ["author:анна", true],
    ['author:"анна петрова"', true],
    ["author:петров", false],
    ["анна", false],
    ["url:example.ru", true],
    ["url:example", true],
    ["url:ample.ru", false],
    ["source:phpbb", true],
    ["source:phpbb-forum", true],
    ["волна NOT source:phpbb", false],
    ["title:(волна OR кофейня)", true],
    ['"углу кофе"', false],
    ["углу NEAR/100 кофе", false],
  ])("%s: %s", (query, expected) => expect(matchesDocument(query)).toBe(expected));

  it("that are absent hold nothing", () => {
    const bare = { title: null, text: "волна", author: null, url: null, source: null };
    expect(explainMatch(parseQuery("title:волна"), bare).matched).toBe(false);
    expect(explainMatch(parseQuery("волна NOT author:анна"), bare).matched).toBe(true);
  });
});

describe("terms that are more than letters", () => {
  it.each([
    ["C++", "пишу на C++", true],
    ["C++", "витамин C", false],
    ["C#", "на C#.", true],
    ["Disney+", "на Disney+ вышло", true],
    ["Disney", "на Disney+ вышло", true],
    ["@molva_news", "см. @Molva_News!", true],
    ["@molva", "см. @molva_news", false],
    ["molva", "см. @molva_news", true],
    ["@molva", "почта a@molva.ru", false],
    ["#кофе", "день с #кофе", true],
    ["#кофе", "кофе", false],
    ["sberbank.ru", "https://www.sberbank.ru/", true],
    ["sberbank.ru", "в Sberbank. Ru", false],
    ["24/7", "работает 24/7", true],
    ["24/7", "24 из 7", false],
    ["iphone15", "iPhone15", true],
  ])("%s in %s: %s", (query, text, expected) => {
    expect(explainMatch(parseQuery(query), text).matched).toBe(expected);
  });
});

describe("the reason", () => {
  it.each([
    ["волна кофе", "Кофе в Волне", 'found "волна" as «Волне» in text, "кофе" as «Кофе» in text'],
    ["волна чай", "Кофе в Волне", 'no "чай" in title or text'],
    ["волна OR чай", "лес", 'no "волна" in title or text, no "чай" in title or text'],
    ["волна NOT радио", "Радио Волна", 'excluded: found "радио" as «Радио» in text'],
    ["a NEAR/1 c", "a b c", '"a" and "c" are further than 1 words apart'],
    ['"a c"', "a b c", 'no "a c" in title or text'],
  ])("of %s in %s", (query, text, reason) => {
    expect(explainMatch(parseQuery(query), text).reason).toBe(reason);
  });
});

describe("hostile texts of 300,000 characters", () => {
  const query = parseQuery(
    `(а NEAR/100 б) OR (а NEAR/1 в) OR "а а б" OR ${Array.from({ length: 80 }, (_, n) => (n % 2 ? "а" : "=б")).join(" OR ")}`,
  );
  it.each([
    ["one word again and again", "а б "],
    ["one endless word", "а"],
    ["one endless compound", "а-"],
    ["names in names", "@а_"],
    ["signs", "+#@"],
    ["one endless emoji", "👨\u200d"],
    ["accents without letters", "\u0301"],
    ["half characters", "\ud83d"],
  ])(
    "%s: read in linear time",
    (_, unit) => {
      const text = unit.repeat(300_000 / unit.length);
      const matcher = compileBrands([{ brandId: "a", query }]);
      const [match] = matcher.match({ ...document, text });
      expect(match?.spans.length ?? 0).toBeLessThanOrEqual(maxSpans);
    },
    10_000,
  );
});
