import type { Scorer, Tone } from "#tone/define.ts";
import { evaluateRecalibration } from "#tone/evaluate-recalibration.ts";
import type { Row } from "./rows.ts";

/** Fifty corrected texts, drawn a hundred times; the queue is to find three negatives of four. */
const trial = { correctionCount: 50, drawCount: 100, recall: 0.75, seed: 1 };
const bar = { must: 0.88, goal: 0.93 };
/** The bar is about a site like this one; the other sets show how far it carries. */
const barSet = "ru_otzovik_sber";

const tones: readonly Tone[] = ["negative", "neutral", "positive"];

/** The line of the card on fifty corrections of a set that a model never saw; null for too few texts. */
export function recalibrationFigure(scorer: Scorer, set: string, rows: readonly Row[]) {
  const texts = rows.map(({ input, label }) => ({ input, tone: tones[label] as Tone }));
  const found = evaluateRecalibration(scorer, texts, trial);
  if (found === null) return null;
  const { before, after, low, high, rowCount } = found;
  return {
    what: `50 corrections from an unseen source, ${set}`,
    measure: "precision of negatives at recall 0.75",
    value: after.precisionAtRecall,
    low,
    high,
    rowCount,
    ...(set === barSet ? bar : { must: null, goal: null }),
    stands: `labelled negative: precision ${shown(before.precision)} → ${shown(after.precision)}, recall ${shown(before.recall)} → ${shown(after.recall)}; ECE ${shown(before.calibrationError)} → ${shown(after.calibrationError)}`,
  };
}

const shown = (value: number): string => value.toFixed(2);
