import { describe, expect, it } from "vitest";
import { latestReportAt, nextReportAt, reportPeriod } from "#domain/export/report-period.ts";
import type { WallTimes } from "#domain/wall-times.ts";

const daily = (at: string): WallTimes => ({ every: "daily", weekday: 1, at });
const weekly = (weekday: number, at: string): WallTimes => ({ every: "weekly", weekday, at });
const next = (times: WallTimes, zone: string, after: string) =>
  nextReportAt(times, zone, new Date(after)).toISOString();
const period = (times: WallTimes, zone: string, at: string) => {
  const { from, to } = reportPeriod(times, zone, new Date(at));
  return [from.toISOString(), to.toISOString()];
};

describe("when a report goes", () => {
  it("keeps the wall time across both changes of the clock", () => {
    // Berlin: +1 until 29 March 2026, 02:00, +2 until 25 October 2026, 03:00.
    const nine = daily("09:00");
    expect(next(nine, "Europe/Berlin", "2026-03-28T08:00:00Z")).toBe("2026-03-29T07:00:00.000Z");
    expect(next(nine, "Europe/Berlin", "2026-10-24T07:00:00Z")).toBe("2026-10-25T08:00:00.000Z");
  });

  it("goes when the clock goes on, where its time is left out, and once where it comes twice", () => {
    const early = daily("02:30");
    expect(next(early, "Europe/Berlin", "2026-03-28T02:00:00Z")).toBe("2026-03-29T01:00:00.000Z");
    expect(next(early, "Europe/Berlin", "2026-03-29T01:00:00Z")).toBe("2026-03-30T00:30:00.000Z");
    expect(next(early, "Europe/Berlin", "2026-10-24T01:00:00Z")).toBe("2026-10-25T00:30:00.000Z");
    expect(next(early, "Europe/Berlin", "2026-10-25T00:30:00Z")).toBe("2026-10-26T01:30:00.000Z");
  });

  it("goes on its weekday, as the zone counts days", () => {
    // Monday 23 November, 01:00 in Vladivostok, is Sunday 15:00 UTC.
    const monday = weekly(1, "01:00");
    expect(next(monday, "Asia/Vladivostok", "2026-11-20T12:00:00Z")).toBe("2026-11-22T15:00:00.000Z");
    expect(next(monday, "Asia/Vladivostok", "2026-11-22T15:00:00Z")).toBe("2026-11-29T15:00:00.000Z");
  });

  it("tells what was missed by the latest time, which is its own when it is not late", () => {
    const at = (now: string) =>
      latestReportAt(daily("09:00"), "Europe/Moscow", new Date("2026-11-20T06:00:00Z"), new Date(now));
    expect(at("2026-11-20T06:00:00Z").toISOString()).toBe("2026-11-20T06:00:00.000Z");
    expect(at("2026-11-23T05:59:59Z").toISOString()).toBe("2026-11-22T06:00:00.000Z");
  });
});

describe("what a report tells of", () => {
  it("is the whole local day before, of 23 hours when the clock went on", () => {
    expect(period(daily("09:00"), "Europe/Berlin", "2026-03-30T07:00:00Z")).toEqual([
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
    ]);
  });

  it("is seven local days before, an hour longer when the clock went back", () => {
    expect(period(weekly(1, "09:00"), "Europe/Berlin", "2026-10-26T08:00:00Z")).toEqual([
      "2026-10-18T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
    ]);
  });
});
