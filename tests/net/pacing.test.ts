import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Observation, observe, ordinaryPace, startPace } from "#net/pacing.ts";

const bounds = { startMs: 1000, minMs: 200, maxMs: 10_000, maxWaitMs: 60_000 };
const seen = (changes: Partial<Observation>): Observation => ({
  status: 200,
  latencyMs: 400,
  retryAfterMs: null,
  crawlDelayMs: 0,
  ...changes,
});

describe("the pace of a host", () => {
  it("follows the latency by halves", () => {
    const once = observe(startPace(bounds), seen({ latencyMs: 400 }), 5000, bounds);
    expect(once).toEqual({ delayMs: 700, nextAt: 5700 });
    expect(observe(once, seen({ latencyMs: 400 }), 6000, bounds)).toEqual({ delayMs: 550, nextAt: 6550 });
  });

  it("slows down at once when the host is slow", () => {
    expect(observe(startPace(bounds), seen({ latencyMs: 5000 }), 0, bounds).delayMs).toBe(5000);
  });

  it.each([304, 404, 403, 500, null])("is not quickened by a quick %s", status => {
    expect(observe(startPace(bounds), seen({ status, latencyMs: 1 }), 0, bounds).delayMs).toBe(1000);
  });

  it.each([429, 503])("halves after a %i", status => {
    expect(observe(startPace(bounds), seen({ status, latencyMs: 1 }), 0, bounds).delayMs).toBe(2000);
  });

  it("obeys Retry-After and Crawl-delay where they ask for more", () => {
    expect(observe(startPace(bounds), seen({ status: 429, retryAfterMs: 90_000 }), 0, bounds).nextAt).toBe(
      90_000,
    );
    expect(observe(startPace(bounds), seen({ crawlDelayMs: 30_000 }), 0, bounds).nextAt).toBe(30_000);
    expect(observe(startPace(bounds), seen({ retryAfterMs: 1 }), 0, bounds).nextAt).toBe(700);
  });

  it("stays within its bounds, and only a 200 ever lowers the pause", () => {
    const observation = fc.record({
      status: fc.constantFrom(200, 304, 404, 429, 500, 503, null),
      latencyMs: fc.integer({ min: 0, max: 120_000 }),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
      crawlDelayMs: fc.integer({ min: 0, max: 60_000 }),
    });
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 30 }), observations => {
        let pace = startPace(ordinaryPace);
        for (const [index, each] of observations.entries()) {
          const next = observe(pace, each, index, ordinaryPace);
          expect(next.delayMs).toBeGreaterThanOrEqual(
            each.status === 200 ? ordinaryPace.minMs : pace.delayMs,
          );
          expect(next.delayMs).toBeLessThanOrEqual(ordinaryPace.maxMs);
          expect(next.nextAt).toBeGreaterThanOrEqual(index + Math.max(next.delayMs, each.retryAfterMs ?? 0));
          pace = next;
        }
      }),
    );
  });
});
