import type { ClassLogits, Leads, Recalibration, Tone } from "./define.ts";
import { exactExp } from "./exact.ts";
import { leadsOf, recalibrated, toneOf } from "./recalibrate.ts";

/** Below this probability of being right a label is flagged. */
const uncertainBelow = 0.6;

/** What logits come to. */
export interface Verdict {
  label: Tone;
  /** P(positive) − P(negative). */
  score: number;
  /** P(label). */
  confidence: number;
  uncertain: boolean;
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000 + 0;

/** Label and probabilities of calibrated logits, after the source's recalibration where it has one. */
export function verdictOf(
  logits: ClassLogits,
  leads: Leads,
  layer: Recalibration | null | undefined,
): Verdict & { logits: ClassLogits } {
  const moved = layer ? recalibrated(logits, layer) : logits;
  const label = toneOf(moved, layer ? leadsOf(leads, layer) : leads);
  const negative = exactExp(moved.negative);
  const positive = exactExp(moved.positive);
  const sum = negative + positive + 1;
  const likely = label === "positive" ? positive : label === "negative" ? negative : 1;
  const confidence = rounded(likely / sum);
  const score = rounded((positive - negative) / sum);
  return { label, score, confidence, uncertain: confidence < uncertainBelow, logits: moved };
}
