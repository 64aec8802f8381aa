/** A date and time as a clock on the wall shows it; months count from 1. */
export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

export const midnight = { hour: 0, minute: 0, second: 0, millisecond: 0 } as const;

/** The instant when clocks `offsetMinutes` east of Greenwich show this; null when there is no such date or time. */
export function instantAtOffset(clock: WallClock, offsetMinutes: number): Date | null {
  const utcMs = utcMsOf(clock);
  return utcMs === null || Math.abs(offsetMinutes) > 18 * 60
    ? null
    : new Date(utcMs - offsetMinutes * 60_000);
}

/**
 * The instant when clocks in an IANA zone show this; null when there is no such date. A time that a zone skips or
 * repeats is read with the offset from before the change.
 */
export function instantInZone(clock: WallClock, timeZone: string): Date | null {
  const utcMs = utcMsOf(clock);
  if (utcMs === null) return null;
  const before = offsetMsAt(utcMs - 86_400_000, timeZone);
  const after = offsetMsAt(utcMs + 86_400_000, timeZone);
  const guesses = [utcMs - before, utcMs - after];
  const fitting = guesses.find(guess => guess + offsetMsAt(guess, timeZone) === utcMs);
  return new Date(fitting ?? utcMs - before);
}

/** What clocks in an IANA zone show at an instant. */
export function wallClockIn(instant: Date, timeZone: string): WallClock {
  const local = new Date(instant.getTime() + offsetMsAt(instant.getTime(), timeZone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
}

/** The same clock some days later (or earlier), months and years carried. */
export function plusDays(clock: WallClock, days: number): WallClock {
  const date = new Date(Date.UTC(clock.year, clock.month - 1, clock.day + days));
  return { ...clock, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export function weekdayOf(clock: WallClock): number {
  return new Date(Date.UTC(clock.year, clock.month - 1, clock.day)).getUTCDay();
}

/** The clock read as if it stood in Greenwich; 24:00 and a leap second are taken, the 31st of February is not. */
function utcMsOf(clock: WallClock): number | null {
  const { year, month, day, hour, minute, millisecond } = clock;
  const second = Math.min(clock.second, 59);
  const timeFits = hour <= (minute === 0 && second === 0 ? 24 : 23) && minute <= 59 && clock.second <= 60;
  const date = new Date(Date.UTC(year, month - 1, day));
  const dateFits = year >= 100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return timeFits && dateFits
    ? date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
    : null;
}

function offsetMsAt(utcMs: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset", year: "numeric" });
  const name = format.formatToParts(utcMs).find(part => part.type === "timeZoneName")?.value ?? "GMT";
  const [, sign = "+", hours = "0", minutes = "0"] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
