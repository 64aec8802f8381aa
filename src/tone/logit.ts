import type { ToneInput } from "./define.ts";
import { places, routes, type Sink } from "./features.ts";
import { maxGrams, readGrams } from "./grams.ts";
import { hotWidth, type WordSums } from "./memo.ts";
import { blockOfKind, contextAt, indexOfBlock, rowAt, rowPairs, wordBlocks } from "./model/blocks.ts";
import type { Family, Model } from "./model/file.ts";
import type { Reader, ReadText } from "./reader.ts";

/** Units of one logit: the model's arithmetic is in integers. */
export const unitsPerLogit = 65_536;

/** Numbers kept per word, and per row of weights. */
const width = 2 * rowPairs;
const most = 20_000;

const placeOffsets = [
  [places.negated, 2 * indexOfBlock.negated],
  [places.after, 2 * indexOfBlock.after],
  [places.near, 2 * indexOfBlock.near],
] as const;

/** What the model adds up over the letters of a word, in units by block. */
export function createWordSums({ facts, pairs }: Model): WordSums {
  const grams = new Int32Array(maxGrams);
  const steps = Int32Array.from({ length: width }, (_, i) => facts.steps[wordBlocks[i >> 1] ?? "shared"]);
  return {
    width,
    add: (folded, length, sums, at) => {
      const count = readGrams(folded, length, grams);
      for (let gram = 0; gram < count; gram++) {
        const row = 2 * rowAt(grams[gram] as number);
        for (let i = 0; i < width; i++) sums[at + i] = (sums[at + i] as number) + (pairs[row + i] as number);
      }
      for (let i = 0; i < width; i++) sums[at + i] = (sums[at + i] as number) * (steps[i] as number);
    },
  };
}

/** Takes each damped part of a polarity as it is added: the text's part it stands for, and its units. */
export type Tally = (start: number, end: number, units: number) => void;

/** Calibrated logits in units: of negative `u - s`, of positive `u + s`, of neutral 0. */
export interface Logits {
  polarity: number;
  decided: number;
  family: Family;
  text: ReadText;
  /** What a damped part counts of itself, in 1/65536. */
  scale: number;
}

function familyOf(input: ToneInput, aimed: boolean): Family {
  if (input.kind === null) return "unknown";
  return blockOfKind(input.kind) ?? (aimed ? "targeted" : "news");
}

/** Builds the sum of a text's weights; the same integers on every machine. */
export function createLogits(model: Model, reader: Reader) {
  const { facts, pairs } = model;
  const { numbers: sums } = reader.memo;
  const { steps } = facts;
  const scales = Float64Array.from({ length: most + 1 }, (_, tokens) =>
    Math.round(unitsPerLogit * (tokens + facts.lengthFloor) ** -facts.lengthPower),
  );

  /** Where the numbers of the kind's block stand in a row; 0 when only the shared ones count. */
  let kindOffset = 0;
  let kindStep = 0;
  // In an array: a variable of a closure that holds no small integer is made anew at every change.
  const totals = new Float64Array(4);
  let tally: Tally | null = null;

  const add = (ds: number, du: number): void => {
    totals[0] = (totals[0] as number) + ds;
    totals[1] = (totals[1] as number) + du;
  };

  const word = (start: number, end: number, entry: number, place: number): void => {
    const at = entry * hotWidth;
    let ds = sums[at] as number;
    let du = sums[at + 1] as number;
    if (kindOffset !== 0) {
      ds += sums[at + kindOffset] as number;
      du += sums[at + kindOffset + 1] as number;
    }
    if (place !== 0) {
      for (const [bit, offset] of placeOffsets) {
        if ((place & bit) === 0) continue;
        ds += sums[at + offset] as number;
        du += sums[at + offset + 1] as number;
      }
    }
    add(ds, du);
    if (tally !== null) tally(start, end, ds);
  };

  const context = (start: number, end: number, hash: number): void => {
    const at = 2 * contextAt(hash);
    const ds = (pairs[at] as number) * steps.context;
    add(ds, (pairs[at + 1] as number) * steps.context);
    if (tally !== null) tally(start, end, ds);
  };

  const feature = (start: number, end: number, route: number, hash: number): void => {
    if (route === routes.context) {
      context(start, end, hash);
      return;
    }
    const row = 2 * rowAt(hash);
    let ds = (pairs[row] as number) * steps.shared;
    let du = (pairs[row + 1] as number) * steps.shared;
    if (kindOffset !== 0) {
      ds += (pairs[row + kindOffset] as number) * kindStep;
      du += (pairs[row + kindOffset + 1] as number) * kindStep;
    }
    if (route === routes.text) {
      totals[2] = (totals[2] as number) + ds;
      totals[3] = (totals[3] as number) + du;
      return;
    }
    add(ds, du);
    if (tally !== null) tally(start, end, ds);
  };

  const sink: Sink = { word, feature };

  /** `listen` hears the damped parts before they are scaled, for an explanation. */
  return (input: ToneInput, listen: Tally | null): Logits => {
    const ofKind = blockOfKind(input.kind);
    kindOffset = ofKind === null ? 0 : 2 * indexOfBlock[ofKind];
    kindStep = ofKind === null ? 0 : steps[ofKind];
    totals.fill(0);
    tally = listen;
    const text = reader.read(input, sink);
    const family = familyOf(input, text.aimed);
    const [s, u, textS, textU] = totals as unknown as [number, number, number, number];
    const { temperature, bias } = facts.manners[family];
    const scale = scales[Math.min(most, text.told)] as number;
    const calibrated = (damped: number, once: number, by: number): number =>
      Math.round((Math.floor((damped * scale) / unitsPerLogit) + once) / temperature) +
      Math.round(by * unitsPerLogit);
    return {
      family,
      text,
      scale: scale / temperature,
      polarity: calibrated(s, textS, bias[0]),
      decided: calibrated(u, textU, bias[1]),
    };
  };
}
