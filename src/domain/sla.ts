import { z } from "zod";

/** Working hours of the people who answer: split shifts are two entries; minutes of the local day. */
export const businessHoursSchema = z
  .array(
    z.strictObject({
      days: z.array(z.number().int().min(1).max(7)).min(1).describe("ISO weekdays, 1 is Monday"),
      from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
      to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
    }),
  )
  .max(20)
  .refine(shifts => shifts.every(({ from, to }) => from < to), "each shift must end after it begins");
export type BusinessHours = z.infer<typeof businessHoursSchema>;

const dayMs = 86_400_000;
const longestDays = 400;

/**
 * The instant at which `workingMs` of working time have passed since `start`. Without business hours the
 * clock never stops. Shifts are local times of `timezone`, across its changes of offset.
 */
export function dueAt(start: Date, workingMs: number, hours: BusinessHours | null, timezone: string): Date {
  if (hours === null || hours.length === 0) return new Date(start.getTime() + workingMs);
  let left = workingMs;
  const local = localDay(start, timezone);
  for (let offset = 0; offset < longestDays; offset++) {
    for (const shift of shiftsOn(local, offset, hours, timezone)) {
      const from = Math.max(shift.from, start.getTime());
      const open = Math.max(0, shift.to - from);
      if (open >= left) return new Date(from + left);
      left -= open;
    }
  }
  return new Date(start.getTime() + longestDays * dayMs);
}

interface Shift {
  from: number;
  to: number;
}

/** Shifts of the local day `offset` days after `first` as instants, joined where they overlap, in order. */
function shiftsOn(first: Date, offset: number, hours: BusinessHours, timezone: string): Shift[] {
  const day = new Date(first.getTime() + offset * dayMs);
  const weekday = day.getUTCDay() || 7;
  const shifts = hours
    .filter(({ days }) => days.includes(weekday))
    .map(({ from, to }) => ({ from: instant(day, from, timezone), to: instant(day, to, timezone) }))
    .sort((a, b) => a.from - b.from);
  const joined: Shift[] = [];
  for (const shift of shifts) {
    const last = joined.at(-1);
    if (last && shift.from <= last.to) last.to = Math.max(last.to, shift.to);
    else joined.push(shift);
  }
  return joined;
}

/** Midnight UTC of the date that the zone's calendar shows at `at`. */
function localDay(at: Date, timezone: string): Date {
  const local = new Date(at.getTime() + offsetMs(at.getTime(), timezone));
  return new Date(Math.floor(local.getTime() / dayMs) * dayMs);
}

/** The instant of a local wall time; in a gap it is the moment after, in an overlap the first of the two. */
function instant(day: Date, time: string, timezone: string): number {
  const [hour, minute] = time.split(":").map(Number) as [number, number];
  const wall = day.getTime() + (hour * 60 + minute) * 60_000;
  const before = wall - offsetMs(wall - dayMs / 2, timezone);
  if (before + offsetMs(before, timezone) === wall) return before;
  const after = wall - offsetMs(wall + dayMs / 2, timezone);
  return after + offsetMs(after, timezone) === wall ? after : Math.max(before, after);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's wall clock is ahead of UTC at an instant, in ms. */
function offsetMs(at: number, timezone: string): number {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
    formats.set(timezone, format);
  }
  const name = format.formatToParts(at).find(part => part.type === "timeZoneName")?.value ?? "GMT";
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name);
  if (!match) return 0;
  const [, sign, hour, minute, second = "0"] = match;
  return (
    (sign === "-" ? -1 : 1) * (Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1_000)
  );
}
