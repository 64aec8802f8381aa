import { expect, it } from "vitest";
import { retryAfterMs } from "#net/retry-after.ts";

const now = Date.parse("2026-01-15T12:00:00Z");

it.each([
  ["120", null, 120_000],
  ["0", null, 0],
  ["1.5", null, 1500],
  ["99999999", null, 86_400_000],
  ["Thu, 15 Jan 2026 12:00:30 GMT", null, 30_000],
  ["Thu, 15 Jan 2026 11:00:00 GMT", null, 0],
  ["Thu, 15 Jan 2026 12:05:30 GMT", "Thu, 15 Jan 2026 12:05:00 GMT", 30_000],
  ["soon", null, null],
  ["", null, null],
])("Retry-After %j with Date %j asks for %s ms", (value, date, expected) => {
  expect(retryAfterMs({ "retry-after": value, ...(date === null ? {} : { date }) }, now)).toBe(expected);
});

it("a reply without the header asks for nothing", () => {
  expect(retryAfterMs({}, now)).toBeNull();
});
