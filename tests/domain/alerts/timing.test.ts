import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdOf, type RuleTiming } from "#domain/alerts/timing.ts";

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const night: RuleTiming = { quietHours: [{ days: everyDay, from: "22:00", to: "08:00" }] };

const held = (timing: RuleTiming, timezone: string, now: string, options: object = {}) => {
  const at = new Date(now);
  const leaving = { now: at, gatheredSince: at, silencedUntil: null, ...options };
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
        const hold = holdOf([rule], { now, gatheredSince: now, silencedUntil: null });
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
  it("is held until none of them holds it, each by the clock of its own brand", () => {
    const [now, later] = [new Date("2026-11-20T04:30:00Z"), new Date("2026-11-20T06:30:00Z")];
    const rules = [
      { timing: {}, timezone: "UTC" },
      { timing: night, timezone: "Europe/Moscow" },
      { timing: night, timezone: "Europe/Berlin" },
    ];
    const leaving = { gatheredSince: null, silencedUntil: null };
    expect(holdOf(rules, { now, ...leaving })).toEqual({
      until: new Date("2026-11-20T07:00:00Z"),
      by: "quiet-hours",
    });
    expect(holdOf(rules.slice(0, 2), { now: later, ...leaving })).toBeNull();
  });
});

describe("a silence", () => {
  it("holds until its end, and quiet hours after it until theirs", () => {
    const silencedUntil = new Date("2026-11-20T23:00:00Z");
    expect(held({}, "UTC", "2026-11-20T12:00:00Z", { silencedUntil })).toBe(
      "silence 2026-11-20T23:00:00.000Z",
    );
    expect(held(night, "UTC", "2026-11-20T12:00:00Z", { silencedUntil })).toBe(
      "quiet-hours 2026-11-21T08:00:00.000Z",
    );
  });
});
