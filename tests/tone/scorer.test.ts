import { describe, expect, test } from "vitest";
import { shippedScorer } from "#tests/scorer.ts";
import { languageCases, neutralCases, reviewCases } from "./cases.ts";

const scorer = shippedScorer();
const review = (text: string, rating: number | null = null) =>
  scorer.score({ text, kind: "review", rating: rating === null ? null : { value: rating, scale: 5 } });

/** Of sentences that people find easy nineteen in twenty must come out right; no model gets them all. */
const mostWrong = (count: number): number => Math.floor(count / 20);

describe("a person's label is reproduced", () => {
  test("for nineteen of twenty easy sentences", () => {
    const wrong = reviewCases.filter(([text, label]) => review(text).label !== label);
    expect(wrong.length, wrong.join("\n")).toBeLessThanOrEqual(mostWrong(reviewCases.length));
  });
  test("mostly for what says nothing good or bad", () => {
    const wrong = neutralCases.filter(([text, kind]) => scorer.score({ text, kind }).label !== "neutral");
    expect(wrong.length, wrong.join("\n")).toBeLessThanOrEqual(2);
  });
});

describe("language comes from letters", () => {
  test.each(languageCases)("%s is %s", (text, language) => expect(review(text).language).toBe(language));
  test("the caller's ISO code wins over the guess", () =>
    expect(scorer.score({ text: "ok", kind: null, language: "fi" }).language).toBe("fi"));
});

describe("a rating is evidence beside the text", () => {
  test("one star without text is negative by rating", () =>
    expect(review("", 1)).toMatchObject({ label: "negative", basis: "rating", conflict: false }));
  test("five stars without text are positive by rating", () =>
    expect(review(" . ", 5)).toMatchObject({ label: "positive", basis: "rating" }));
  test("neither text nor rating is neutral and uncertain", () =>
    expect(review("")).toMatchObject({ label: "neutral", uncertain: true, basis: "text" }));
  test("an angry text under five stars stays negative and is a conflict", () =>
    expect(review("Ужас, обман, деньги не вернули, никому не советую", 5)).toMatchObject({
      label: "negative",
      conflict: true,
    }));
  test("a happy text under one star is a conflict", () =>
    expect(review("Отличный магазин, всем рекомендую, спасибо", 1).conflict).toBe(true));
  test("agreement is no conflict", () => expect(review("Отлично, рекомендую", 5).conflict).toBe(false));
  test("stars decide where the text says nothing", () =>
    expect(review("Купила в июне.", 1)).toMatchObject({ label: "negative", basis: "text" }));
  test("a senseless rating is ignored", () =>
    expect(
      scorer.score({ text: "Отлично", kind: "review", rating: { value: Number.NaN, scale: 0 } }).label,
    ).toBe("positive"));
});

describe("target", () => {
  const filler =
    " Потом мы долго гуляли по набережной, смотрели на лодки и говорили о том, куда поехать осенью всей семьёй. Погода стояла тихая.";
  const text = `В «Рассвете» ужасно кормят и хамят.${filler} А вот «Закат» великолепен, там вкусно и уютно, персонал замечательный.`;
  const toward = (name: string) => {
    const start = text.indexOf(name);
    return scorer.score({ text, kind: "post", brandSpans: [{ start, end: start + name.length }] }).label;
  };
  test("a text about two brands has two tones", () =>
    expect([toward("Рассвете"), toward("Закат")]).toEqual(["negative", "positive"]));
});

describe("aspects", () => {
  test("each clause gives its own tone with a quote of the text", () => {
    const text = "Доставка быстрая, но качество ужасное.";
    const { aspects } = review(text);
    expect(aspects.find(found => found.aspect === "delivery")?.label).toBe("positive");
    expect(aspects.find(found => found.aspect === "quality")?.label).toBe("negative");
    for (const { start, end, quote } of aspects) expect(text.slice(start, end)).toBe(quote);
  });
  test("a clause without an opinion takes it from its neighbour", () =>
    expect(review("Упаковка, честно говоря, отвратительная").aspects[0]).toMatchObject({
      aspect: "packaging",
      label: "negative",
    }));
});

describe("intents", () => {
  test.each([
    ["Если не вернёте деньги, подам в суд.", "threat"],
    ["Жалоба в Роспотребнадзор уже отправлена.", "threat"],
    ["I will take legal action.", "threat"],
    ["Отравились вашими роллами, вызывали скорую.", "safety"],
    ["The charger caught fire.", "safety"],
    ["Ужасный сервис.", "complaint"],
    ["Можно ли оформить возврат в другом городе?", "question"],
    ["Было бы здорово добавить тёмную тему.", "suggestion"],
    ["Прекрасный магазин!", "praise"],
  ])("%s carries %s", (text, intent) => expect(review(text).intents).toContain(intent));
  test("a report about a court is no threat", () =>
    expect(scorer.score({ text: "Прокуратура проверила завод.", kind: "news" }).intents).not.toContain(
      "threat",
    ));
});

describe("spam is flagged with care", () => {
  test("advertising with a link is spam", () =>
    expect(
      review("Пассивный доход от 5000 в день! Пишите в лс, вся информация в канале https://t.me/x").spam,
    ).toBe(true));
  test("a customer who mentions a promo code is not", () =>
    expect(review("Промокод не сработал, пишу в поддержку https://shop.example/help").spam).toBe(false));
});
