import { readFileSync } from "node:fs";
import type { Scorer } from "#tone/define.ts";
import { modelUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";

/** A scorer over the shipped model. */
export const shippedScorer = (): Scorer => createScorer(readFileSync(modelUrl));
