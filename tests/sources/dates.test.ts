import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDate, readEpoch } from "#sources/dates.ts";
import { readPrintedDate } from "#sources/printed-dates.ts";
import { instantInZone, wallClockIn } from "#sources/wall-clock.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";

const iso = (date: Date | null): string | null => date?.toISOString().replace(".000Z", "Z") ?? null;

describe("a date written for machines", () => {
  test.each([
    ["2020-01-02T15:04:05Z", "2020-01-02T15:04:05Z"],
    ["2020-01-02t15:04:05.123456789+03", "2020-01-02T12:04:05.123Z"],
    ["20200102T150405+0300", "2020-01-02T12:04:05Z"],
    ["2020-01-02 15:04", "2020-01-02T15:04:00Z"],
    ["2020/1/2 5:04:05", "2020-01-02T05:04:05Z"],
    ["2020-06-15", "2020-06-15T00:00:00Z"],
    ["Sat, 07 Sep 2002 00:00:01 GMT", "2002-09-07T00:00:01Z"],
    ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"],
    ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"],
    ["Sun Nov 6 08:49:37 MSK 1994", "1994-11-06T05:49:37Z"],
    ["Mon, 2 Jan 2006 15:04:05 PST8PDT", "2006-01-02T23:04:05Z"],
    ["2 Jan 06 15:04 EST", "2006-01-02T20:04:00Z"],
    ["Tue, 3 Mar 2020 9:05:00 GMT+03:00", "2020-03-03T06:05:00Z"],
    ["Jan 2, 2006, 3:04 PM", "2006-01-02T15:04:00Z"],
    ["Вт, 5 авг. 2014 12:00:00 +0300 (MSK)", "2014-08-05T09:00:00Z"],
    ["15 Jun 2020 24:00 +0000", "2020-06-16T00:00:00Z"],
    ["Wed, 31 Dec 2008 23:59:60 GMT", "2008-12-31T23:59:59Z"],
  ])("%s", (text, expected) => {
    expect(iso(readDate(text))).toBe(expected);
  });

  test("ignores a weekday that is wrong or foreign", () => {
    expect(iso(readDate("Mon, 07 Sep 2002 00:00:01 GMT"))).toBe("2002-09-07T00:00:01Z");
    expect(iso(readDate("Xyz, 07 Sep 2002 00:00:01 GMT"))).toBe("2002-09-07T00:00:01Z");
  });

  test("takes an unknown zone name for the zone of the text", () => {
    expect(iso(readDate("15 Jun 2020 10:00:00 XYZ"))).toBe("2020-06-15T10:00:00Z");
    expect(iso(readDate("15 Jun 2020 10:00:00", "Europe/Moscow"))).toBe("2020-06-15T07:00:00Z");
  });

  test.each([
    "",
    "soon",
    "2003",
    "2003-12",
    "31 Feb 2020",
    "2020-13-01",
    "15 Jun 2020 25:00",
    "0000-00-00 00:00:00",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "2020-06-15T10:00:00 by someone",
    "15 Jun 2020 10:00 +99:00",
  ])("invents nothing from %j", text => {
    expect(readDate(text)).toBeNull();
  });

  test("seconds and milliseconds since 1970 are told apart", () => {
    expect(iso(readEpoch(1_600_000_000))).toBe("2020-09-13T12:26:40Z");
    expect(iso(readEpoch("1600000000000"))).toBe("2020-09-13T12:26:40Z");
    expect([readEpoch(0), readEpoch(Number.NaN), readEpoch("12"), readEpoch(null), readEpoch(1e300)]).toEqual(
      [null, null, null, null, null],
    );
  });
});

