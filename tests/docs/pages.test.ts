import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { titles } from "#api/problem.ts";
import { readConfig } from "#pipeline/apply/read.ts";
import { codeWords, problemWords } from "./error-words.ts";
import { codesInSource, pages, root } from "./pages.ts";

const made = await pages();

describe("pages made from the code", () => {
  it.each(Object.keys(made))("%s has not drifted: npm run docs writes it anew", path => {
    expect(readFileSync(root + path, "utf8") === made[path]).toBe(true);
  });

  it("explain every problem type of the API and no other", () => {
    expect(Object.keys(problemWords).toSorted()).toEqual(Object.keys(titles).toSorted());
  });

  it("explain every error code and no other", () => {
    expect(codesInSource().length).toBeGreaterThan(15);
    expect(Object.keys(codeWords).toSorted()).toEqual(codesInSource());
  });
});

describe("config/molva.example.yaml", () => {
  const text = readFileSync(`${root}config/molva.example.yaml`, "utf8");

  it("is what apply takes", () => {
    const { brands, sources, channels, rules } = readConfig(text, () => "unset");
    expect([brands, sources, channels, rules].map(list => list.length)).toEqual([2, 2, 1, 2]);
  });
});
