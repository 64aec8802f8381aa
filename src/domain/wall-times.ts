import type { Zone } from "./zone.ts";

/** A wall time that comes every day, or on one ISO weekday (1 is Monday). */
export interface WallTimes {
  every: "daily" | "weekly";
  weekday: number;
  /** `09:00`. */
  at: string;
}

/** The first of these times after an instant, both in ms since the epoch; a time in a gap of the clock comes at the gap. */
export function nextWallTime({ every, weekday, at: wall }: WallTimes, zone: Zone, from: number): number {
  for (let day = zone.dayAt(from); ; day++) {
    if (every === "weekly" && weekdayOf(day) !== weekday) continue;
    const at = zone.instant(day, wallMs(wall));
    if (at > from) return at;
  }
}

/** The ISO weekday of a day since the epoch: 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** `09:30` in ms after midnight. */
export function wallMs(text: string): number {
  const [hour, minute] = text.split(":").map(Number) as [number, number];
  return (hour * 60 + minute) * 60_000;
}
