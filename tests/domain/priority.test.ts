import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  casePriority,
  nextPriorityAt,
  type PriorityFacts,
  type PriorityWeights,
  priorityFactorNames,
} from "#domain/priority.ts";

const start = new Date("2026-11-20T09:00:00Z");
const plain: PriorityFacts = {
  score: -0.5,
  confidence: 0.8,
  byHand: false,
  rating5: null,
  intents: [],
  reach: null,
  views: null,
  reactionCount: 0,
  serpPosition: null,
  placeCount: 1,
  recentCopyCount: 0,
  recentUntil: null,
  earlierNegativeCount: 0,
  escalated: false,
  slaStartedAt: start,
  usedShare: 0,
  nextSlackAt: null,
};
const all: Partial<PriorityFacts> = {
  rating5: 1,
  intents: ["threat", "safety", "question"],
  reach: 1_000,
  reactionCount: 21,
  serpPosition: 3,
  placeCount: 2,
  recentCopyCount: 5,
  earlierNegativeCount: 2,
  escalated: true,
  usedShare: 1,
};
const at = (facts: Partial<PriorityFacts>, now = start, weights: PriorityWeights = {}) =>
  casePriority({ ...plain, ...facts }, { weights, language: "en" }, now);
const whys = (facts: Partial<PriorityFacts>, language: "ru" | "en", now = start) =>
  casePriority({ ...plain, ...facts }, { weights: {}, language }, now).factors.map(({ why }) => why);
const afterDays = (days: number) => new Date(start.getTime() + days * 86_400_000);

