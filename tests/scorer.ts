import { readFileSync } from "node:fs";
import type { Scorer } from "#tone/define.ts";
import { modelUrl, topicsUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";

/** A scorer of its own over the shipped models. */
export const anotherScorer = (): Scorer => createScorer(readFileSync(modelUrl), readFileSync(topicsUrl));

let shipped: Scorer | null = null;

/** The scorer over the shipped models, one for the whole process as in the product: of two in a thread each is slower. */
export function shippedScorer(): Scorer {
  shipped ??= anotherScorer();
  return shipped;
}
