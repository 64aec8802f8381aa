import { describe, expect, it } from "vitest";
import { moreOf, ratingOf, timeOf, titleOf } from "#channels/wording.ts";

const kinds = [
  "negative-mention",
  "spike",
  "sla",
  "serp-entry",
  "keyword",
  "source-health",
  "rating-drop",
  "other",
];

describe("Russian numbers", () => {
  it.each([
    ["negative-mention", 1, "и ещё 1 негативное упоминание"],
    ["negative-mention", 2, "и ещё 2 негативных упоминания"],
    ["negative-mention", 5, "и ещё 5 негативных упоминаний"],
    ["negative-mention", 11, "и ещё 11 негативных упоминаний"],
    ["negative-mention", 37, "и ещё 37 негативных упоминаний"],
    ["negative-mention", 101, "и ещё 101 негативное упоминание"],
    ["sla", 22, "и ещё 22 нарушения срока ответа"],
    ["source-health", 4, "и ещё 4 сбоя источников"],
    ["keyword", 21, "и ещё 21 упоминание с ключевым словом"],
    ["something-new", 3, "и ещё 3 оповещения"],
    ["__proto__", 5, "и ещё 5 оповещений"],
  ])("agree with the noun: %s, %d", (kind, count, text) => expect(moreOf("ru", kind, count)).toBe(text));
});

describe("English numbers", () => {
  it.each([
    [1, "and 1 more negative mention"],
    [37, "and 37 more negative mentions"],
    [1000, "and 1,000 more negative mentions"],
  ])("agree with the noun: %d", (count, text) => expect(moreOf("en", "negative-mention", count)).toBe(text));
});

it.each(kinds)("The title of %s begins with a capital and has its own words in both languages", kind => {
  expect(titleOf("ru", kind, 1)).toMatch(/^[А-Я][а-яё ]+$/);
  expect(titleOf("en", kind, 1)).toMatch(/^[A-Z][a-z ]+$/);
  expect(kind === "other" || titleOf("ru", kind, 1) !== titleOf("ru", "other", 1)).toBe(true);
});

it("Ratings and times are written as the reader writes them", () => {
  expect(ratingOf("ru", { value: 1.5, scale: 5 })).toBe("1,5 из 5");
  expect(ratingOf("en", { value: 1.5, scale: 5 })).toBe("1.5 of 5");
  const at = new Date("2026-11-20T22:14:03.000Z");
  expect(timeOf("ru", at)).toBe("20 ноября 2026 г. в 22:14 UTC");
  expect(timeOf("en", at)).toBe("20 November 2026 at 22:14 UTC");
});
