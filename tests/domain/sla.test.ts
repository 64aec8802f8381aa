import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BusinessHours, businessHoursSchema, dueAt } from "#domain/sla.ts";

const weekdays: BusinessHours = [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }];
const split: BusinessHours = [
  { days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", to: "13:00" },
  { days: [1, 2, 3, 4, 5, 6, 7], from: "14:00", to: "18:00" },
];
const hour = 3_600_000;
const due = (start: string, hours: number, shifts: BusinessHours | null, zone: string) =>
  dueAt(new Date(start), hours * hour, shifts, zone).toISOString();

describe("the time to answer", () => {
  it("never stops without business hours", () => {
    expect(due("2026-11-21T10:00:00Z", 24, null, "Europe/Moscow")).toBe("2026-11-22T10:00:00.000Z");
  });

  it("counts working time only, in the brand's zone", () => {
    // Friday 17:00 in Moscow, 4 hours: one on Friday, three on Monday.
    expect(due("2026-11-20T14:00:00Z", 4, weekdays, "Europe/Moscow")).toBe("2026-11-23T09:00:00.000Z");
    expect(due("2026-11-21T10:00:00Z", 9, weekdays, "Europe/Moscow")).toBe("2026-11-23T15:00:00.000Z");
  });

  it("skips the break of a split shift", () => {
    expect(due("2026-11-20T09:30:00Z", 2, split, "Europe/Moscow")).toBe("2026-11-20T12:30:00.000Z");
  });

  it("follows the wall clock when the zone's offset changes", () => {
    // Berlin leaves summer time on 2026-10-25: Friday 17:00 is 15:00Z, Monday 09:00 is 08:00Z.
    expect(due("2026-10-23T15:00:00Z", 2, weekdays, "Europe/Berlin")).toBe("2026-10-26T09:00:00.000Z");
    // New York enters it on 2026-03-08.
    expect(due("2026-03-06T22:00:00Z", 2, weekdays, "America/New_York")).toBe("2026-03-09T14:00:00.000Z");
    // Lord Howe moves by half an hour on 2026-04-05.
    const nights: BusinessHours = [{ days: [6, 7], from: "00:00", to: "24:00" }];
    expect(due("2026-04-04T12:00:00Z", 10, nights, "Australia/Lord_Howe")).toBe("2026-04-04T22:00:00.000Z");
  });

  it("is monotone in the start and in the hours, and additive", () => {
    const zones = fc.constantFrom(
      "Europe/Moscow",
      "Asia/Almaty",
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
    );
    const instants = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2027, 0) });
    const spans = fc.integer({ min: 0, max: 40 * hour });
    fc.assert(
      fc.property(
        zones,
        instants,
        instants,
        spans,
        spans,
        fc.constantFrom(weekdays, split),
        (zone, a, b, first, second, shifts) => {
          const at = (start: number, ms: number) => dueAt(new Date(start), ms, shifts, zone).getTime();
          const [early, late] = a < b ? [a, b] : [b, a];
          expect(at(early, first)).toBeLessThanOrEqual(at(late, first));
          expect(at(a, first)).toBeLessThanOrEqual(at(a, first + second));
          if (second > 0) expect(at(at(a, first), second)).toBe(at(a, first + second));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("refuses a shift that ends before it begins", () => {
    expect(businessHoursSchema.safeParse([{ days: [1], from: "18:00", to: "09:00" }]).success).toBe(false);
  });
});
