import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationMs } from "#domain/duration.ts";
import { nextRunAt } from "#domain/recurrence.ts";

const now = new Date("2026-11-20T12:00:00Z");
const minute = 60_000;
const waitMs = (failures: number, random = 0.5, afterMs = 0) =>
  nextRunAt(now, 15 * minute, failures, random, afterMs).getTime() - now.getTime();

describe("the next run", () => {
  it("comes after the interval, spread by five per cent each way", () => {
    expect(waitMs(0)).toBe(15 * minute);
    expect(waitMs(0, 0)).toBe(14.25 * minute);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        random => waitMs(0, random) <= 15.75 * minute,
      ),
    );
  });

  it("is put off twice as long with each failure, up to six hours", () => {
    expect([1, 2, 3].map(failures => waitMs(failures))).toEqual([30 * minute, 60 * minute, 120 * minute]);
    expect(waitMs(50)).toBe(6 * 60 * minute);
    expect(nextRunAt(now, 24 * 60 * minute, 3, 0.5).getTime() - now.getTime()).toBe(24 * 60 * minute);
  });

  it("is never before what the site asked for", () => {
    expect(waitMs(1, 0.5, 3 * 60 * minute)).toBe(180 * minute);
  });
});

describe("a duration", () => {
  it.each([
    ["90s", 90_000],
    ["15m", 900_000],
    ["6h", 21_600_000],
    ["2d", 172_800_000],
  ])("%s is %i ms", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each(["", "15", "m", "-5m", "1.5h", "15 m", "9999999999s"])("%j is refused with an example", text => {
    expect(() => durationMs(text)).toThrow('such as "15m"');
  });
});
