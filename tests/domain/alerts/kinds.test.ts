import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growthsIn, type StoryFact } from "#domain/alerts/cluster-growth.ts";
import { settingsOf } from "#domain/alerts/kinds.ts";
import { risingPhrases } from "#domain/alerts/phrases.ts";
import { dayBefore, type RatedDay, ratingDropsOn } from "#domain/alerts/rating-drop.ts";
import { turnsOf } from "#domain/alerts/run-health.ts";

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 1);

const story = (minutes: readonly number[], sources = 1): StoryFact[] =>
  minutes.map((minute, index) => ({
    clusterId: "c",
    mentionId: `m-${index}`,
    caseId: null,
    sourceId: `s-${index % sources}`,
    at: new Date(start + minute * 60_000),
  }));

describe("a story that spreads", () => {
  const settings = settingsOf("cluster-growth", { minCount: 3, hours: 1 });

  it("is told when enough texts came within the hours, and again at each doubling", () => {
    const firings = growthsIn(settings, story([0, 10, 20, 30, 40, 50, 55]));
    expect(firings.map(({ subject, mentionId }) => [subject, mentionId])).toEqual([
      ["cluster:c:1", "m-2"],
      ["cluster:c:2", "m-5"],
    ]);
  });

  it("is not told while its texts are too far apart or all on one source", () => {
    expect(growthsIn(settings, story([0, 30, 61, 100, 140]))).toEqual([]);
    expect(growthsIn({ ...settings, minSources: 2 }, story([0, 1, 2, 3]))).toEqual([]);
    expect(growthsIn({ ...settings, minSources: 2 }, story([0, 1, 2, 3], 2))).toHaveLength(1);
  });

  it("is found at the same texts, however often one looks on the way", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 5 }),
        (minutes, looks) => {
          const facts = story(minutes.toSorted((a, b) => a - b));
          const once = new Set(growthsIn(settings, facts).map(({ subject }) => subject));
          const often = [...looks, 600].flatMap(look =>
            growthsIn(
              settings,
              facts.filter(({ at }) => at.getTime() <= start + look * 60_000),
            ).map(({ subject }) => subject),
          );
          expect(new Set(often)).toEqual(once);
        },
      ),
    );
  });
});

describe("a fall of ratings", () => {
  const settings = settingsOf("rating-drop", {});
  const days = (mean: (day: number) => number, count: number): RatedDay[] =>
    Array.from({ length: 40 }, (_, index) => ({
      day: dayBefore("2026-11-20", 39 - index),
      sourceId: "s",
      sum: mean(index) * count,
      count,
    }));
  const on = (rows: readonly RatedDay[], told = new Map<string, string>()) =>
    ratingDropsOn(settings, rows, "2026-11-20", told, new Date(start));

  it("is told with both means, once in its days", () => {
    const rows = days(day => (day >= 33 ? 3 : 4.5), 20);
    const told = new Map<string, string>();
    const [firing, ...others] = on(rows, told);
    expect(others).toEqual([]);
    expect(firing?.reason).toEqual({
      day: "2026-11-20",
      days: 7,
      mean: 3,
      before: 4.5,
      drop: 1.5,
      count: 140,
    });
    expect(on(rows, told)).toEqual([]);
  });

  it("is not told of a small one, of few ratings, or where chance explains it", () => {
    expect(on(days(day => (day >= 33 ? 4.3 : 4.5), 20))).toEqual([]);
    expect(on(days(day => (day >= 33 ? 3 : 4.5), 1))).toEqual([]);
    expect(on(days(day => (day >= 33 ? 3.9 : 4.3), 2))).toEqual([]);
  });
});

describe("a source", () => {
  const run = (hour: number, errorCode: string | null) => ({
    at: new Date(start + hour * hourMs),
    outcome: errorCode === null ? ("ok" as const) : ("failed" as const),
    errorCode,
    error: errorCode,
  });
  const turns = (...runs: ReturnType<typeof run>[]) =>
    turnsOf(runs, start, 24 * hourMs, start + 100 * hourMs).map(({ at, health }) => [
      (at.getTime() - start) / hourMs,
      health,
    ]);

  it("turns bad at once when it refuses us or is built otherwise, and at the third failure of another kind", () => {
    expect(turns(run(1, "blocked"), run(2, "blocked"), run(3, null), run(4, "layout-changed"))).toEqual([
      [1, "blocked"],
      [4, "layout-changed"],
      [27, "stale"],
    ]);
    expect(turns(run(1, "x"), run(2, "x"), run(3, "x"), run(4, "x"), run(90, null))).toEqual([
      [3, "failing"],
      [24, "stale"],
    ]);
  });

  it("whose quota is used up says so", () => {
    expect(turns(run(1, "quota"), run(90, null))[0]).toEqual([1, "quota"]);
  });
});

describe("phrases of a spike", () => {
  it("are those that its texts have and others have not, a pair of words instead of each", () => {
    const now = Array.from({ length: 20 }, (_, n) => `Сломался терминал оплаты, кофе номер ${n} не продали`);
    const before = Array.from({ length: 100 }, (_, n) => `Хороший кофе номер ${n} продали быстро`);
    const phrases = risingPhrases(now, before, 3).map(({ phrase, count }) => `${phrase} ${count}`);
    expect(phrases).toEqual(["сломался терминал 20", "оплаты кофе 20", "не продали 20"]);
  });
});
