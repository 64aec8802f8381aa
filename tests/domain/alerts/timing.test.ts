import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdOf, type RuleTiming } from "#domain/alerts/timing.ts";

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const night: RuleTiming = { quietHours: [{ days: everyDay, from: "22:00", to: "08:00" }] };

const held = (timing: RuleTiming, timezone: string, now: string, options: object = {}) => {
  const at = new Date(now);
  const leaving = { now: at, gatheredSince: at, ...options };
  const hold = holdOf([{ timing, timezone }], leaving);
  return hold === null ? null : `${hold.by} ${hold.until.toISOString()}`;
};

describe("quiet hours", () => {
  it.each([
    ["2026-11-20T18:59:59Z", null],
    ["2026-11-20T19:00:00Z", "quiet-hours 2026-11-21T05:00:00.000Z"],
    ["2026-11-21T04:59:59Z", "quiet-hours 2026-11-21T05:00:00.000Z"],
    ["2026-11-21T05:00:00Z", null],
  ])("hold from evening to morning of the brand's zone: %s", (now, expected) => {
    expect(held(night, "Europe/Moscow", now)).toBe(expected);
  });

  it.each([
    // Berlin goes forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.
    ["2026-03-28T21:00:00Z", "quiet-hours 2026-03-29T06:00:00.000Z"],
    ["2026-10-24T20:00:00Z", "quiet-hours 2026-10-25T07:00:00.000Z"],
  ])("end by the wall clock in nights that are an hour shorter or longer: %s", (now, expected) => {
    expect(held(night, "Europe/Berlin", now)).toBe(expected);
  });

  it("that begin in an hour which the clock skips, begin after it", () => {
    const early: RuleTiming = { quietHours: [{ days: [7], from: "02:30", to: "04:00" }] };
    expect(held(early, "Europe/Berlin", "2026-03-29T00:59:59Z")).toBeNull();
    expect(held(early, "Europe/Berlin", "2026-03-29T01:00:00Z")).toBe("quiet-hours 2026-03-29T02:00:00.000Z");
  });

  it("that follow each other hold until the last ends", () => {
    const weekend: RuleTiming = {
      quietHours: [
        { days: everyDay, from: "20:00", to: "09:00" },
        { days: [6, 7], from: "09:00", to: "20:00" },
      ],
    };
    expect(held(weekend, "UTC", "2026-11-20T21:00:00Z")).toBe("quiet-hours 2026-11-23T09:00:00.000Z");
  });

  it("never hold for ever, though they cover the whole week", () => {
    const always: RuleTiming = { quietHours: [{ days: everyDay, from: "00:00", to: "00:00" }] };
    expect(held(always, "UTC", "2026-11-20T12:00:00Z")).toMatch(/^quiet-hours 2026-1[12]-/);
  });

  it("hold nothing that is outside them, and everything until their end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 366 * 1440 }), minute => {
        const now = new Date(Date.UTC(2026, 0, 1) + minute * 60_000);
        const wall = new Intl.DateTimeFormat("en-GB", {
          timeZone: "America/New_York",
          hour: "2-digit",
          minute: "2-digit",
          hourCycle: "h23",
        });
        const quiet = (at: Date) => wall.format(at) >= "22:00" || wall.format(at) < "08:00";
        const rule = { timing: night, timezone: "America/New_York" };
        const hold = holdOf([rule], { now, gatheredSince: now });
        expect(hold !== null).toBe(quiet(now));
        if (hold !== null) expect(wall.format(hold.until)).toBe("08:00");
      }),
      { numRuns: 300 },
    );
  });
});

describe("a digest", () => {
  it.each<[NonNullable<RuleTiming["digest"]>, string, string | null]>([
    [{ every: "daily" }, "2026-11-20T05:59:00Z", "digest 2026-11-20T06:00:00.000Z"],
    [{ every: "daily" }, "2026-11-20T06:00:00Z", "digest 2026-11-21T06:00:00.000Z"],
    [{ every: "daily", at: "18:30" }, "2026-11-20T12:00:00Z", "digest 2026-11-20T15:30:00.000Z"],
    [{ every: "weekly" }, "2026-11-20T12:00:00Z", "digest 2026-11-23T06:00:00.000Z"],
    [{ every: "weekly", weekday: 5, at: "15:00" }, "2026-11-20T11:59:59Z", "digest 2026-11-20T12:00:00.000Z"],
  ])("%j gathers until its time in the brand's zone", (digest, now, expected) => {
    expect(held({ digest }, "Europe/Moscow", now)).toBe(expected);
  });

  it("leaves when its time has come, and makes nothing wait that gathers for none", () => {
    const timing: RuleTiming = { digest: { every: "daily" } };
    const gatheredSince = new Date("2026-11-19T12:00:00Z");
    expect(held(timing, "UTC", "2026-11-20T09:00:00Z", { gatheredSince })).toBeNull();
    expect(held(timing, "UTC", "2026-11-20T10:00:00Z", { gatheredSince: null })).toBeNull();
  });
});

describe("a message of several rules", () => {
  const clock = fc.integer({ min: 0, max: 47 }).map(half => {
    const hour = String(Math.floor(half / 2)).padStart(2, "0");
    return `${hour}:${half % 2 === 0 ? "00" : "30"}`;
  });
  const hours = fc.record({ days: fc.subarray(everyDay, { minLength: 1 }), from: clock, to: clock });
  const rule = fc.record({
    timing: fc.record({ quietHours: fc.array(hours, { maxLength: 2 }) }),
    timezone: fc.constantFrom("UTC", "Europe/Moscow", "America/New_York"),
  });

  it("waits no longer than each of them alone would make it wait, and as long as the first", () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 14 * 48 }),
        (rules, halfHours) => {
          const now = new Date(Date.UTC(2026, 2, 25) + halfHours * 1_800_000);
          const until = (some: typeof rules) => holdOf(some, { now, gatheredSince: null })?.until ?? now;
          const own = rules.map(one => until([one]).getTime());
          expect(until(rules).getTime()).toBe(Math.min(...own));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("leaves when the clock of one of their brands lets it go", () => {
    const now = new Date("2026-11-20T04:30:00Z");
    const rules = [
      { timing: night, timezone: "Europe/Berlin" },
      { timing: night, timezone: "Europe/Moscow" },
    ];
    expect(holdOf(rules, { now, gatheredSince: null })).toEqual({
      until: new Date("2026-11-20T05:00:00Z"),
      by: "quiet-hours",
    });
    expect(holdOf([...rules, { timing: {}, timezone: "UTC" }], { now, gatheredSince: null })).toBeNull();
  });
});
