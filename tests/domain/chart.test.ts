import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisSteps } from "#domain/export/chart.ts";
import { html } from "#domain/export/markup.ts";

describe("an axis", () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [7, [0, 2, 4, 6, 8]],
    [100, [0, 20, 40, 60, 80, 100]],
    [101, [0, 50, 100, 150]],
  ])("up to %i has the steps %j", (most, steps) => {
    expect(axisSteps(most)).toEqual(steps);
  });

  it("reaches what is highest in at most five even steps of whole numbers", () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), most => {
        const steps = axisSteps(most);
        expect(steps.at(-1)).toBeGreaterThanOrEqual(most);
        expect(steps.length).toBeLessThanOrEqual(6);
        expect(steps.every(step => Number.isSafeInteger(step))).toBe(true);
      }),
    );
  });
});

describe("markup", () => {
  it("keeps every text a text, in contents and in attributes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), text => {
        const { text: made } = html`<a title="${text}">${text}</a>`;
        expect(made.match(/[<>"]/g)?.join("")).toBe('<"">' + "<>");
        expect(made.includes("'")).toBe(false);
      }),
    );
  });
});
