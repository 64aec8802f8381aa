import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BusinessHours,
  businessHoursSchema,
  type Holidays,
  holidaysInputSchema,
  openCalendar,
} from "#domain/calendar.ts";

const weekdays: BusinessHours = [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }];
const split: BusinessHours = [
  { days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", to: "13:00" },
  { days: [1, 2, 3, 4, 5, 6, 7], from: "14:00", to: "18:00" },
];
const night: BusinessHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "06:00" }];
const hour = 3_600_000;

const due = (start: string, hours: number, shifts: BusinessHours | null, zone: string, off: Holidays = []) =>
  new Date(openCalendar(shifts, off, zone).after(Date.parse(start), hours * hour)).toISOString();
/** Working hours of one local day of `night`, which holds the changes of offset. */
const nightHours = (from: string, to: string, zone: string) =>
  openCalendar(night, [], zone).between(Date.parse(from), Date.parse(to)) / hour;

describe("working time", () => {
  it("never stops without business hours", () => {
    expect(due("2026-11-21T10:00:00Z", 24, null, "Europe/Moscow")).toBe("2026-11-22T10:00:00.000Z");
  });

  it("is counted in the brand's zone only while people work", () => {
    // Friday 17:00 in Moscow, 4 hours: one on Friday, three on Monday.
    expect(due("2026-11-20T14:00:00Z", 4, weekdays, "Europe/Moscow")).toBe("2026-11-23T09:00:00.000Z");
    expect(due("2026-11-21T10:00:00Z", 9, weekdays, "Europe/Moscow")).toBe("2026-11-23T15:00:00.000Z");
  });

  it("skips the break of a split shift", () => {
    expect(due("2026-11-20T09:30:00Z", 2, split, "Europe/Moscow")).toBe("2026-11-20T12:30:00.000Z");
  });

  it("skips holidays, and works a shortened day and a moved one as they are", () => {
    const holidays: Holidays = [
      { date: "2026-12-31", shifts: [{ from: "09:00", to: "15:00" }] },
      { date: "2027-01-01", lastDate: "2027-01-08", shifts: [] },
      { date: "2027-01-09", shifts: [{ from: "10:00", to: "14:00" }] },
    ];
    // Thursday 31 December 14:00 in Moscow, 6 hours: one that day, four on Saturday the 9th, one on Monday.
    const found = due("2026-12-31T11:00:00Z", 6, weekdays, "Europe/Moscow", holidays);
    expect(found).toBe("2027-01-11T07:00:00.000Z");
  });

  it("follows the wall clock when the zone's offset changes", () => {
    // Berlin leaves summer time on 2026-10-25: Friday 17:00 is 15:00Z, Monday 09:00 is 08:00Z.
    expect(due("2026-10-23T15:00:00Z", 2, weekdays, "Europe/Berlin")).toBe("2026-10-26T09:00:00.000Z");
    // New York enters it on 2026-03-08.
    expect(due("2026-03-06T22:00:00Z", 2, weekdays, "America/New_York")).toBe("2026-03-09T14:00:00.000Z");
    // Moscow: UTC+4 all year from 2011, UTC+3 from 2014-10-26; Friday 17:00 is 13:00Z, Monday 10:00 is 07:00Z.
    expect(due("2014-10-24T13:00:00Z", 2, weekdays, "Europe/Moscow")).toBe("2014-10-27T07:00:00.000Z");
    // Almaty: UTC+6 until 2024-03-01, then UTC+5; Thursday 17:00 is 11:00Z, Friday 10:00 is 05:00Z.
    expect(due("2024-02-29T11:00:00Z", 2, weekdays, "Asia/Almaty")).toBe("2024-03-01T05:00:00.000Z");
    // Lord Howe moves by half an hour on 2026-04-05.
    const weekend: BusinessHours = [{ days: [6, 7], from: "00:00", to: "24:00" }];
    expect(due("2026-04-04T12:00:00Z", 10, weekend, "Australia/Lord_Howe")).toBe("2026-04-04T22:00:00.000Z");
  });

  it("counts the hour that comes twice, and not the one that never comes", () => {
    expect(nightHours("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", "Europe/Berlin")).toBe(7);
    expect(nightHours("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", "Europe/Berlin")).toBe(5);
    expect(nightHours("2026-11-01T00:00:00Z", "2026-11-01T20:00:00Z", "America/New_York")).toBe(7);
    expect(nightHours("2014-10-25T12:00:00Z", "2014-10-26T12:00:00Z", "Europe/Moscow")).toBe(7);
    expect(nightHours("2011-03-26T12:00:00Z", "2011-03-27T12:00:00Z", "Europe/Moscow")).toBe(5);
    expect(nightHours("2026-04-04T06:00:00Z", "2026-04-05T06:00:00Z", "Australia/Lord_Howe")).toBe(6.5);
    expect(nightHours("2026-10-03T06:00:00Z", "2026-10-04T06:00:00Z", "Australia/Lord_Howe")).toBe(5.5);
    // Almaty went back at midnight: 24:00 of the 29th was 23:00 again, so the first of March had a whole night.
    expect(nightHours("2024-02-29T12:00:00Z", "2024-03-01T12:00:00Z", "Asia/Almaty")).toBe(6);
    const evening: BusinessHours = [{ days: [4], from: "22:00", to: "24:00" }];
    const almaty = openCalendar(evening, [], "Asia/Almaty");
    expect(
      almaty.between(Date.parse("2024-02-29T12:00:00Z"), Date.parse("2024-03-01T12:00:00Z")) / hour,
    ).toBe(3);
  });

  it("has no time in a shift that a gap swallows", () => {
    const gap: BusinessHours = [
      { days: [7], from: "02:00", to: "02:30" },
      { days: [7], from: "02:40", to: "03:15" },
    ];
    const berlin = openCalendar(gap, [], "Europe/Berlin");
    expect(berlin.between(Date.parse("2026-03-29T00:00:00Z"), Date.parse("2026-03-29T06:00:00Z"))).toBe(
      0.25 * hour,
    );
  });

  it("adds up, never shrinks, and comes back from where it leads", () => {
    const zones = fc.constantFrom(
      "Europe/Moscow",
      "Asia/Almaty",
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
    );
    const instants = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2027, 0) });
    const spans = fc.integer({ min: 1, max: 40 * hour });
    const days = fc.integer({ min: 0, max: 6_200 }).map(day => new Date(Date.UTC(2010, 0) + day * 24 * hour));
    const holidays = fc.array(
      fc.record({
        date: days.map(day => day.toISOString().slice(0, 10)),
        shifts: fc.constantFrom<Holidays[number]["shifts"]>([], [{ from: "10:00", to: "12:00" }]),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(
        zones,
        fc.constantFrom(weekdays, split, night),
        holidays,
        fc.array(instants, { minLength: 3, maxLength: 3 }),
        spans,
        spans,
        (zone, shifts, off, moments, first, second) => {
          const calendar = openCalendar(shifts, off, zone);
          const [a, b, near] = moments.toSorted((x, y) => x - y) as [number, number, number];
          const c = Math.min(near, b + 90 * 24 * hour);
          const start = Math.max(a, b - 90 * 24 * hour);
          expect(calendar.between(start, b) + calendar.between(b, c)).toBe(calendar.between(start, c));
          expect(calendar.after(a, first)).toBeLessThanOrEqual(calendar.after(b, first));
          expect(calendar.after(a, first)).toBeLessThan(calendar.after(a, first + second));
          expect(calendar.after(calendar.after(a, first), second)).toBe(calendar.after(a, first + second));
          expect(calendar.between(a, calendar.after(a, first))).toBe(first);
        },
      ),
      { numRuns: 80 },
    );
  });

  it("refuses a shift that ends before it begins, and a holiday of less than a day", () => {
    expect(businessHoursSchema.safeParse([{ days: [1], from: "18:00", to: "09:00" }]).success).toBe(false);
    expect(holidaysInputSchema.safeParse([{ date: "2026-05-09", lastDate: "2026-05-01" }]).success).toBe(
      false,
    );
    expect(holidaysInputSchema.parse([{ date: "2026-05-09" }])).toEqual([{ date: "2026-05-09", shifts: [] }]);
  });
});
