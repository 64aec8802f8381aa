import { describe, expect, it } from "vitest";
import { phraseReader } from "#domain/topics/phrases.ts";
import { findTopics } from "#domain/topics/rising.ts";

const keys = (text: string) => phraseReader()(text).map(({ form }) => form);

describe("phrases", () => {
  it("are one to three words of one clause that begin and end with a full word", () => {
    expect(keys("Служба для клиентов молчит, деньги не вернули")).toEqual([
      "служба",
      "служба для клиентов",
      "клиентов",
      "клиентов молчит",
      "молчит",
      "деньги",
      "деньги не вернули",
      "вернули",
    ]);
    expect(keys("1 и 2, см. https://a.example/путь я@a.example")).toEqual(["см"]);
    expect(keys("")).toEqual([]);
  });

  it("are one phrase in all cases and numbers", () => {
    const read = phraseReader();
    const all = ["задержка доставки", "задержки доставкой", "Задержку доставки", "задержкой доставки"].map(
      text => read(text).at(1)?.key,
    );
    expect(new Set(all).size).toBe(1);
    expect(read("late deliveries")[1]?.key).toBe(read("Late delivery")[1]?.key);
  });
});

describe("rising topics", () => {
  const calm = (n: number) =>
    `Заказ привезли ${["вчера", "сегодня", "утром", "вечером"][n % 4]}, курьер вежлив`;

  it("are what stands in more texts than before, in its commonest form, with three texts", () => {
    const finder = findTopics(3);
    for (let n = 0; n < 60; n++)
      finder.addNow({
        id: `m-${n}`,
        text: n % 3 === 0 ? `${calm(n)}. ${n % 2 ? "Двойное списание" : "Двойного списания"} денег` : calm(n),
      });
    for (let n = 0; n < 200; n++) finder.addBefore(calm(n));
    const [first, ...others] = finder.rising();
    expect(first).toMatchObject({
      phrase: expect.stringMatching(/^двойно.. списани. денег$/),
      count: 20,
      expectedCount: 0,
      ids: ["m-0", "m-3", "m-6"],
    });
    // Its parts stand in no other text, and what is always said does not rise.
    expect(others).toEqual([]);
  });

  it("are none where nothing has changed, where nothing was before, or where too few texts say it", () => {
    const same = findTopics(3);
    for (let n = 0; n < 100; n++) same.addNow({ id: `${n}`, text: calm(n) });
    expect(same.rising()).toEqual([]);
    for (let n = 0; n < 100; n++) same.addBefore(calm(n));
    expect(same.rising()).toEqual([]);
    const few = findTopics(3);
    for (const id of ["a", "b"]) few.addNow({ id, text: "сгорел склад" });
    for (let n = 0; n < 5_000; n++) few.addBefore("всё хорошо");
    expect(few.rising()).toEqual([]);
  });
});
