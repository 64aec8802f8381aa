import { describe, expect, it } from "vitest";
import { addCounts, metricsOf, noCounts } from "#domain/metrics.ts";

const counts = { ...noCounts, total: 10, positive: 2, neutral: 3, negative: 5 };

describe("metrics of a bucket", () => {
  it("are the published formulas", () => {
    expect(
      metricsOf({ ...counts, scoreSum: -2.5, ratingSum: 7, ratingCount: 3, runCount: 4, okCount: 3 }),
    ).toEqual({
      total: 10,
      positive: 2,
      neutral: 3,
      negative: 5,
      netSentiment: -30,
      netSentimentPolar: -42.9,
      brandHealth: 0.286,
      meanScore: -0.25,
      meanRating: 2.333,
      coverage: 0.75,
    });
  });

  it("are null where there is nothing to divide by, never 0 or −0", () => {
    const empty = metricsOf(noCounts);
    expect(empty).toMatchObject({
      netSentiment: null,
      netSentimentPolar: null,
      brandHealth: null,
      meanScore: null,
      meanRating: null,
      coverage: null,
    });
    const neutral = metricsOf({ ...noCounts, total: 2, neutral: 2 });
    expect(neutral).toMatchObject({ netSentiment: 0, netSentimentPolar: null, brandHealth: null });
    expect(Object.is(metricsOf({ ...counts, scoreSum: -0.0001 }).meanScore, 0)).toBe(true);
  });

  it("round praise and blame alike", () => {
    const of = (positive: number, negative: number) =>
      metricsOf({ ...noCounts, total: 2_000, positive, negative, neutral: 2_000 - positive - negative })
        .netSentiment;
    expect([of(1, 0), of(0, 1)]).toEqual([0.1, -0.1]);
  });

  it("of a sum are those of all its mentions", () => {
    expect(metricsOf(addCounts([counts, counts])).netSentiment).toBe(-30);
    expect(addCounts([])).toEqual(noCounts);
  });
});
