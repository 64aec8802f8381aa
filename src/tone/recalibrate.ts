import type { ClassLogits, Leads, Recalibration, Tone } from "./define.ts";

/** One text whose tone a person has said: the model's own logits beside it. */
export interface CorrectedTone {
  logits: ClassLogits;
  tone: Tone;
  /** 1 for a correction of the source itself. */
  weight: number;
}

/** What a fit finds; the store adds the version. */
export type RecalibrationFit = Omit<Recalibration, "version">;

/** The layer that changes nothing. */
export const unchanged: RecalibrationFit = {
  polaritySlope: 1,
  decidedSlope: 1,
  polarityBias: 0,
  decidedBias: 0,
  negativeLead: 0,
  positiveLead: 0,
  leadTrust: 0,
};

/** The sharpest distrust: a source where every person contradicts the model still keeps its order of texts. */
const slopeRange = [0.25, 3] as const;
/** Precision of the prior of each parameter: so many logits² of evidence weigh as much as "change nothing". */
const priors = [10, 10, 5, 5] as const;
/** What other sources of the kind count: each little, and all together no more than so many own corrections. */
const kindWeight = 0.2;
const mostKindMass = 10;

/** The weight of one correction of another source of the kind, when there are `count` of them. */
export const weightOfKind = (count: number): number =>
  count === 0 ? 0 : Math.min(kindWeight, mostKindMass / count);

/** The logits after the layer, by multiplication and addition alone: the same on every machine. */
export function recalibrated({ negative, positive }: ClassLogits, layer: RecalibrationFit): ClassLogits {
  const polarity = layer.polaritySlope * ((positive - negative) / 2) + layer.polarityBias;
  const decided = layer.decidedSlope * ((positive + negative) / 2) + layer.decidedBias;
  return { negative: decided - polarity, positive: decided + polarity };
}

/** What the label is chosen by when nothing was learned: the likeliest class. */
const noLead: Leads = { negativeLead: 0, positiveLead: 0 };

/** The leads of a source: the model's own, moved towards the layer's as far as those are trusted. */
export const leadsOf = (own: Leads, layer: RecalibrationFit): Leads => ({
  negativeLead: own.negativeLead + layer.leadTrust * (layer.negativeLead - own.negativeLead),
  positiveLead: own.positiveLead + layer.leadTrust * (layer.positiveLead - own.positiveLead),
});

/** The likeliest class after the leads; of equal ones the neutral, then the negative. */
export function toneOf(
  { negative, positive }: ClassLogits,
  { negativeLead, positiveLead }: Leads = noLead,
): Tone {
  if (negative + negativeLead > 0 && negative + negativeLead >= positive + positiveLead) return "negative";
  return positive + positiveLead > 0 ? "positive" : "neutral";
}

/** Probabilities of the classes (softmax with neutral at 0). */
export function chancesOf({ negative, positive }: ClassLogits): Record<Tone, number> {
  const most = Math.max(negative, 0, positive);
  const [n, z, p] = [Math.exp(negative - most), Math.exp(-most), Math.exp(positive - most)];
  const sum = n + z + p;
  return { negative: n / sum, neutral: z / sum, positive: p / sum };
}

/** How a mention names what scored it: the model, then the number of its source's layer. */
export const scoredBy = (modelVersion: string, layer: Recalibration | null | undefined): string =>
  layer ? `${modelVersion}+${layer.version}` : modelVersion;

type Vector = number[];
const size = 4;
const most = 40;
const close = 1e-7;

/**
 * Fits the layer of one source: the multinomial logistic loss of the corrections plus a Gaussian prior around
 * "change nothing". The loss is strictly convex, so Newton's method finds its one minimum, always the same.
 */
export function fitRecalibration(corrections: readonly CorrectedTone[]): RecalibrationFit {
  if (corrections.length === 0) return unchanged;
  const held: Vector = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  let found = minimum(corrections, held);
  for (let i = 0; i < 2; i++) {
    const [low, high] = slopeRange;
    const slope = found[i] as number;
    if (slope >= low && slope <= high) continue;
    held[i] = Math.min(high, Math.max(low, slope));
    found = minimum(corrections, held);
  }
  const layer = layerOf(found.map(rounded));
  const count = corrections.reduce((sum, { weight }) => sum + weight, 0);
  return {
    ...layer,
    leadTrust: rounded(count / (count + leadPatience)),
    negativeLead: rounded(leadOf("negative", corrections, layer)),
    positiveLead: rounded(leadOf("positive", corrections, layer)),
  };
}

/** Corrections at which the leads are half the way from the model's to the layer's own. */
const leadPatience = 20;
const lowestThreshold = 0.3;

/**
 * The lead at which the F1 of a class is expected to be best, for chances that are right: the class is said
 * from half of that F1 on (Lipton, Elkan, Narayanaswamy 2014). Where one class is rare, the likeliest class
 * alone would hardly ever say it, and the queue would miss most of it.
 */