describe("a date printed for people", () => {
  /** A Wednesday, 15:00 in Moscow. */
  const reading = { now: new Date("2026-05-20T12:00:00Z"), timeZone: "Europe/Moscow" };

  test.each([
    ["Сегодня, 13:24", "2026-05-20T10:24:00Z"],
    ["сегодня в 13:24", "2026-05-20T10:24:00Z"],
    ["вчера", "2026-05-18T21:00:00Z"],
    ["Вчера в 0:05", "2026-05-18T21:05:00Z"],
    ["позавчера 10:00", "2026-05-18T07:00:00Z"],
    ["Yesterday at 5:31 PM", "2026-05-19T14:31:00Z"],
    ["5 минут назад", "2026-05-20T11:55:00Z"],
    ["час назад", "2026-05-20T11:00:00Z"],
    ["полчаса назад", "2026-05-20T11:30:00Z"],
    ["2 ч. 21 мин. назад", "2026-05-20T09:39:00Z"],
    ["two days ago", "2026-05-18T12:00:00Z"],
    ["3 месяца назад", "2026-02-20T12:00:00Z"],
    ["только что", "2026-05-20T12:00:00Z"],
    ["в понедельник в 12:30", "2026-05-18T09:30:00Z"],
    ["Wednesday at 2:59 PM", "2026-05-20T11:59:00Z"],
    ["Wednesday at 3:01 PM", "2026-05-13T12:01:00Z"],
    ["22.04.18 в 23:19", "2018-04-22T20:19:00Z"],
    ["21.01.2009, 05:42", "2009-01-21T02:42:00Z"],
    ["29-04-2009 10:53 PM", "2009-04-29T18:53:00Z"],
    ["04-29-2009 10:53 PM", "2009-04-29T18:53:00Z"],
    ["5 августа 2014 г. в 12:00", "2014-08-05T08:00:00Z"],
    ["19 мая, 23:00", "2026-05-19T20:00:00Z"],
    ["21 мая, 23:00", "2025-05-21T20:00:00Z"],
    ["29 февраля", "2024-02-28T21:00:00Z"],
    ["2026-05-20T10:00:00Z", "2026-05-20T10:00:00Z"],
    ["Ср, 20 мая 2026 14:00", "2026-05-20T11:00:00Z"],
  ])("%s", (text, expected) => {
    expect(iso(readPrintedDate(text, reading))).toBe(expected);
  });

  test("reads 04-09-2005 as the site writes it", () => {
    expect(iso(readPrintedDate("04-09-2005", { ...reading, first: "month" }))).toBe("2005-04-08T20:00:00Z");
    expect(iso(readPrintedDate("04-09-2005", reading))).toBe("2005-09-03T20:00:00Z");
  });

  test.each([
    "",
    "давно",
    "назад",
    "5 назад",
    "5 слонов назад",
    "32.01.2020",
    "послезавтра",
    "1394/11/27, 00:31",
    "в 12:30",
  ])("invents nothing from %j", text => {
    expect(readPrintedDate(text, reading)).toBeNull();
  });

  test("never throws and never reads the clock", () => {
    const property = fc.property(fc.string({ unit: "grapheme", maxLength: 120 }), text => {
      const first = readPrintedDate(text, reading);
      expect(readPrintedDate(text, reading)).toEqual(first);
    });
    fc.assert(property, { numRuns: 300 });
  });
});

test("a wall clock in a zone is the instant that shows it there", () => {
  const instants = fc.date({ min: new Date("1990-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
  const zones = fc.constantFrom(
    "Europe/Moscow",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "UTC",
  );
  fc.assert(
    fc.property(instants, zones, (instant, zone) => {
      const shown = wallClockIn(instant, zone);
      const back = instantInZone(shown, zone);
      expect(back && wallClockIn(back, zone)).toEqual(shown);
    }),
    { numRuns: 100 },
  );
});

interface SuiteCase {
  args: [text: string, expected?: { $py: string }];
  kw: { ago?: Record<string, number> };
}

const suite = "suites/sites/dateparser-cyrillic-cases.json";

describeShared("the Russian cases of dateparser", suite, () => {
  const cases = readSharedJson<Record<string, SuiteCase[]>>(suite);
  /** Each group begins with its Russian cases; `next` is its first one in another language. */
  const russian = (group: string, next: string): SuiteCase[] => {
    const all = cases[group] ?? [];
    return all.slice(
      0,
      all.findIndex(({ args }) => args[0] === next),
    );
  };

  test("absolute dates come out exactly", () => {
    const now = new Date("2012-11-13T00:00:00Z");
    const checked = russian("test_date_parser::test_dates_parsing", "11 траўня");
    expect(checked.length).toBe(19);
    for (const { args } of checked) {
      const [year = 0, month = 1, day, hour = 0, minute = 0] = (args[1]?.$py.match(/\d+/g) ?? []).map(Number);
      const expected = iso(new Date(Date.UTC(year, month - 1, day, hour, minute)));
      expect([args[0], iso(readPrintedDate(args[0], { now, timeZone: "UTC" }))]).toEqual([args[0], expected]);
    }
  });

  test("relative dates come out exactly; a span that says no direction, or ends before history, is no date", () => {
    const now = new Date("2014-09-01T10:30:00Z");
    const checked = russian("test_freshness_date_parser::test_relative_past_dates", "сёння");
    expect(checked.length).toBe(16);
    for (const { args, kw } of checked) {
      const isDay = /сегодня|вчера/i.test(args[0]);
      const isDate = isDay || (/назад/.test(args[0]) && !args[0].startsWith("2001"));
      const read = iso(readPrintedDate(args[0], { now, timeZone: "UTC" }))?.slice(0, isDay ? 10 : 30);
      const expected = isDate ? iso(before(now, kw.ago ?? {}))?.slice(0, isDay ? 10 : 30) : undefined;
      expect([args[0], read]).toEqual([args[0], expected]);
    }
  });
});

const unitSeconds: Record<string, number> = {
  days: 86_400,
  hours: 3600,
  minutes: 60,
  seconds: 1,
  weeks: 604_800,
};

function before(now: Date, { years = 0, months = 0, ...lengths }: Record<string, number>): Date {
  const date = new Date(now);
  date.setUTCMonth(date.getUTCMonth() - months - years * 12);
  for (const [unit, count] of Object.entries(lengths)) {
    date.setTime(date.getTime() - count * (unitSeconds[unit] ?? Number.NaN) * 1000);
  }
  return date;
}
