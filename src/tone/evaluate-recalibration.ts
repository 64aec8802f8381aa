import type { ClassLogits, Leads, Scorer, Tone, ToneInput } from "./define.ts";
import { chancesOf, fitRecalibration, leadsOf, recalibrated, toneOf } from "./recalibrate.ts";

export interface JudgedText {
  input: ToneInput;
  tone: Tone;
}

export interface RecalibrationTrial {
  /** How many texts of the source are corrected; the rest is judged. */
  correctionCount: number;
  /** How often the corrected texts are drawn anew. */
  drawCount: number;
  /** The share of the negatives that the queue is to find. */
  recall: number;
  seed: number;
}

/** What the queue of one source is worth; shares in [0, 1], means over the draws. */
interface QueueFigures {
  /** Precision of the likeliest negatives, taken until the wanted recall is reached. */
  precisionAtRecall: number;
  /** Precision and recall of what is labelled negative. */
  precision: number;
  recall: number;
  /** Mean F1 of negative and positive. */
  polarF1: number;
  /** Expected calibration error of the label's chance, ten bins. */
  calibrationError: number;
}

export interface RecalibrationFigures {
  rowCount: number;
  before: QueueFigures;
  after: QueueFigures;
  /** 95 % of the draws have their `precisionAtRecall` after recalibration between these. */
  low: number;
  high: number;
}

interface Case {
  logits: ClassLogits & Leads;
  tone: Tone;
}

/**
 * What corrections of an unseen source are worth: a few of its texts are corrected, the rest judged, before and
 * after. Null when the source has too few texts or negatives to say.
 */
export function evaluateRecalibration(
  scorer: Pick<Scorer, "logits">,
  texts: readonly JudgedText[],
  trial: RecalibrationTrial,
): RecalibrationFigures | null {
  const negativeCount = texts.filter(({ tone }) => tone === "negative").length;
  if (texts.length < 2 * trial.correctionCount || negativeCount < 10) return null;
  const cases = texts.map(({ input, tone }) => ({ logits: scorer.logits(input), tone, weight: 1 }));
  const random = createRandom(trial.seed);
  const before: QueueFigures[] = [];
  const after: QueueFigures[] = [];
  for (let draw = 0; draw < trial.drawCount; draw++) {
    shuffle(cases, random);
    const layer = fitRecalibration(cases.slice(0, trial.correctionCount));
    const rest = cases.slice(trial.correctionCount);
    before.push(judge(rest, trial.recall));
    after.push(
      judge(
        rest.map(({ logits, tone }) => ({
          logits: { ...recalibrated(logits, layer), ...leadsOf(logits, layer) },
          tone,
        })),
        trial.recall,
      ),
    );
  }
  const sorted = after.map(figures => figures.precisionAtRecall).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  return {
    rowCount: texts.length,
    before: mean(before),
    after: mean(after),
    low: at(0.025),
    high: at(0.975),
  };
}

function judge(cases: readonly Case[], recall: number): QueueFigures {
  const said = cases.map(({ logits, tone }) => ({
    tone,
    label: toneOf(logits, logits),
    chances: chancesOf(logits),
  }));
  const figures = (wanted: Tone) => {
    const hits = said.filter(one => one.tone === wanted && one.label === wanted).length;
    const truths = said.filter(one => one.tone === wanted).length;
    const claims = said.filter(one => one.label === wanted).length;
    return {
      precision: ratio(hits, claims),
      recall: ratio(hits, truths),
      f1: ratio(2 * hits, truths + claims),
    };
  };
  const negative = figures("negative");
  return {
    precisionAtRecall: precisionAt(said, recall),
    precision: negative.precision,
    recall: negative.recall,
    polarF1: (negative.f1 + figures("positive").f1) / 2,
    calibrationError: calibrationError(said),
  };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

type Said = { tone: Tone; label: Tone; chances: Record<Tone, number> };

/** The best precision of a queue that takes the likeliest negatives first and finds at least this share. */
function precisionAt(said: readonly Said[], recall: number): number {
  const sorted = said.toSorted((a, b) => b.chances.negative - a.chances.negative);
  const truths = said.filter(one => one.tone === "negative").length;
  let hits = 0;
  let best = 0;
  for (const [index, one] of sorted.entries()) {
    if (one.tone === "negative") hits++;
    const tied = sorted[index + 1]?.chances.negative === one.chances.negative;
    if (!tied && hits >= recall * truths) best = Math.max(best, hits / (index + 1));
  }
  return best;
}

const binCount = 10;

function calibrationError(said: readonly Said[]): number {
  const bins = Array.from({ length: binCount }, () => ({ count: 0, chance: 0, right: 0 }));
  for (const { tone, label, chances } of said) {
    const bin = bins[Math.min(binCount - 1, Math.floor(chances[label] * binCount))];
    if (!bin) continue;
    bin.count++;
    bin.chance += chances[label];
    if (tone === label) bin.right++;
  }
  return bins.reduce((sum, { chance, right }) => sum + Math.abs(chance - right), 0) / said.length;
}

function mean(all: readonly QueueFigures[]): QueueFigures {
  const of = (name: keyof QueueFigures) => all.reduce((sum, one) => sum + one[name], 0) / all.length;
  return {
    precisionAtRecall: of("precisionAtRecall"),
    precision: of("precision"),
    recall: of("recall"),
    polarF1: of("polarF1"),
    calibrationError: of("calibrationError"),
  };
}

/** Numbers in [0, 1) that follow from the seed alone (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffle<T>(list: T[], random: () => number): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
}
