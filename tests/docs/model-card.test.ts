import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readModel } from "#tone/model/file.ts";
import { modelUrl, topicsUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";
import { bars } from "#tone/training/bars.ts";

const card = readFileSync(new URL("../../docs/model-card.md", import.meta.url), "utf8");
const model = readFileSync(modelUrl);
const topics = readFileSync(topicsUrl);

describe("the model card", () => {
  test("is that of the shipped model", () => {
    for (const bytes of [model, topics])
      expect(card).toContain(`\`${createHash("sha256").update(bytes).digest("hex")}\``);
    expect(card).toContain(`\`${createScorer(model, topics).modelVersion}\``);
  });

  test("names every set that was learned from", () => {
    for (const learned of readModel(model).facts.learned) {
      const name = (learned.split(",")[0] ?? "").replace(/^(?:corpus|pairs)$/u, "our own corpus");
      expect(card).toContain(name);
    }
  });

  test("has a figure for every bar", () => {
    for (const { what, measure } of bars) expect(card).toContain(`| ${what} | ${measure} | 0.`);
    expect(card).toContain("| minimal pairs of ours, test side | both of the pair right | 0.");
    expect(card).toContain("| calibration, unseen domains | ECE");
  });
});
