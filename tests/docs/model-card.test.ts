import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readModel } from "#tone/model/file.ts";
import { modelUrl } from "#tone/model/path.ts";
import { bars } from "#tone/training/bars.ts";

const card = readFileSync(new URL("../../docs/model-card.md", import.meta.url), "utf8");
const model = readFileSync(modelUrl);

describe("the model card", () => {
  test("is that of the shipped model", () => {
    expect(card).toContain(`\`${createHash("sha256").update(model).digest("hex")}\``);
    expect(card).toContain(`\`${readModel(model).facts.version}\``);
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
