import { z } from "zod";
import { openZone } from "./zone.ts";

const time = /^([01]\d|2[0-3]):[0-5]\d$/;
const shift = {
  from: z.string().regex(time),
  to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
};
const forward = (shifts: readonly { from: string; to: string }[]) =>
  shifts.every(({ from, to }) => from < to);
const backward = "each shift must end after it begins; a night is two shifts";

/** Working hours of the people who answer: split shifts are two entries; minutes of the local day. */
export const businessHoursSchema = z
  .array(
    z.strictObject({
      days: z.array(z.number().int().min(1).max(7)).min(1).describe("ISO weekdays, 1 is Monday"),
      ...shift,
    }),
  )
  .max(20)
  .refine(forward, backward);
export type BusinessHours = z.infer<typeof businessHoursSchema>;

const holidaySchema = z.strictObject({
  date: z.iso.date(),
  lastDate: z.iso.date().optional().describe("the last day of several, included"),
  shifts: z
    .array(z.strictObject(shift))
    .max(20)
    .refine(forward, backward)
    .describe("hours worked on these days, such as a shortened day; empty: a day off"),
});
const mostHolidays = 400;

/** Days that differ from the week: without shifts they are off, with shifts they are worked so. */
export const holidaysSchema = z.array(holidaySchema).max(mostHolidays);
export type Holidays = z.infer<typeof holidaysSchema>;

/** The same as people give them. */
export const holidaysInputSchema = z
  .array(
    holidaySchema
      .extend({ shifts: holidaySchema.shape.shifts.default([]) })
      .refine(({ date, lastDate }) => lastDate === undefined || date <= lastDate, {
        message: "lastDate must not be before date",
        path: ["lastDate"],
      }),
  )
  .max(mostHolidays);

/** When the clock may run. All times in ms; instants since the epoch. */
export interface Calendar {
  /** Working time between two instants; 0 when they are the wrong way round. */
  between(from: number, to: number): number;
  /** The instant at which so much working time has passed since `start`. */
  after(start: number, workingMs: number): number;
}

/** A clock that never stops. */
export const roundTheClock: Calendar = {
  between: (from, to) => Math.max(0, to - from),
  after: (start, workingMs) => start + workingMs,
};

const dayMs = 86_400_000;
/** Where a calendar has no working time for so long, the clock ends there. */
const longestDays = 3_660;

/**
 * Working time of a week with its exceptions in a zone, across the zone's changes of offset: shifts are wall
 * times, so a day may be longer or shorter. Without business hours the clock never stops.
 */
export function openCalendar(hours: BusinessHours | null, holidays: Holidays, timezone: string): Calendar {
  if (hours === null || hours.length === 0) return roundTheClock;
  const zone = openZone(timezone);
  const week = [1, 2, 3, 4, 5, 6, 7].map(weekday => hours.filter(({ days }) => days.includes(weekday)));
  const exceptions = holidays.map(({ date, lastDate = date, shifts }) => ({
    first: dayOf(date),
    last: dayOf(lastDate),
    shifts,
  }));
  const known = new Map<number, readonly Span[]>();
  const spansOf = (day: number): readonly Span[] => {
    let spans = known.get(day);
    if (spans === undefined) {
      const exception = exceptions.find(({ first, last }) => first <= day && day <= last);
      const shifts = exception?.shifts ?? week[(((day + 3) % 7) + 7) % 7] ?? [];
      spans = joined(
        shifts.map(({ from, to }) => ({
          from: zone.instant(day, wallMs(from)),
          to: zone.instant(day, wallMs(to)),
        })),
      );
      known.set(day, spans);
    }
    return spans;
  };
  // A day more on either side: where the clock goes back at midnight, a date comes twice.
  return {
    between: (from, to) => {
      let sum = 0;
      if (to <= from) return sum;
      for (let day = zone.dayAt(from) - 1, last = zone.dayAt(to) + 1; day <= last; day++)
        for (const span of spansOf(day))
          sum += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
      return sum;
    },
    after: (start, workingMs) => {
      let left = workingMs;
      const first = zone.dayAt(start) - 1;
      for (let day = first; day < first + longestDays; day++) {
        for (const span of spansOf(day)) {
          const from = Math.max(span.from, start);
          const open = Math.max(0, span.to - from);
          if (open > 0 && open >= left) return from + left;
          left -= open;
        }
      }
      return start + longestDays * dayMs;
    },
  };
}

interface Span {
  from: number;
  to: number;
}

/** Shifts of a day in order, joined where they overlap; what a gap of the wall clock swallowed is left out. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else if (span.from < span.to) result.push({ ...span });
  }
  return result;
}

function wallMs(text: string): number {
  const [hour, minute] = text.split(":").map(Number) as [number, number];
  return (hour * 60 + minute) * 60_000;
}

const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / dayMs;
