import { monthNames, weekdayNames } from "./date-words.ts";
import { fullYear, isPlausible, type ReadClock, readDate, readTime, tidyDate, toInstant } from "./dates.ts";
import { instantInZone, type midnight, plusDays, wallClockIn, weekdayOf } from "./wall-clock.ts";

/** Where and when a text is read: relative words count from `now`, clocks are the zone's. */
export interface Reading {
  now: Date;
  timeZone: string;
  /** How this site writes 04-09-2005: "day" (the default) or "month" first. A number over 12 settles it by itself. */
  first?: "day" | "month";
}

/**
 * Reads a date printed for people, in Russian or English: "сегодня, 13:24", "вчера", "5 минут назад", "в понедельник
 * в 12:30", "5 августа 2014 г. в 12:00", "5 августа" (the latest one not in the future), "22.04.18 в 23:19", and
 * all that {@link readDate} reads. A day without a time begins at midnight; null for what is not understood.
 */
export function readPrintedDate(text: string | null | undefined, reading: Reading): Date | null {
  const tidy = tidyDate(text ?? "").toLowerCase();
  if (tidy === "" || tidy.length > 100) return null;
  for (const read of [readAgo, readDayWord, readDotted, readWithoutYear]) {
    const instant = read(tidy, reading);
    if (instant !== null) return isPlausible(instant) ? instant : null;
  }
  return readDate(tidy, reading.timeZone);
}

type Unit = "second" | "minute" | "hour" | "day" | "week" | "month" | "year";

const unitStems: readonly (readonly [RegExp, Unit])[] = [
  [/^(?:с|сек|секунд[ауы]?|s|sec|secs|seconds?)$/, "second"],
  [/^(?:м|мин|минут[ауы]?|m|min|mins|minutes?)$/, "minute"],
  [/^(?:ч|час|часа|часов|h|hr|hrs|hours?)$/, "hour"],
  [/^(?:д|дн|день|дня|дней|d|days?)$/, "day"],
  [/^(?:н|нед|недел[яюиь]|w|wk|weeks?)$/, "week"],
  [/^(?:мес|месяц|месяца|месяцев|mo|months?)$/, "month"],
  [/^(?:г|год|года|лет|л|y|yr|yrs|years?)$/, "year"],
];

const unitMs: Partial<Record<Unit, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

const numberWords = new Map(
  Object.entries({
    a: 1,
    an: 1,
    one: 1,
    один: 1,
    одну: 1,
    два: 2,
    две: 2,
    three: 3,
    two: 2,
    три: 3,
    четыре: 4,
    пять: 5,
    шесть: 6,
    семь: 7,
    восемь: 8,
    девять: 9,
    десять: 10,
  }),
);

const justNow =
  /^(?:только что|сейчас|прямо сейчас|just now|now|a moment ago|меньше минуты(?: назад)?|less than a minute ago|(?:несколько|a few) (?:секунд|seconds) (?:назад|ago))$/;

/** "2 часа 5 минут назад": the moment of reading minus that much; months and years by the calendar. */
function readAgo(text: string, { now }: Reading): Date | null {
  if (justNow.test(text)) return now;
  const ago = /^(?:около |примерно |about )?(.{1,50}?) ?(?:назад|тому назад|ago)$/.exec(text)?.[1];
  if (ago === undefined) return null;
  if (ago === "полчаса") return new Date(now.getTime() - 30 * 60_000);
  const parts = ago.replace(/(\d)(\p{L})/gu, "$1 $2").split(/[ ,]+(?:и |and )?/);
  return subtract(now, parts);
}

function subtract(now: Date, words: readonly string[]): Date | null {
  let instant: Date | null = now;
  let count = 1;
  let understood = false;
  for (const word of words) {
    const number = numberWords.get(word) ?? (/^\d{1,4}$/.test(word) ? Number(word) : null);
    const unit = unitStems.find(([stem]) => stem.test(word.replace(/\.$/, "")))?.[1];
    understood = unit !== undefined;
    if (number !== null) count = number;
    else if (unit === undefined) return null;
    else {
      instant = minus(instant, count, unit);
      count = 1;
    }
  }
  return understood ? instant : null;
}