describe("the priority of a case", () => {
  it("is explained by factors that add up to it, whatever the weights are", () => {
    const facts = fc.record({
      score: fc.double({ min: -1, max: 1, noNaN: true }),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      byHand: fc.boolean(),
      rating5: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
      intents: fc.subarray(["threat", "safety", "question", "praise"]),
      reach: fc.option(fc.nat()),
      reactionCount: fc.nat(),
      serpPosition: fc.option(fc.integer({ min: 1, max: 100 })),
      placeCount: fc.integer({ min: 1, max: 100 }),
      recentCopyCount: fc.nat({ max: 100 }),
      earlierNegativeCount: fc.nat({ max: 20 }),
      escalated: fc.boolean(),
      usedShare: fc.double({ min: 0, max: 2, noNaN: true }),
    });
    const weights = fc.record(
      Object.fromEntries(priorityFactorNames.map(name => [name, fc.double({ min: 0, max: 5, noNaN: true })])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(facts, weights, fc.nat({ max: 20 }), (given, weighed, days) => {
        const { priority, withoutTime, factors } = at(given, afterDays(days), weighed);
        const sum = factors.reduce((total, factor) => total + factor.points, 0);
        expect(priority).toBe(Math.max(0, Math.min(100, sum)));
        expect(withoutTime).toBeLessThanOrEqual(priority);
        expect(factors.every(({ why, points }) => why.length > 0 && Number.isInteger(points))).toBe(true);
      }),
    );
  });

  it("rises with each of its factors by what the factor says", () => {
    const base = at({}).priority;
    const gains = (facts: Partial<PriorityFacts>, now = start) => at(facts, now).priority - base;
    expect(base).toBe(10 + 12);
    expect(gains({ intents: ["threat"] })).toBe(20);
    expect(gains({ intents: ["question"] })).toBe(5);
    expect(gains({ rating5: 1 })).toBe(15);
    expect(gains({ rating5: 4 })).toBe(0);
    expect(gains({ reach: 999 })).toBe(9);
    expect(gains({ views: 999_999 })).toBe(15);
    expect(gains({ reactionCount: 9 })).toBe(3);
    expect(gains({ serpPosition: 1 })).toBe(12);
    expect(gains({ serpPosition: 10 })).toBe(8);
    expect(gains({ serpPosition: 40 })).toBe(4);
    expect(gains({ placeCount: 3 })).toBe(6);
    expect(gains({ recentCopyCount: 2 })).toBe(4);
    expect(gains({ earlierNegativeCount: 1 })).toBe(3);
    expect(gains({ escalated: true })).toBe(20);
    expect(gains({ usedShare: 0.5 })).toBe(5);
    expect(gains({ usedShare: 1.5 })).toBe(15);
    expect(gains({}, afterDays(3))).toBe(4);
  });

  it("takes a person's word for a negative that the model did not see", () => {
    const { factors } = at({ score: 0.9, confidence: 0.9, byHand: true });
    expect(factors).toEqual([{ factor: "tone", points: 25, why: "a colleague marked the text as negative" }]);
  });

  it("counts a factor by the brand's weight, and leaves it out at 0", () => {
    expect(at({ rating5: 1 }, start, { rating: 2 }).priority).toBe(at({}).priority + 30);
    expect(at({ rating5: 1 }, start, { rating: 0 }).factors.map(({ factor }) => factor)).toEqual(["tone"]);
  });

  it("chooses the time to answer by what waiting does not change", () => {
    expect(at({ usedShare: 1 }, afterDays(8)).withoutTime).toBe(at({}).priority);
    expect(at({ escalated: true }).withoutTime).toBe(at({ escalated: true }).priority);
  });

  it("changes by time exactly when nextPriorityAt says, and then no more", () => {
    const steps: string[] = [];
    for (let next = nextPriorityAt(plain, start); next !== null; next = nextPriorityAt(plain, next)) {
      expect(at({}, next).priority).toBeGreaterThan(at({}, new Date(next.getTime() - 1)).priority);
      steps.push(next.toISOString().slice(0, 10));
    }
    expect(steps).toEqual(["2026-11-21", "2026-11-23", "2026-11-27"]);
    const soon = new Date("2026-11-20T11:00:00Z");
    const sooner = new Date("2026-11-20T10:00:00Z");
    expect(nextPriorityAt({ ...plain, nextSlackAt: soon }, start)).toEqual(soon);
    expect(nextPriorityAt({ ...plain, nextSlackAt: soon, recentUntil: sooner }, start)).toEqual(sooner);
  });
});

describe("the reasons of a priority", () => {
  it("are good Russian", () => {
    expect(whys(all, "ru", afterDays(1)).map(why => why.replaceAll("\u00a0", " "))).toEqual([
      "негативный тон −0,50, уверенность 80 %",
      "оценка 1 из 5",
      "автор угрожает пожаловаться",
      "речь идёт о вреде здоровью",
      "автор задаёт вопрос",
      "охват — около 1 000 человек",
      "текст собрал 21 реакцию",
      "страница на 3-м месте в поисковой выдаче",
      "текст размещён в 2 местах",
      "за сутки появилось 5 копий текста",
      "у автора уже было 2 негативных упоминания бренда",
      "обращение передали на уровень выше",
      "ждёт ответа больше суток",
      "срок ответа истёк",
    ]);
  });

  it("agree with their numbers in Russian", () => {
    const of = (facts: Partial<PriorityFacts>) => whys(facts, "ru").at(-1);
    expect(of({ reach: 1 })).toBe("охват — около 1 человека");
    expect(of({ reach: 21 })).toBe("охват — около 21 человека");
    expect(of({ reach: 111 })).toBe("охват — около 111 человек");
    expect(of({ reactionCount: 3 })).toBe("текст собрал 3 реакции");
    expect(of({ reactionCount: 12 })).toBe("текст собрал 12 реакций");
    expect(of({ placeCount: 21 })).toBe("текст размещён в 21 месте");
    expect(of({ recentCopyCount: 1 })).toBe("за сутки появилась 1 копия текста");
    expect(of({ recentCopyCount: 22 })).toBe("за сутки появились 22 копии текста");
    expect(of({ earlierNegativeCount: 1 })).toBe("у автора уже было 1 негативное упоминание бренда");
    expect(of({ earlierNegativeCount: 5 })).toBe("у автора уже было 5 негативных упоминаний бренда");
    expect(of({ earlierNegativeCount: 20 })).toBe(
      "у автора уже было не меньше 20 негативных упоминаний бренда",
    );
  });

  it("are good English", () => {
    expect(whys(all, "en", afterDays(1))).toEqual([
      "negative tone −0.50, confidence 80%",
      "rated 1 of 5",
      "the author threatens to complain",
      "the text speaks of harm to health",
      "the author asks a question",
      "reaches about 1,000 people",
      "the text drew 21 reactions",
      "the page is number 3 in search results",
      "the text stands in 2 places",
      "5 new copies of the text in a day",
      "the author has 2 earlier negative mentions of the brand",
      "the case was escalated",
      "has waited for an answer for over a day",
      "the answer is overdue",
    ]);
  });
});
