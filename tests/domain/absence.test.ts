import { expect, test } from "vitest";
import { awayUntil } from "#domain/absence.ts";

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const from = (start: string, end: string) => ({ from: `2026-11-20T${start}Z`, to: `2026-11-20T${end}Z` });

test("somebody is away from the first moment of an absence until its last, which is not in it", () => {
  const absences = [from("10:00:00", "12:00:00")];
  expect(awayUntil(absences, at("09:59:59"))).toBeNull();
  expect(awayUntil(absences, at("10:00:00"))).toEqual(at("12:00:00"));
  expect(awayUntil(absences, at("11:59:59"))).toEqual(at("12:00:00"));
  expect(awayUntil(absences, at("12:00:00"))).toBeNull();
});

test("absences that touch or overlap are one, in whatever order they stand; a later one is not", () => {
  const absences = [
    from("14:00:00", "15:00:00"),
    from("11:00:00", "12:00:00"),
    from("10:00:00", "11:00:00"),
    from("10:30:00", "10:45:00"),
  ];
  expect(awayUntil(absences, at("10:15:00"))).toEqual(at("12:00:00"));
  expect(
    awayUntil([{ from: "2026-11-20T13:00:00+03:00", to: "2026-11-20T15:00:00+03:00" }], at("10:30:00")),
  ).toEqual(at("12:00:00"));
});
