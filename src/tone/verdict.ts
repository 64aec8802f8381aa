import type { ClassLogits, Recalibration, Tone } from "./define.ts";
import type { Family } from "./kinds.ts";
import { chancesOf, recalibrated, toneOf } from "./recalibrate.ts";
import { unitsPerLogit } from "./vocabulary.ts";

/** Logits at which the score is 0.7. */
const softness = 2 * unitsPerLogit;
/** Below this probability of being right a label is flagged. */
const uncertainBelow = 0.6;

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Logit units as a score in (-1, 1): x / √(x² + s²), exact arithmetic only, so equal on every machine. */
export const squash = (units: number): number =>
  rounded(units / Math.sqrt(units * units + softness * softness)) + 0;

export function labelOf(units: number, family: Family): Tone {
  if (units >= family.positiveFrom) return "positive";
  return units <= -family.negativeFrom ? "negative" : "neutral";
}

/** Units between the text and the threshold at which its label would change. */
export function distanceOf(units: number, family: Family): number {
  if (units >= family.positiveFrom) return units - family.positiveFrom;
  if (units <= -family.negativeFrom) return -family.negativeFrom - units;
  return Math.min(family.positiveFrom - units, units + family.negativeFrom);
}

/** P(the label is right), from the two-parameter logistic of the family. */
function confidenceOf(units: number, family: Family): number {
  const [a, b] = labelOf(units, family) === "neutral" ? family.neutral : family.polar;
  return rounded(1 / (1 + Math.exp(-(a + b * distanceOf(units, family)) / 1000)));
}

export const isUncertain = (confidence: number): boolean => confidence < uncertainBelow;

/** Logits of the classes: positive and negative win over neutral from their thresholds on. */
export const logitsOf = (units: number, family: Family): ClassLogits => ({
  negative: (-units - family.negativeFrom) / unitsPerLogit,
  positive: (units - family.positiveFrom) / unitsPerLogit,
});

/** Units, label and confidence of a text, after its source's recalibration where it has one. */
export function verdictOf(
  units: number,
  family: Family,
  layer: Recalibration | null | undefined,
): { units: number; label: Tone; confidence: number } {
  if (!layer) return { units, label: labelOf(units, family), confidence: confidenceOf(units, family) };
  const logits = recalibrated(logitsOf(units, family), layer);
  const label = toneOf(logits, layer);
  const middle = (family.positiveFrom - family.negativeFrom) / 2;
  return {
    units: Math.round(((logits.positive - logits.negative) / 2) * unitsPerLogit + middle),
    label,
    confidence: rounded(chancesOf(logits)[label]),
  };
}
