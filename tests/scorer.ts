import { readFileSync } from "node:fs";
import type { Scorer } from "#tone/define.ts";
import { modelUrl, topicsUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";

/** A scorer over the shipped models. */
export const shippedScorer = (): Scorer => createScorer(readFileSync(modelUrl), readFileSync(topicsUrl));
