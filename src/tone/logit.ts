import type { ToneInput } from "./define.ts";
import { maxGrams, readGrams } from "./grams.ts";
import type { WordSums } from "./memo.ts";
import * as words from "./memo.ts";
import * as blocks from "./model/blocks.ts";
import type { Family, Model } from "./model/file.ts";
import * as standing from "./places.ts";
import type { Reader, ReadText } from "./reader.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { hotWidth } = words;
const { gateBits, gates, places } = standing;
const { blockOfKind, contextStart, indexOfBlock, rowAt, rowPairs, wordBlocks } = blocks;

/** Units of one logit: the model's arithmetic is in integers. */
export const unitsPerLogit = 65_536;

/** Numbers kept per word, and per row of weights. */
const width = 2 * rowPairs;

/** Where the numbers of the blocks that places add stand in a row. */
const negatedAt = 2 * indexOfBlock.negated;
const afterAt = 2 * indexOfBlock.after;
const nearAt = 2 * indexOfBlock.near;

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

function familyOf(input: ToneInput, { aimed, tape }: ReadText): Family {
  if (input.kind === null) return "unknown";
  const ofKind = blockOfKind(input.kind);
  if (ofKind === "review" && !tape.cyrillic) return "foreignReview";
  return ofKind ?? (aimed ? "targeted" : "news");
}

/** The weights of a pair in one number, polarity in the low byte and decidedness in the high one: one look at memory finds both. */
const joined = (pairs: Int8Array): Int16Array => new Int16Array(pairs.slice().buffer);

/** Builds the sum of a text's weights; the same integers on every machine. */
export function createLogits(model: Model, reader: Reader) {
  const { facts } = model;
  const pairs = joined(model.pairs);
  const { features } = reader;
  const { numbers: sums } = reader.memo;
  const { wordEntry, wordPlace, wordStart, wordEnd, pair, pairStart, pairEnd } = features;
  const { steps } = facts;
  /** By the place of a block in a row. */
  const kindSteps = Float64Array.from({ length: width }, (_, at) => steps[wordBlocks[at >> 1] ?? "shared"]);
  /** What a text of so many words told is scaled by. */
  const scaleOf = (told: number): number =>
    Math.round(unitsPerLogit * (told + facts.lengthFloor) ** -facts.lengthPower);

  /** Where the numbers of the kind's block stand in a row; 0 when only the shared ones count. */
  let kindOffset = 0;
  // In an array: a variable of a closure that holds no small integer is made anew at every change.
  const totals = new Float64Array(4);

  /** What the blocks of a word's places add to its number at `at`. */
  const placed = (at: number, place: number): number =>
    ((place & places.negated) === 0 ? 0 : (sums[at + negatedAt] as number)) +
    ((place & places.after) === 0 ? 0 : (sums[at + afterAt] as number)) +
    ((place & places.near) === 0 ? 0 : (sums[at + nearAt] as number));

  /** Adds up the words `[from, to)` of the text, each with the blocks of its places, and as much of it as counts there. */
  const addWords = (from: number, to: number): void => {
    const ofKind = kindOffset === 0 ? 0 : 1;
    let s = 0;
    let u = 0;
    for (let i = from; i < to; i++) {
      const at = (wordEntry[i] as number) * hotWidth;
      const place = wordPlace[i] as number;
      const wordS = (sums[at] as number) + ofKind * (sums[at + kindOffset] as number);
      const wordU = (sums[at + 1] as number) + ofKind * (sums[at + kindOffset + 1] as number);
      if (place === 0) {
        s += wordS;
        u += wordU;
        continue;
      }
      const gate = gates[place] as number;
      s += Math.imul(wordS + placed(at, place), gate) >> gateBits;
      u += Math.imul(wordU + placed(at + 1, place), gate) >> gateBits;
    }
    totals[0] = (totals[0] as number) + s;
    totals[1] = (totals[1] as number) + u;
  };

  // In an array, so that the compiler does not leave out what nobody asks for.
  const fetched = new Int32Array(1);

  /** Fetches weights to come: a bare loop lets the processor wait for many lines of memory at once. */
  const fetchPairs = (ids: Int32Array, count: number): void => {
    let any = 0;
    for (let i = 0; i < count; i++) any ^= pairs[ids[i] as number] as number;
    fetched[0] = any;
  };

  /** Adds up weights at `ids[from, to)` into `totals[into]` and the number after it. */
  const addPairs = (ids: Int32Array, from: number, to: number, into: number): void => {
    const ofKind = kindOffset >> 1;
    let s = 0;
    let u = 0;
    let rowS = 0;
    let rowU = 0;
    let kindS = 0;
    let kindU = 0;
    for (let i = from; i < to; i++) {
      const id = ids[i] as number;
      // All bits for a row, none for the context block, which has no kinds: a jump would often be guessed wrong.
      const isRow = (id - contextStart) >> 31;
      const pair = pairs[id] as number;
      const kind = (pairs[id + (ofKind & isRow)] as number) & isRow;
      const ds = (pair << 24) >> 24;
      const du = pair >> 8;
      s += ds;
      u += du;
      rowS += ds & isRow;
      rowU += du & isRow;
      kindS += (kind << 24) >> 24;
      kindU += kind >> 8;
    }
    const kindStep = kindOffset === 0 ? 0 : (kindSteps[kindOffset] as number);
    totals[into] =
      (totals[into] as number) + rowS * steps.shared + kindS * kindStep + (s - rowS) * steps.context;
    totals[into + 1] =
      (totals[into + 1] as number) + rowU * steps.shared + kindU * kindStep + (u - rowU) * steps.context;
  };

  const addAll = (): void => {
    fetchPairs(pair, features.pairCount);
    fetchPairs(features.whole, features.wholeCount);
    addWords(0, features.wordCount);
    addPairs(pair, 0, features.pairCount, 0);
    addPairs(features.whole, 0, features.wholeCount, 2);
  };

  /** The polarity of what `add` adds up alone. */
  const alone = (add: () => void): number => {
    const before = totals[0] as number;
    add();
    return (totals[0] as number) - before;
  };

  /** For an explanation, which hears of each damped part. */
  const tellAll = (tell: Tally): void => {
    for (let i = 0; i < features.wordCount; i++) {
      const units = alone(() => addWords(i, i + 1));
      if (units !== 0) tell(wordStart[i] as number, wordEnd[i] as number, units);
    }
    for (let i = 0; i < features.pairCount; i++) {
      const units = alone(() => addPairs(pair, i, i + 1, 0));
      if (units !== 0) tell(pairStart[i] as number, pairEnd[i] as number, units);
    }
  };

  /** `tell` hears the damped parts before they are scaled, for an explanation. */
  return (input: ToneInput, tell: Tally | null): Logits => {
    const ofKind = blockOfKind(input.kind);
    kindOffset = ofKind === null ? 0 : 2 * indexOfBlock[ofKind];
    const text = reader.read(input);
    if (tell !== null) tellAll(tell);
    totals.fill(0);
    addAll();
    const family = familyOf(input, text);
    const { temperature, bias } = facts.manners[family];
    const scale = scaleOf(text.told);
    const calibrated = (damped: number, once: number, by: number): number =>
      Math.round((Math.floor((damped * scale) / unitsPerLogit) + once) / temperature) +
      Math.round(by * unitsPerLogit);
    return {
      family,
      text,
      scale: scale / temperature,
      polarity: calibrated(totals[0] as number, totals[2] as number, 0),
      decided: calibrated(totals[1] as number, totals[3] as number, bias),
    };
  };
}
