import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkReply, type ReplyBounds } from "#domain/reply/checks.ts";
import { ordinaryPromiseWords, ruleAskingApproval } from "#domain/reply/rules.ts";

const bounds = (over: Partial<ReplyBounds> = {}): ReplyBounds => ({
  length: null,
  forbiddenWords: [],
  promiseWords: [],
  contacts: [],
  recent: [],
  ...over,
});
const checks = (text: string, over: Partial<ReplyBounds> = {}) =>
  checkReply(text, bounds(over)).map(({ check, found, start, end }) => [check, found, start, end]);

describe("an answer", () => {
  it("that is fine has no problem", () => {
    const ours = bounds({
      length: { min: 2, max: 5000, where: "Wildberries" },
      promiseWords: ordinaryPromiseWords,
      forbiddenWords: ["клиент"],
      recent: ["Спасибо!"],
    });
    expect(checkReply("Анна, спасибо за отзыв! Мы уже разобрались с доставкой.", ours)).toEqual([]);
  });

  it("must not be empty", () => {
    expect(checks(" \n ")).toEqual([["empty", null, null, null]]);
  });

  it("fits the place, whether the source counts an emoji as one character or as two", () => {
    const length = { min: 2, max: 5, where: "the source" };
    expect(checks("😀😀a", { length })).toEqual([]);
    expect(checks("😀", { length })).toEqual([["too-short", null, null, null]]);
    expect(checks("😀😀😀", { length })).toEqual([["too-long", null, null, null]]);
    expect(checks(" а ", { length })).toEqual([["too-short", null, null, null]]);
    const [problem] = checkReply("абвгдеж", bounds({ length }));
    expect(problem).toMatchObject({ check: "too-long" });
    expect(problem?.message).toContain("7 characters, 2 more than the source takes (2 to 5)");
  });

  it("holds no forbidden word, whatever its letter case, ё or accents, and no beginning of one", () => {
    expect(checks("Ваш КЛИЕНТ; ещё дёшево!", { forbiddenWords: ["клиент", "дешево"] })).toEqual([
      ["forbidden-word", "КЛИЕНТ", 4, 10],
      ["forbidden-word", "дёшево", 16, 22],
    ]);
    expect(checks("Клиентская служба", { forbiddenWords: ["клиент"] })).toEqual([]);
    expect(checks("Клиентская служба", { forbiddenWords: ["клиент*"] })).toEqual([
      ["forbidden-word", "Клиентская", 0, 10],
    ]);
  });

  it("makes none of the promises listed, phrases and their place included", () => {
    const problems = checkReply(
      "Мы вернём вам   деньги, и это больше не повторится.",
      bounds({ promiseWords: ordinaryPromiseWords }),
    );
    expect(problems.map(({ found, start, end }) => [found, start, end])).toEqual([
      ["вернём вам   деньги", 3, 22],
      ["больше не повторится", 30, 50],
    ]);
    expect(problems[0]?.message).toContain("“вернём вам   деньги” (characters 4–22)");
  });

  it("shows nobody's data but the brand's own contacts, in whatever spelling", () => {
    const text = "Пишите a@b.ru или 8 (495) 123-45-67. По заказу №77812 звонили на +79160000000.";
    const contacts = ["A@B.RU", "+7 495 123 45 67"];
    expect(checks(text, { contacts })).toEqual([
      ["personal-data", "77812", 48, 53],
      ["personal-data", "+79160000000", 65, 77],
    ]);
  });

  it("has nothing left to fill in, neither a template's mark nor a mask's placeholder", () => {
    expect(checks("{{author}}, здравствуйте! Ваш номер [PHONE_2] записан.")).toEqual([
      ["placeholder", "{{author}}", 0, 10],
      ["placeholder", "[PHONE_2]", 36, 45],
    ]);
  });

  it("is none of the last ten again, be it in other letters and signs or with a word changed", () => {
    const long =
      "Здравствуйте! Нам очень жаль, что заказ приехал холодным: мы поговорили с курьером и поменяли сумки на новые, а вам вернули стоимость доставки.";
    expect(checks("спасибо за отзыв", { recent: ["Привет", "Спасибо, за отзыв!"] })[0]?.[0]).toBe(
      "duplicate",
    );
    expect(
      checkReply("Спасибо за отзыв", bounds({ recent: ["x", "Спасибо за отзыв"] }))[0]?.message,
    ).toContain("the answer 2 before this one of the brand (of the last 2)");
    expect(checks(`${long} Спасибо`, { recent: [long] })[0]?.[0]).toBe("duplicate");
    expect(checks("Анна, спасибо за отзыв", { recent: ["Пётр, спасибо за отзыв"] })).toEqual([]);
  });

  it("has every problem named at a place that holds just those words", () => {
    const word = fc.constantFrom("обещаем", "Клиент", "a@b.ru", "89161234567", "кофе", "😀", "и", "!", "\n");
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), words => {
        const text = words.join(" ");
        const found = checkReply(text, bounds({ forbiddenWords: ["клиент"], promiseWords: ["обещаем"] }));
        for (const problem of found.filter(({ start }) => start !== null))
          expect(text.slice(problem.start as number, problem.end as number)).toBe(problem.found);
        const count = (wanted: string) => words.filter(one => one === wanted).length;
        const named = (check: string) => found.filter(problem => problem.check === check).length;
        expect(named("forbidden-word")).toBe(count("Клиент"));
        expect(named("promise-word")).toBe(count("обещаем"));
      }),
    );
  });
});

describe("four eyes", () => {
  const facts = { priority: 60, intents: ["question"], origin: "person" } as const;

  it.each([
    ["no rule", [], null],
    ["a rule for all", [{}], 1],
    ["a lower priority", [{ priorityFrom: 60 }], 1],
    ["a higher priority", [{ priorityFrom: 61 }], null],
    ["an intent of the text", [{ intents: ["threat", "question"] }], 1],
    ["another intent", [{ intents: ["threat"] }], null],
    ["free text", [{ origins: ["person" as const] }], 1],
    ["templates and models", [{ origins: ["template" as const, "model" as const] }], null],
    ["one condition of two", [{ priorityFrom: 50, intents: ["threat"] }], null],
    ["the second rule", [{ priorityFrom: 61 }, { priorityFrom: 50, origins: ["person" as const] }], 2],
  ])("%s", (_, rules, expected) => {
    expect(ruleAskingApproval(rules, facts)).toBe(expected);
  });
});
