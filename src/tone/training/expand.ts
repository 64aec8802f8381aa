import { contextStart, indexOfBlock, rowAt, rowPairs, type WordBlock } from "#tone/model/blocks.ts";
import { gates, places, wholeGate } from "#tone/places.ts";
import type { Encoded } from "./encode.ts";
import type { Column } from "./grow.ts";

export type KindBlock = "review" | "social" | null;

/** What of a text is told: all of it, or only what the lexicon found and what holds for the text as a whole. */
export type Part = "all" | "lexicon";

/**
 * The weight pairs of one text: `ids[0, damped)` are scaled by length, `ids[damped, count)` are not. Beside each
 * stands in `gates` how much of it counts.
 */
export interface Expanded {
  ids: Int32Array;
  gates: Float32Array;
  damped: number;
  count: number;
}

export const blocksOfPlaces: readonly (readonly [number, WordBlock])[] = [
  [places.negated, "negated"],
  [places.after, "after"],
  [places.near, "near"],
];

/** Builds the expansion of a part of encoded texts into weight pairs; `drop` leaves out what it says. Reuses its buffer. */
export function createExpand(
  encoded: Encoded,
  part: Part = "all",
): (text: number, block: KindBlock, drop: () => boolean) => Expanded {
  const expanded: Expanded = {
    ids: new Int32Array(1 << 16),
    gates: new Float32Array(1 << 16),
    damped: 0,
    count: 0,
  };

  const active = new Int32Array(rowPairs);

  const reserve = (more: number): void => {
    if (expanded.count + more <= expanded.ids.length) return;
    const size = (expanded.count + more) * 2;
    const { ids, gates: counts } = expanded;
    expanded.ids = new Int32Array(size);
    expanded.ids.set(ids);
    expanded.gates = new Float32Array(size);
    expanded.gates.set(counts);
  };

  /** The blocks that weigh a word where it stands, as places in a row. */
  const activeBlocks = (place: number, block: KindBlock): number => {
    let count = 1;
    if (block !== null) active[count++] = indexOfBlock[block];
    if (place === 0) return count;
    for (const [bit, name] of blocksOfPlaces) if ((place & bit) !== 0) active[count++] = indexOfBlock[name];
    return count;
  };

  const addWord = (at: number, block: KindBlock): void => {
    const word = encoded.wordId.data[at] as number;
    const place = encoded.wordPlaces.data[at] as number;
    const blockCount = activeBlocks(place, block);
    const from = encoded.gramFrom.data[word] as number;
    const to = encoded.gramFrom.data[word + 1] as number;
    reserve((to - from) * blockCount);
    const { data } = encoded.grams;
    const { ids } = expanded;
    let { count } = expanded;
    expanded.gates.fill((gates[place] as number) / wholeGate, count, count + (to - from) * blockCount);
    for (let i = from; i < to; i++) {
      const row = rowAt(data[i] as number);
      for (let j = 0; j < blockCount; j++) ids[count++] = row + (active[j] as number);
    }
    expanded.count = count;
  };

  const addPair = (id: number, block: KindBlock): void => {
    reserve(2);
    const from = expanded.count;
    expanded.ids[expanded.count++] = id;
    if (block !== null && id < contextStart) expanded.ids[expanded.count++] = id + indexOfBlock[block];
    expanded.gates.fill(1, from, expanded.count);
  };

  const addWords = (text: number, block: KindBlock, drop: () => boolean): void => {
    const { data } = encoded.wordFrom;
    for (let i = data[text] as number; i < (data[text + 1] as number); i++) if (!drop()) addWord(i, block);
  };

  const addPairs = (ids: Column, from: number, to: number, block: KindBlock, drop: () => boolean): void => {
    for (let i = from; i < to; i++) if (!drop()) addPair(ids.data[i] as number, block);
  };

  const first = part === "all" ? encoded.pairFrom : encoded.hitFrom;
  const end = (from: Column, text: number): number => from.data[text + 1] as number;

  return (text, block, drop) => {
    expanded.count = 0;
    if (part === "all") addWords(text, block, drop);
    addPairs(encoded.pair, first.data[text] as number, end(encoded.pairFrom, text), block, drop);
    expanded.damped = expanded.count;
    addPairs(
      encoded.whole,
      encoded.wholeFrom.data[text] as number,
      end(encoded.wholeFrom, text),
      block,
      dropNothing,
    );
    return expanded;
  };
}

export const dropNothing = (): boolean => false;
