import { describe, expect, it } from "vitest";
import { eachPhrase, wordReader } from "#domain/topics/phrases.ts";
import { findTopics } from "#domain/topics/rising.ts";

/** All phrases of a text with their keys. */
const phraseReader = () => {
  const read = wordReader();
  return (text: string) => {
    const run = read(text);
    const found: { key: number; form: string }[] = [];
    eachPhrase(
      run,
      word => word.full,
      (key, start, end) => {
        const forms = run.words.slice(start, end).map(word => word.form);
        found.push({ key, form: forms.join(" ") });
      },
    );
    return found;
  };
};
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
    const now = Array.from({ length: 60 }, (_, n) => ({
      id: `m-${n}`,
      text: n % 3 === 0 ? `${calm(n)}. ${n % 2 ? "Двойное списание" : "Двойного списания"} денег` : calm(n),
    }));
    const before = Array.from({ length: 200 }, (_, n) => ({ text: calm(n) }));
    const [first, ...others] = rising(now, before);
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
    const same = Array.from({ length: 100 }, (_, n) => ({ id: `${n}`, text: calm(n) }));
    expect(rising(same, [])).toEqual([]);
    expect(rising(same, same)).toEqual([]);
    const few = ["a", "b"].map(id => ({ id, text: "сгорел склад" }));
    expect(rising(few, Array(5_000).fill({ text: "всё хорошо" }))).toEqual([]);
  });
});

function rising(now: readonly { id: string; text: string }[], before: readonly { text: string }[]) {
  const work = findTopics({ now, before }, { leastCount: 3, top: 10 });
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}