function leadOf(
  tone: "negative" | "positive",
  corrections: readonly CorrectedTone[],
  layer: RecalibrationFit,
): number {
  const chances = corrections
    .map(({ logits, weight }) => ({ chance: chancesOf(recalibrated(logits, layer))[tone], weight }))
    .sort((a, b) => b.chance - a.chance);
  const all = chances.reduce((sum, { chance, weight }) => sum + chance * weight, 0);
  let [best, found, taken] = [0, 0, 0];
  for (const { chance, weight } of chances) {
    found += chance * weight;
    taken += weight;
    best = Math.max(best, (2 * found) / (taken + all));
  }
  const threshold = Math.max(lowestThreshold, best / 2);
  return Math.log((1 - threshold) / threshold);
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000 + 0;

const start = [1, 1, 0, 0] as const;

/** Newton's method with halved steps; a parameter that is `held` (not NaN) stays where it is. */
function minimum(corrections: readonly CorrectedTone[], held: Vector): Vector {
  let at: Vector = start.map((value, i) => (Number.isNaN(held[i]) ? value : (held[i] as number)));
  let loss = lossAt(corrections, at);
  for (let n = 0; n < most; n++) {
    const step = newtonStep(corrections, at, held);
    if (Math.max(...step.map(Math.abs)) < close) break;
    let share = 1;
    let next = moved(at, step, share);
    while (lossAt(corrections, next) > loss && share > close) {
      share /= 2;
      next = moved(at, step, share);
    }
    at = next;
    loss = lossAt(corrections, at);
  }
  return at;
}

const moved = (at: Vector, step: Vector, share: number): Vector =>
  at.map((value, i) => value - share * (step[i] as number));

const layerOf = ([polaritySlope, decidedSlope, polarityBias, decidedBias]: Vector): RecalibrationFit =>
  ({ ...unchanged, polaritySlope, decidedSlope, polarityBias, decidedBias }) as RecalibrationFit;

function lossAt(corrections: readonly CorrectedTone[], at: Vector): number {
  const layer = layerOf(at);
  let loss = 0;
  for (let i = 0; i < size; i++)
    loss += (priors[i] as number) * ((at[i] as number) - (start[i] as number)) ** 2;
  loss /= 2;
  for (const { logits, tone, weight } of corrections) {
    const chance = chancesOf(recalibrated(logits, layer))[tone];
    loss -= weight * Math.log(Math.max(chance, Number.MIN_VALUE));
  }
  return loss;
}

/** Solves H · step = gradient; the rows and columns of held parameters are those of the unit matrix. */
function newtonStep(corrections: readonly CorrectedTone[], at: Vector, held: Vector): Vector {
  const gradient: Vector = at.map((value, i) => (priors[i] as number) * (value - (start[i] as number)));
  const hessian = priors.map((prior, i) => priors.map((_other, j) => (i === j ? prior : 0)));
  for (const correction of corrections) addSlopes(correction, layerOf(at), gradient, hessian);
  for (let i = 0; i < size; i++) {
    if (Number.isNaN(held[i])) continue;
    gradient[i] = 0;
    for (let j = 0; j < size; j++) {
      (hessian[i] as Vector)[j] = i === j ? 1 : 0;
      (hessian[j] as Vector)[i] = i === j ? 1 : 0;
    }
  }
  return solved(hessian, gradient);
}

/** Adds one correction's first and second derivatives; z(negative) and z(positive) are linear in the parameters. */
function addSlopes(
  { logits, tone, weight }: CorrectedTone,
  layer: RecalibrationFit,
  gradient: Vector,
  hessian: Vector[],
): void {
  const { negative, positive } = chancesOf(recalibrated(logits, layer));
  const polarity = (logits.positive - logits.negative) / 2;
  const decided = (logits.positive + logits.negative) / 2;
  const ofNegative = [-polarity, decided, -1, 1];
  const ofPositive = [polarity, decided, 1, 1];
  const offNegative = negative - (tone === "negative" ? 1 : 0);
  const offPositive = positive - (tone === "positive" ? 1 : 0);
  for (let i = 0; i < size; i++) {
    const [n, p] = [ofNegative[i] as number, ofPositive[i] as number];
    gradient[i] = (gradient[i] as number) + weight * (offNegative * n + offPositive * p);
    const row = hessian[i] as Vector;
    for (let j = 0; j < size; j++) {
      const [m, q] = [ofNegative[j] as number, ofPositive[j] as number];
      const own = negative * (1 - negative) * n * m + positive * (1 - positive) * p * q;
      row[j] = (row[j] as number) + weight * (own - negative * positive * (n * q + p * m));
    }
  }
}

/** Gaussian elimination; the matrix is positive definite, so no pivot vanishes. */
function solved(matrix: Vector[], right: Vector): Vector {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  for (let i = 0; i < size; i++) {
    const pivot = rows[i] as Vector;
    for (let j = i + 1; j < size; j++) {
      const row = rows[j] as Vector;
      const factor = (row[i] as number) / (pivot[i] as number);
      for (let k = i; k <= size; k++) row[k] = (row[k] as number) - factor * (pivot[k] as number);
    }
  }
  const result: Vector = new Array(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    const row = rows[i] as Vector;
    let sum = row[size] as number;
    for (let k = i + 1; k < size; k++) sum -= (row[k] as number) * (result[k] as number);
    result[i] = sum / (row[i] as number);
  }
  return result;
}
