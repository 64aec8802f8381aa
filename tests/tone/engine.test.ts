import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { shippedScorer } from "#tests/scorer.ts";
import type { ToneInput } from "#tone/define.ts";
import { exactExp } from "#tone/exact.ts";
import { unitsPerLogit } from "#tone/logit.ts";
import { blockOfKind, blockOfPair } from "#tone/model/blocks.ts";
import { readModel } from "#tone/model/file.ts";
import { modelUrl } from "#tone/model/path.ts";
import { createLearner } from "#tone/training/build.ts";
import { createEncoder, seal } from "#tone/training/encode.ts";
import { createPredict } from "#tone/training/learn.ts";
import { createWeighRows } from "#tone/training/manners.ts";
import { recipe } from "#tone/training/recipe.ts";
import type { Row } from "#tone/training/rows.ts";

const inputs: readonly ToneInput[] = [
  { text: "Доставка быстрая, но товар бракованный. Раньше было лучше!", kind: "review" },
  { text: "Если бы не очередь, я бы НЕ жаловался))) 👍", kind: "post" },
  { text: "ochen ploho, dengi ne vernuli", kind: "comment" },
  { text: "The staff weren't rude at all, however the soup was cold.", kind: "news" },
  {
    text: "Закат подорожал, а вот «Рассвет» радует. Правда, ждали час.",
    kind: "news",
    brandSpans: [{ start: 25, end: 32 }],
  },
  { text: "х*йня", kind: null },
];

describe("the scorer", () => {
  test("adds up exactly what training would: word sums, contexts, length", () => {
    const model = readModel(readFileSync(modelUrl));
    const encoder = createEncoder();
    for (const input of inputs) encoder.add(input);
    const encoded = seal(encoder.encoded);
    const { steps } = model.facts;
    const weights = Float32Array.from(
      model.pairs,
      (value, i) => (value * steps[blockOfPair(i >> 1)]) / unitsPerLogit,
    );
    const predict = createPredict(encoded, model.facts);
    const weigh = createWeighRows(model);
    for (const [at, input] of inputs.entries()) {
      const [s, u] = predict(weights, at, blockOfKind(input.kind));
      const weighed = weigh(input);
      expect(weighed.s).toBeCloseTo(s, 3);
      expect(weighed.u).toBeCloseTo(u, 3);
    }
  });

  test("judges as it scores", () => {
    const scorer = shippedScorer();
    for (const input of inputs) expect(scorer.score(input)).toMatchObject(scorer.judge(input));
  });

  test("forgets nothing that matters when its memory of words is emptied", () => {
    const scorer = shippedScorer();
    const before = inputs.map(input => scorer.judge(input));
    const letters = [..."абвгдежзиклмнопрст"];
    for (let i = 0; i < 8; i++) {
      const words = Array.from({ length: 9000 }, (_, n) =>
        [...String(n + i * 9000)].map(digit => letters[+digit]).join(""),
      );
      scorer.judge({ text: words.join(" ").slice(0, 20_000), kind: "post" });
    }
    expect(inputs.map(input => scorer.judge(input))).toEqual(before);
  });
});

describe("models that know the lexicon alone", () => {
  const texts = ["Ужасно: бурмулька", "Отлично: бурмулька", "Никак: бурмулька"];
  const rows = texts.flatMap((text, at) =>
    Array.from({ length: 4 }, (): Row => {
      const label = ([0, 2, 1] as const)[at] ?? 1;
      return { set: "made", input: { text, kind: "post" }, label, polar: false, group: "" };
    }),
  );

  test("hear words of tone, and of other words only that they are there", () => {
    const learner = createLearner(rows, () => {});
    const weigh = createWeighRows(learner(() => true, { ...recipe, modelCount: 1, lexiconShare: 1 }));
    const [bad, good, one, other] = ["Ужасно: бурмулька", "Отлично: бурмулька", "бурмулька", "шуршавчик"].map(
      text => weigh({ text, kind: "post" }),
    );
    expect(bad?.s).toBeLessThan(good?.s ?? 0);
    expect(one).toEqual(other);
  });
});

describe("the exponential", () => {
  test("is that of the mathematics, to the last digits", () => {
    for (let x = -39; x < 40; x += 0.37) expect(exactExp(x) / Math.exp(x)).toBeCloseTo(1, 13);
  });
});
