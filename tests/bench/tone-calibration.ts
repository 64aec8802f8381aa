import type { Tone } from "#tone/define.ts";
import { type Family, familyOf } from "#tone/kinds.ts";
import { createScorer } from "#tone/scorer.ts";
import { distanceOf, labelOf } from "#tone/verdict.ts";
import { unitsPerLogit } from "#tone/vocabulary.ts";
import { readToneSet, type ToneSet, toneSets } from "./tone-data.ts";

/** Critics of films and books are measured, but they do not say where a customer's complaint begins. */
const leftOut = new Set(["public/ru_livelib_books", "open/en_vader_movie"]);
const rowsPerSet = 2000;

interface Scored {
  set: ToneSet;
  units: number;
  label: Tone;
}

function scoreSets(family: Family): Scored[][] {
  const scorer = createScorer();
  const sets = toneSets.filter(set => !leftOut.has(set.name) && familyOf(set.kind) === family);
  return sets.map(set => {
    const rows = readToneSet(set, "train");
    if (rows === null)
      throw new Error(`${set.name}.train.jsonl is absent from ../shared/data/tone: nothing to fit on`);
    return rows.slice(0, rowsPerSet).map(({ input, label }) => {
      const units = Math.round(scorer.explain(input).logit * unitsPerLogit);
      return { set, label, units };
    });
  });
}

const tones = ["positive", "neutral", "negative"] as const;

function f1(rows: Scored[], tone: Tone, family: Family): number {
  const said = rows.filter(row => labelOf(row.units, family) === tone);
  const truth = rows.filter(row => row.label === tone);
  const hit = said.filter(row => row.label === tone).length;
  return said.length + truth.length === 0 ? 0 : (2 * hit) / (said.length + truth.length);
}

/** Mean F1 over the classes that the set can judge. */
function quality(rows: Scored[], family: Family): number {
  if (rows[0]?.set.classes === 3) return tones.reduce((sum, tone) => sum + f1(rows, tone, family), 0) / 3;
  const polar = rows.filter(row => row.label !== "neutral");
  return (f1(polar, "positive", family) + f1(polar, "negative", family)) / 2;
}

function fitThresholds(sets: Scored[][], family: Family): { family: Family; mean: number } {
  let best = { family, mean: 0 };
  // Never below 8: a text without evidence stays neutral, whatever that costs on sets without neutral.
  for (let positiveFrom = 8; positiveFrom <= 96; positiveFrom += 4) {
    for (let negativeFrom = 8; negativeFrom <= 96; negativeFrom += 4) {
      const tried = { ...family, positiveFrom, negativeFrom };
      const mean = sets.reduce((sum, rows) => sum + quality(rows, tried), 0) / sets.length;
      if (mean > best.mean) best = { family: tried, mean };
    }
  }
  return best;
}

/** Newton's method for P(right) = logistic(a + b · x); every set has the same total weight. */
function fitLogistic(points: { x: number; right: number; weight: number }[]): [number, number] {
  let a = 0;
  let b = 0;
  for (let round = 0; round < 30; round++) {
    const sums = { ga: 0, gb: 0, aa: 1e-6, ab: 0, bb: 1e-6 };
    for (const { x, right, weight } of points) {
      const p = 1 / (1 + Math.exp(-(a + b * x)));
      const slope = weight * p * (1 - p);
      sums.ga += weight * (right - p);
      sums.gb += weight * (right - p) * x;
      sums.aa += slope;
      sums.ab += slope * x;
      sums.bb += slope * x * x;
    }
    const determinant = sums.aa * sums.bb - sums.ab * sums.ab;
    a += (sums.bb * sums.ga - sums.ab * sums.gb) / determinant;
    b += (sums.aa * sums.gb - sums.ab * sums.ga) / determinant;
  }
  return [Math.round(a * 1000), Math.round(b * 1000)];
}

/** A slope below zero would make a clearer case less sure: then the share of right labels alone. */
function fitOrShare(points: { x: number; right: number; weight: number }[]): [number, number] {
  const fitted = fitLogistic(points);
  return fitted[1] >= 0 ? fitted : fitLogistic(points.map(point => ({ ...point, x: 0 })));
}

function pointsOf(sets: Scored[][], family: Family, neutral: boolean) {
  return sets.flatMap(rows =>
    rows.flatMap(({ units, label }) => {
      const said = labelOf(units, family);
      if ((said === "neutral") !== neutral) return [];
      return [{ x: distanceOf(units, family), right: said === label ? 1 : 0, weight: 1000 / rows.length }];
    }),
  );
}

for (const kind of ["review", "post", "news"] as const) {
  const family = familyOf(kind);
  const sets = scoreSets(family);
  const best = fitThresholds(sets, family);
  const { positiveFrom, negativeFrom } = best.family;
  console.log(kind, "thresholds of the best mean F1", { positiveFrom, negativeFrom }, best.mean.toFixed(3));
  const mean = sets.reduce((sum, rows) => sum + quality(rows, family), 0) / sets.length;
  console.log(kind, "thresholds in use", family.positiveFrom, family.negativeFrom, mean.toFixed(3), {
    polar: fitOrShare(pointsOf(sets, family, false)),
    neutral: fitOrShare(pointsOf(sets, family, true)),
  });
}