function minus(instant: Date, count: number, unit: Unit): Date {
  const length = unitMs[unit];
  if (length !== undefined) return new Date(instant.getTime() - count * length);
  const months = unit === "year" ? count * 12 : count;
  const day = instant.getUTCDate();
  const shifted = new Date(instant);
  shifted.setUTCDate(1);
  shifted.setUTCMonth(shifted.getUTCMonth() - months);
  const lastDay = new Date(Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth() + 1, 0)).getUTCDate();
  shifted.setUTCDate(Math.min(day, lastDay));
  return shifted;
}

const dayWords = new Map(Object.entries({ сегодня: 0, today: 0, вчера: 1, yesterday: 1, позавчера: 2 }));

const clockText = String.raw`(?:,? ?(?:в|во|at|,)? ?(\d{1,2}):(\d\d)(?::(\d\d))? ?([ap]\.?m\.?)?)?`;
const dayAndTime = new RegExp(`^(?:в |во |on )?(\\p{L}{2,12})(?: в| at)?${clockText}$`, "u");

/** "вчера в 13:24", "в понедельник, 12:30": the latest such day up to now. */
function readDayWord(text: string, { now, timeZone }: Reading): Date | null {
  const [, word = "", hour, minute, second, half] = dayAndTime.exec(text) ?? [];
  const today = wallClockIn(now, timeZone);
  const weekday = weekdayNames.get(word);
  const daysAgo = dayWords.get(word) ?? (weekday === undefined ? null : (weekdayOf(today) - weekday + 7) % 7);
  if (daysAgo === null) return null;
  const clock = { ...plusDays(today, -daysAgo), ...readTime({ hour, minute, second, half }) };
  const instant = instantInZone(clock, timeZone);
  const isAhead = weekday !== undefined && instant !== null && instant > now;
  return isAhead ? instantInZone(plusDays(clock, -7), timeZone) : instant;
}

const dotted = new RegExp(
  `^(?:\\p{L}{2,12}\\.?,? )?(\\d{1,2})([./-]) ?(\\d{1,2})\\2 ?(\\d{4}|\\d\\d)(?: ?г\\.?)?${clockText}$`,
  "u",
);

/** "22.04.18 в 23:19", "04-09-2005, 06:46 PM". */
function readDotted(text: string, { timeZone, first = "day" }: Reading): Date | null {
  const match = dotted.exec(text);
  if (match === null) return null;
  const [, one, , two, year = "", hour, minute, second, half] = match;
  const isMonthFirst = Number(two) > 12 || (first === "month" && Number(one) <= 12);
  const [day, month] = isMonthFirst ? [Number(two), Number(one)] : [Number(one), Number(two)];
  const clock = { year: fullYear(year), month, day, ...readTime({ hour, minute, second, half }) };
  return instantInZone(clock, timeZone);
}

const withoutYear = new RegExp(
  `^(?:(\\d{1,2}) (\\p{L}{3,10})|(\\p{L}{3,10}) (\\d{1,2}))\\.?${clockText}$`,
  "u",
);

/** "5 августа, 12:00": sites leave out the running year, so it is the latest such day that is not ahead. */
function readWithoutYear(text: string, { now, timeZone }: Reading): Date | null {
  const [, day1, name1, name2, day2, hour, minute, second, half] = withoutYear.exec(text) ?? [];
  const month = monthNames.get(name1 ?? name2 ?? "");
  if (month === undefined) return null;
  const day = Number(day1 ?? day2);
  const time = readTime({ hour, minute, second, half });
  const at = (year: number): Date | null => toInstant(withTime(year, month, day, time), timeZone);
  const { year } = wallClockIn(now, timeZone);
  return (
    [year, year - 1, year - 2, year - 3, year - 4]
      .map(at)
      .find(instant => instant !== null && instant <= now) ?? null
  );
}

const withTime = (
  year: number,
  month: number,
  day: number,
  time: typeof midnight | ReturnType<typeof readTime>,
): ReadClock => ({
  clock: { year, month, day, ...time },
  offsetMinutes: null,
});
