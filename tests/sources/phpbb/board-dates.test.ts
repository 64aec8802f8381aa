import { describe, expect, test } from "vitest";
import { readBoardDate } from "#sources/phpbb/board-dates.ts";

const reading = { now: new Date("2026-05-20T12:00:00Z"), timeZone: "UTC" };

describe("a date that a board prints", () => {
  test.each([
    ["Ven 7 Oct 2011 08:23", "2011-10-07T08:23Z"],
    ["Mar 14 Aoû 2012 21:05", "2012-08-14T21:05Z"],
    ["21.01.2009, 05:42", "2009-01-21T05:42Z"],
    ["Fr 7. Okt 2011, 08:23", "2011-10-07T08:23Z"],
    ["Mi 3. Mär 2010, 10:00", "2010-03-03T10:00Z"],
    ["Tue Jul 02, 2024 3:19 am", "2024-07-02T03:19Z"],
    ["12 май 2024, 10:05", "2024-05-12T10:05Z"],
    ["czwartek, 28 lutego 2008, 21:42", "2008-02-28T21:42Z"],
    ["02 Sierpnia 2012", "2012-08-02T00:00Z"],
    ["14. 1. 2007 22:02", "2007-01-14T22:02Z"],
    ["22 de febrero de 2012 10:30", "2012-02-22T10:30Z"],
    ["19 тра 2026, 10:00", "2026-05-19T10:00Z"],
    ["Hier, 14:02", "2026-05-19T14:02Z"],
    ["Aujourd’hui, 09:00", "2026-05-20T09:00Z"],
    ["Gestern, 23:59", "2026-05-19T23:59Z"],
    ["вчера, 13:24", "2026-05-19T13:24Z"],
  ])("%s", (text, iso) => {
    expect(readBoardDate(text, reading)).toEqual(new Date(iso));
  });

  test.each(["1394/11/27, 00:31", "6 hari-hari, 13 jam yang lalu", "dimanche dernier", "", "32 Okt 2011"])(
    "%j is not understood rather than guessed",
    text => {
      expect(readBoardDate(text, reading)).toBeNull();
    },
  );
});
