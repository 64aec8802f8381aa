import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Scorer, ToneResult } from "#tone/define.ts";
import { readModel } from "#tone/model/file.ts";
import { modelUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";
import { writeTopics } from "#tone/topics/file.ts";
import { buildTopics, topicRecipe } from "#tone/training/topics/build.ts";
import { createTopicEncoder, type EncodedTopics } from "#tone/training/topics/encode.ts";
import { judgeAspects, microF1 } from "#tone/training/topics/evaluate.ts";
import { seedTexts } from "#tone/training/topics/seeds.ts";
import { aspectSets, readAspectLine } from "#tone/training/topics/sets.ts";
import { gatherTopics } from "#tone/training/topics/texts.ts";

const lines = [
  "review shop-a pos r5 praise | {delivery+: Курьер приехал вовремя}, спасибо.",
  "review shop-b neg r1 complaint | {delivery-: Курьер опоздал на день}, ужас.",
  "review shop-c neg r1 complaint | {taste-: Суп пересолен}, есть невозможно.",
  "review shop-d pos r5 praise | {taste+: Суп вкусный и горячий}.",
  "question shop-e neu question | Подскажите, курьер звонит заранее?",
  "review shop-f neg r1 complaint,threat | Иду в суд, {delivery-: курьер потерял заказ}.",
];
const library = { data: () => null, corpusPaths: ["ru/shop.txt"], corpus: () => lines };

let encoded: EncodedTopics[];
let bytes: Uint8Array;
let tone: Uint8Array;

beforeAll(() => {
  tone = readFileSync(modelUrl);
  const model = readModel(tone);
  encoded = gatherTopics(library, false).map(createTopicEncoder(model, model.facts.stars));
  bytes = writeTopics(buildTopics(encoded, [], topicRecipe));
});

describe("training", () => {
  test("gives the same bytes again", () =>
    expect(writeTopics(buildTopics(encoded, [], topicRecipe))).toEqual(bytes));
  test("gives a file that a scorer reads", () =>
    expect(createScorer(tone, bytes).score({ text: "Курьер опоздал", kind: "review" }).language).toBe("ru"));
  test("marks the clauses that a quote touches, and no other", () => {
    const [, late] = encoded;
    expect(late?.clauses.map(clause => [clause.aspects[0], clause.tone])).toEqual([
      [1, -1],
      [0, null],
    ]);
  });
  test("seeds speak of every aspect and have no tone", () => {
    const seeds = seedTexts();
    expect(new Set(seeds.flatMap(seed => seed.spans.map(span => span.aspect))).size).toBe(21);
    expect(seeds.every(seed => seed.spans.every(span => span.tone === null))).toBe(true);
  });
});

describe("a line of a set of others", () => {
  const [rest] = aspectSets;
  const line = JSON.stringify({
    text: "Суп вкусный, официант груб, дорого.",
    raw: { categories: { Food: "positive", Service: "both", Price: "absence", Whole: "negative" } },
    aspects: [
      { category: "Food", sentiment: "positive", term: "Суп", frm: "0", to: "3" },
      { category: "Service", sentiment: "negative", term: "официант", frm: "13", to: "21" },
      { category: "Whole", sentiment: "neutral", term: "x", frm: "0", to: "1" },
    ],
  });
  test("becomes our aspects, and what the text says as a whole", () => {
    if (rest === undefined) throw new Error("no set");
    const { spans, said } = readAspectLine(rest, line);
    // Taste is column 2, staff column 5.
    expect(spans).toEqual([
      { aspect: 2, start: 0, end: 3, tone: 1 },
      { aspect: 5, start: 13, end: 21, tone: -1 },
    ]);
    expect([...said].sort()).toEqual(["Food:1", "Service:-1", "Service:1", "Whole:-1"]);
  });
});

describe("the figure", () => {
  const found = (aspect: string, label: "negative" | "positive") => ({
    aspect,
    label,
    score: 0,
    quote: "",
    start: 0,
    end: 0,
  });
  const saying = (label: ToneResult["label"], aspects: ToneResult["aspects"]): Scorer => ({
    ...createScorer(tone),
    score: () => ({ ...createScorer(tone).score({ text: "", kind: null }), label, aspects }),
  });
  test("counts a pair of aspect and tone once, aspects that mean one category together", () => {
    const text = {
      set: "x",
      input: { text: "", kind: null },
      spans: [],
      groups: [
        { name: "Service", aspects: [4, 5] },
        { name: "Price", aspects: [3] },
      ],
      said: new Set(["Service:-1", "Price:1", "Whole:1"]),
      flags: null,
      key: 0,
      test: false,
    };
    const scorer = saying("positive", [
      found("service", "negative"),
      found("staff", "negative"),
      found("price", "negative"),
      found("taste", "positive"),
    ]);
    // Said: Service-, Price-, Whole+; true: Service-, Price+, Whole+.
    expect(judgeAspects(scorer, text)).toEqual({ hit: 2, said: 3, true: 3 });
  });
  test("is F1 over all texts together", () =>
    expect(
      microF1([
        { hit: 1, said: 2, true: 1 },
        { hit: 1, said: 1, true: 3 },
      ]),
    ).toEqual({ f1: 4 / 7, precision: 2 / 3, recall: 2 / 4 }));
});
