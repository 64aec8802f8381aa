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

/** More features than this are added up in several goes. */
const queueLength = 16_384;

interface Queue {
  places: Int32Array;
  length: number;
}

const createQueue = (): Queue => ({ places: new Int32Array(queueLength), length: 0 });

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

  // Places of weights wait here until a text is read: a bare loop over them lets the processor fetch many at
  // once, where one at a time would wait for each.
  const wordQueue = createQueue();
  const wordPlaces = new Uint8Array(queueLength);
  const contextQueue = createQueue();
  const plainQueue = createQueue();
  const textQueue = createQueue();

  /** What the places of a word add to it, once more in a block of their own. */
  const addPlaces = (at: number, place: number): void => {
    for (const [bit, offset] of placeOffsets)
      if ((place & bit) !== 0) add(sums[at + offset] as number, sums[at + offset + 1] as number);
  };

  const drainWords = (): void => {
    const ofKind = kindOffset === 0 ? 0 : 1;
    let s = 0;
    let u = 0;
    for (let i = 0; i < wordQueue.length; i++) {
      const at = wordQueue.places[i] as number;
      s += (sums[at] as number) + ofKind * (sums[at + kindOffset] as number);
      u += (sums[at + 1] as number) + ofKind * (sums[at + kindOffset + 1] as number);
      if (wordPlaces[i] !== 0) addPlaces(at, wordPlaces[i] as number);
    }
    wordQueue.length = 0;
    add(s, u);
  };

  const drainContext = (): void => {
    let s = 0;
    let u = 0;
    for (let i = 0; i < contextQueue.length; i++) {
      const at = contextQueue.places[i] as number;
      s += pairs[at] as number;
      u += pairs[at + 1] as number;
    }
    contextQueue.length = 0;
    add(s * steps.context, u * steps.context);
  };

  /** Adds up rows, with their kind's block, into `totals[into]` and the number after it. */
  const drainRows = (queue: Queue, into: number): void => {
    let s = 0;
    let u = 0;
    let kindS = 0;
    let kindU = 0;
    for (let i = 0; i < queue.length; i++) {
      const row = queue.places[i] as number;
      s += pairs[row] as number;
      u += pairs[row + 1] as number;
      kindS += pairs[row + kindOffset] as number;
      kindU += pairs[row + kindOffset + 1] as number;
    }
    queue.length = 0;
    const step = kindOffset === 0 ? 0 : kindStep;
    totals[into] = (totals[into] as number) + s * steps.shared + kindS * step;
    totals[into + 1] = (totals[into + 1] as number) + u * steps.shared + kindU * step;
  };

  const drain = (): void => {
    drainWords();
    drainContext();
    drainRows(plainQueue, 0);
    drainRows(textQueue, 2);
  };

  const word = (_start: number, _end: number, entry: number, place: number): void => {
    wordPlaces[wordQueue.length] = place;
    wordQueue.places[wordQueue.length++] = entry * hotWidth;
    if (wordQueue.length === queueLength) drain();
  };

  const feature = (_start: number, _end: number, route: number, hash: number): void => {
    const queue = route === routes.context ? contextQueue : route === routes.text ? textQueue : plainQueue;
    queue.places[queue.length++] = 2 * (route === routes.context ? contextAt(hash) : rowAt(hash));
    if (queue.length === queueLength) drain();
  };

  /** For an explanation, which hears of each damped part. */
  const told = (start: number, end: number, take: () => void): void => {
    drain();
    const before = totals[0] as number;
    take();
    drain();
    const added = (totals[0] as number) - before;
    if (added !== 0) tally?.(start, end, added);
  };

  const sink: Sink = { word, feature };
  const tellingSink: Sink = {
    word: (...of) => told(of[0], of[1], () => word(...of)),
    feature: (...of) => told(of[0], of[1], () => feature(...of)),
  };

  /** `listen` hears the damped parts before they are scaled, for an explanation. */
  return (input: ToneInput, listen: Tally | null): Logits => {
    const ofKind = blockOfKind(input.kind);
    kindOffset = ofKind === null ? 0 : 2 * indexOfBlock[ofKind];
    kindStep = ofKind === null ? 0 : steps[ofKind];
    totals.fill(0);
    tally = listen;
    const text = reader.read(input, listen === null ? sink : tellingSink);
    drain();
    const family = familyOf(input, text.aimed);
    const { temperature, bias } = facts.manners[family];
    const scale = scales[Math.min(most, text.told)] as number;
    const calibrated = (damped: number, once: number, by: number): number =>
      Math.round((Math.floor((damped * scale) / unitsPerLogit) + once) / temperature) +
      Math.round(by * unitsPerLogit);
    return {
      family,
      text,
      scale: scale / temperature,
      polarity: calibrated(totals[0] as number, totals[2] as number, bias[0]),
      decided: calibrated(totals[1] as number, totals[3] as number, bias[1]),
    };
  };
}
