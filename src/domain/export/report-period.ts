import { nextWallTime, type WallTimes } from "#domain/wall-times.ts";
import { openZone } from "#domain/zone.ts";

/** When a report goes next after an instant. */
export const nextReportAt = (times: WallTimes, timezone: string, after: Date): Date =>
  new Date(nextWallTime(times, openZone(timezone), after.getTime()));

/**
 * The last time at or before `now` at which a report due at `dueAt` was to go: what was missed in between is
 * told once, by the latest of them.
 */
export function latestReportAt(times: WallTimes, timezone: string, dueAt: Date, now: Date): Date {
  const zone = openZone(timezone);
  let latest = dueAt.getTime();
  for (let next = latest; next <= now.getTime(); next = nextWallTime(times, zone, next)) latest = next;
  return new Date(latest);
}

/** The whole local day, or seven of them, before the day on which a report goes; the end is exclusive. */
export function reportPeriod({ every }: WallTimes, timezone: string, at: Date): { from: Date; to: Date } {
  const zone = openZone(timezone);
  const day = zone.dayAt(at.getTime());
  return {
    from: new Date(zone.instant(day - (every === "weekly" ? 7 : 1), 0)),
    to: new Date(zone.instant(day, 0)),
  };
}
