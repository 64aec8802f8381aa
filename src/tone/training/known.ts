import {
  contextStart,
  indexOfBlock,
  pairCount,
  rowAt,
  type WordBlock,
  wordBlocks,
} from "#tone/model/blocks.ts";
import type { Encoded } from "./encode.ts";
import type { Example } from "./example.ts";
import { blocksOfPlaces } from "./expand.ts";
import type { Column } from "./grow.ts";

const most = 255;

/** Marks (1) the weight pairs that the examples use at least `least` times. */
export function findKnown(encoded: Encoded, examples: readonly Example[], least: number): Uint8Array {
  const uses = new Uint8Array(pairCount);
  const use = (id: number, times: number): void => {
    uses[id] = Math.min(most, (uses[id] as number) + times);
  };
  const words = countWords(encoded, examples);
  for (const name of wordBlocks)
    spreadWords(encoded, words.get(name) ?? new Uint32Array(), indexOfBlock[name], use);
  const usePairs = (from: Column, ids: Column, { text, block }: Example): void => {
    for (let i = from.data[text] as number; i < (from.data[text + 1] as number); i++) {
      const id = ids.data[i] as number;
      use(id, 1);
      if (id < contextStart && block !== null) use(id + indexOfBlock[block], 1);
    }
  };
  for (const example of examples) {
    usePairs(encoded.pairFrom, encoded.pair, example);
    usePairs(encoded.wholeFrom, encoded.whole, example);
  }
  return uses.map(count => (count >= least ? 1 : 0));
}

/** By block, how often each word stands where the block weighs it. */
function countWords(encoded: Encoded, examples: readonly Example[]): Map<WordBlock, Uint32Array> {
  const counts = new Map(wordBlocks.map(name => [name, new Uint32Array(encoded.gramFrom.length)]));
  const count = (name: WordBlock, word: number): void => {
    const column = counts.get(name) as Uint32Array;
    column[word] = (column[word] as number) + 1;
  };
  for (const { text, block } of examples) {
    const { data } = encoded.wordFrom;
    for (let i = data[text] as number; i < (data[text + 1] as number); i++) {
      const word = encoded.wordId.data[i] as number;
      const place = encoded.wordPlaces.data[i] as number;
      count("shared", word);
      if (block !== null) count(block, word);
      for (const [bit, name] of blocksOfPlaces) if ((place & bit) !== 0) count(name, word);
    }
  }
  return counts;
}

function spreadWords(
  encoded: Encoded,
  counts: Uint32Array,
  index: number,
  use: (id: number, times: number) => void,
): void {
  for (const [word, count] of counts.entries()) {
    if (count === 0) continue;
    const to = encoded.gramFrom.data[word + 1] as number;
    for (let i = encoded.gramFrom.data[word] as number; i < to; i++)
      use(rowAt(encoded.grams.data[i] as number) + index, count);
  }
}
