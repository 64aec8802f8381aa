import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { shippedScorer } from "#tests/scorer.ts";
import type { ToneInput } from "#tone/define.ts";
import { exactExp } from "#tone/exact.ts";
import { lexicon } from "#tone/lexicon/tables.ts";
import { unitsPerLogit } from "#tone/logit.ts";
import { blockOfKind, blockOfPair } from "#tone/model/blocks.ts";
import { readModel } from "#tone/model/file.ts";
import { modelUrl } from "#tone/model/path.ts";
import { gates, places, wholeGate } from "#tone/places.ts";
import { createReader } from "#tone/reader.ts";
import { createLearner } from "#tone/training/build.ts";
import { createEncoder, seal } from "#tone/training/encode.ts";
import { createPredict } from "#tone/training/learn.ts";
import { createWeighRows } from "#tone/training/manners.ts";
import { recipe } from "#tone/training/recipe.ts";
import type { Row } from "#tone/training/rows.ts";
import { compileVocabulary } from "#tone/vocabulary.ts";

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
  { text: "Обещали приехать к двум, приехали к ночи. Хотя «всё включено» работает", kind: "review" },
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

  test("counts less of a word that is denied, wished, over, conceded, asked or said by others", () => {
    const reader = createReader(compileVocabulary(lexicon), null);
    const standing = (text: string, brand?: string): Record<string, string[]> => {
      const at = text.indexOf(brand ?? "");
      const brandSpans = brand === undefined ? [] : [{ start: at, end: at + brand.length }];
      const { tape } = reader.read({ text, kind: "review", brandSpans });
      const { wordCount, wordStart, wordEnd, wordPlace } = reader.features;
      expect(tape.count).toBe(wordCount + (brand === undefined ? 0 : 1));
      return Object.fromEntries(
        Array.from({ length: wordCount }, (_, i) => [
          text.slice(wordStart[i], wordEnd[i]),
          Object.entries(places)
            .filter(([, bit]) => ((wordPlace[i] as number) & bit) !== 0)
            .map(([name]) => name),
        ]),
      );
    };
    expect(standing("Суп не горячий, но вкусный")).toMatchObject({
      горячий: ["negated", "before"],
      вкусный: ["after"],
    });
    expect(standing("Раньше пекли при нас, булки сырые")).toMatchObject({ пекли: ["past"], булки: [] });
    expect(standing("Раньше, когда пекли при нас")).toMatchObject({ пекли: ["past"] });
    expect(standing("Обещали привезти к двум, привёз к ночи")).toMatchObject({
      привезти: ["unreal"],
      привёз: [],
    });
    expect(standing('На вывеске "лучший сервис", а ждал 5" экран')).toMatchObject({
      лучший: ["quoted"],
      сервис: ["quoted"],
      ждал: [],
      экран: [],
    });
    expect(standing("«Не закрыто\nдальше своё")).toMatchObject({
      закрыто: ["negated", "quoted"],
      дальше: [],
    });
    expect(standing("Вкусный суп?")).toMatchObject({ Вкусный: ["asked"] });
    expect(standing("Все пишут, что банк ужасный, а мне понравилось")).toMatchObject({
      ужасный: ["unreal", "before"],
      понравилось: ["after"],
    });
    expect(standing("None of the jokes in this film are funny, sadly")).toMatchObject({
      funny: ["negated"],
      sadly: [],
    });
    expect(standing("Ни разу не подвёл за годы")).toMatchObject({ подвёл: ["negated"] });
    const two = "В Рассвете хамят, зато Закат порадовал. Там чисто. Позже зашли в Полдень, было скучно";
    expect(standing(two, "Рассвете")).toMatchObject({
      хамят: ["near", "before"],
      порадовал: ["after", "near", "rival"],
      чисто: [],
      зашли: ["rival"],
      скучно: ["rival"],
    });
    expect(gates[places.near | places.before]).toBe(wholeGate);
    expect(gates[0]).toBe(wholeGate);
    expect(gates[places.negated]).toBeLessThan(0);
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
