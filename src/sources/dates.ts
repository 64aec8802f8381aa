import { monthNames, weekdayNames, zoneNames } from "./date-words.ts";
import { instantAtOffset, instantInZone, midnight, type WallClock } from "./wall-clock.ts";

const longestText = 100;

/**
 * Reads a date written for machines: ISO 8601 and its loose relatives, RFC 822/850, asctime, English and Russian month
 * names; a wrong weekday is ignored. A text without a zone or with an unknown zone name is in `timeZone` (UTC for feeds:
 * RFC 2822, 4.3), a day without a time begins at midnight. Null for anything less than a day or not understood.
 */
export function readDate(text: string | null | undefined, timeZone = "UTC"): Date | null {
  const tidy = tidyDate(text ?? "");
  if (tidy === "" || tidy.length > longestText) return null;
  const found = readIso(tidy) ?? readNamed(tidy);
  const instant = found === null ? null : toInstant(found, timeZone);
  return instant !== null && isPlausible(instant) ? instant : null;
}

/** Seconds or milliseconds since 1970, as a number or a text; null for what cannot be a moment of the web's life. */
export function readEpoch(value: unknown): Date | null {
  const number = typeof value === "string" && /^\d{9,13}$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return null;
  const instant = new Date(number > 1e11 ? number : number * 1000);
  return isPlausible(instant) ? instant : null;
}

/** One space between words, no direction marks, comments or "г.", a plain minus. */
export function tidyDate(text: string): string {
  return text
    .slice(0, longestText * 2)
    .replace(/[\u200b-\u200f\u202a-\u202e\ufeff]/g, "")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\s+/g, " ")
    .trim();
}

/** A wall clock with the zone that stood beside it: minutes east of Greenwich, or null for none. */
export interface ReadClock {
  clock: WallClock;
  offsetMinutes: number | null;
}

export function toInstant({ clock, offsetMinutes }: ReadClock, timeZone: string): Date | null {
  return offsetMinutes === null ? instantInZone(clock, timeZone) : instantAtOffset(clock, offsetMinutes);
}

/** 1970-01-01 is what programs print for "unknown"; years of five digits break every reader of the database. */
export const isPlausible = (instant: Date): boolean =>
  instant.getTime() > 86_400_000 * 2 && instant.getUTCFullYear() < 10_000;

const iso =
  /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|(\d\d)(\d\d))(?:(?:[T, ]{1,2}| at )(\d{1,2})(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,12}))?)?)? ?(.*))?$/i;

function readIso(text: string): ReadClock | null {
  const match = iso.exec(text);
  if (match === null) return null;
  const [, year, m1, d1, m2, d2, m3, d3, hour, minute, second, fraction, zone = ""] = match;
  const offsetMinutes = readZone(zone);
  if (offsetMinutes === undefined) return null;
  return {
    clock: {
      year: Number(year),
      month: Number(m1 ?? m2 ?? m3),
      day: Number(d1 ?? d2 ?? d3),
      ...readTime({ hour, minute, second, fraction }),
    },
    offsetMinutes,
  };
}

interface TimeTexts {
  hour?: string | undefined;
  minute?: string | undefined;
  second?: string | undefined;
  fraction?: string | undefined;
  half?: string | undefined;
}

/** Hours, minutes, seconds and the half of the day as texts; absent ones are zero. */
export function readTime({
  hour,
  minute,
  second,
  fraction,
  half,
}: TimeTexts): typeof midnight | Omit<WallClock, "year" | "month" | "day"> {
  if (hour === undefined) return midnight;
  const shown = Number(hour);
  const isAfternoon = half?.toLowerCase().startsWith("p") ?? false;
  return {
    hour: half === undefined ? shown : (shown % 12) + (isAfternoon ? 12 : 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: Math.floor(Number(`0.${fraction ?? "0"}`) * 1000),
  };
}

const time = String.raw`(?:,? ?(?:T|at|в|,)? ?(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?([ap]\.?m\.?)?)?`;
const weekday = String.raw`(?:\p{L}{2,12}\.?,? )?`;
const zone = `(?: ?(.{1,40}))?`;
const year = String.raw`(\d{4}|\d\d)(?: ?г(?:\.|ода)?)?`;

/** 2 Jan 2006 15:04:05 MST */
const dayFirst = new RegExp(
  `^${weekday}(\\d{1,2})(?:st|nd|rd|th)?[ -](\\p{L}{3,10})\\.?,?[ -]${year}${time}${zone}$`,
  "iu",
);
/** Jan 2, 2006 3:04 PM */
const monthFirst = new RegExp(
  `^${weekday}(\\p{L}{3,10})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? ${year}${time}${zone}$`,
  "iu",
);
/** Mon Jan 2 15:04:05 MST 2006 */
const yearLast = new RegExp(`^${weekday}(\\p{L}{3,10}) (\\d{1,2})${time}(?: (.{1,40}?))? (\\d{4})$`, "iu");

function readNamed(text: string): ReadClock | null {
  const named = dayFirst.exec(text);
  if (named !== null) {
    const [, day, month, shownYear, ...rest] = named;
    return assemble({ day, month, year: shownYear }, rest);
  }
  const asctime = yearLast.exec(text);
  if (asctime !== null && asctime[3] !== undefined) {
    const [, month, day, ...rest] = asctime;
    return assemble({ day, month, year: rest[6] }, rest);
  }
  const american = monthFirst.exec(text);
  if (american === null) return null;
  const [, month, day, shownYear, ...rest] = american;
  return assemble({ day, month, year: shownYear }, rest);
}

type Found = string | undefined;

function assemble(date: { day: Found; month: Found; year: Found }, rest: readonly Found[]): ReadClock | null {
  const month = monthNames.get(date.month?.toLowerCase() ?? "");
  if (month === undefined || date.year === undefined) return null;
  const [hour, minute, second, fraction, half, zoneText = ""] = rest;
  const offsetMinutes = readZone(zoneText);
  if (offsetMinutes === undefined) return null;
  return {
    clock: {
      year: fullYear(date.year),
      month,
      day: Number(date.day),
      ...readTime({ hour, minute, second, fraction, half }),
    },
    offsetMinutes,
  };
}

/** Two-digit years are of the web's age: 70…99 of the last century, the rest of this one. */
export function fullYear(text: string): number {
  const number = Number(text);
  if (text.length > 2) return number;
  return number + (number >= 70 ? 1900 : 2000);
}

const zoneOffset = /^(?:GMT|UTC|UT|Z)? ?([+-])(\d{1,2}):?(\d\d)?(?: ?\(.*\))?$/i;
const zoneWord = /^\(?([\p{L}]{1,5})(?:\d[\p{L}]{3})?\)?$/u;

/** Minutes east of Greenwich; null when no zone or an unknown name stands there, undefined when it is no zone at all. */
function readZone(text: string): number | null | undefined {
  const tidy = text.trim();
  if (tidy === "" || weekdayNames.has(tidy.replace(/^, ?/, "").toLowerCase())) return null;
  const offset = zoneOffset.exec(tidy);
  if (offset === null) {
    const word = zoneWord.exec(tidy)?.[1];
    return word === undefined ? undefined : (zoneNames.get(word.toUpperCase()) ?? null);
  }
  const [, sign, hours, minutes = "0"] = offset;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
