import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { casePriority, nextPriorityAt, type PriorityFacts } from "#domain/priority.ts";

const start = new Date("2026-11-20T09:00:00Z");
const due = new Date("2026-11-21T09:00:00Z");
const plain: PriorityFacts = {
  kind: "review",
  score: -0.5,
  confidence: 0.8,
  rating5: null,
  intents: [],
  reach: null,
  views: null,
  placeCount: 1,
  slaStartedAt: start,
  dueAt: due,
};
const at = (facts: Partial<PriorityFacts>, now = start) => casePriority({ ...plain, ...facts }, now);

describe("the priority of a case", () => {
  it("is explained by factors that add up to it", () => {
    const facts = fc.record({
      score: fc.double({ min: -1, max: 1, noNaN: true }),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      rating5: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
      intents: fc.subarray(["threat", "safety", "question", "praise"]),
      reach: fc.option(fc.nat()),
      placeCount: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(facts, fc.integer({ min: 0, max: 3 * 86_400_000 }), (given, waitMs) => {
        const { priority, factors } = at(given, new Date(start.getTime() + waitMs));
        const sum = factors.reduce((total, factor) => total + factor.points, 0);
        expect(priority).toBe(Math.max(0, Math.min(100, Math.round(sum))));
        expect(factors.every(factor => factor.why.length > 0)).toBe(true);
      }),
    );
  });

  it("rises with a threat, fewer stars, reach, copies and time", () => {
    const base = at({}).priority;
    expect(at({ intents: ["threat"] }).priority).toBe(base + 20);
    expect(at({ rating5: 1 }).priority).toBeGreaterThan(at({ rating5: 3 }).priority);
    expect(at({ reach: 100_000 }).priority).toBeGreaterThan(base);
    expect(at({ placeCount: 3 }).priority).toBe(base + 6);
    expect(at({}, due).priority).toBe(base + 15);
  });

  it("changes with time exactly when nextPriorityAt says, and then no more", () => {
    const steps: string[] = [];
    for (
      let next = nextPriorityAt(start, due, start);
      next !== null;
      next = nextPriorityAt(start, due, next)
    ) {
      expect(at({}, next).priority).toBeGreaterThan(at({}, new Date(next.getTime() - 1)).priority);
      steps.push(next.toISOString());
    }
    expect(steps).toEqual([
      "2026-11-20T21:00:00.000Z",
      "2026-11-21T04:12:00.000Z",
      "2026-11-21T09:00:00.000Z",
    ]);
  });
});
