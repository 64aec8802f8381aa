import type { ToneInput } from "#tone/define.ts";
import { maxGrams, readGrams } from "#tone/grams.ts";
import { lexicon } from "#tone/lexicon/tables.ts";
import { hotWidth } from "#tone/memo.ts";
import { createReader } from "#tone/reader.ts";
import { compileVocabulary } from "#tone/vocabulary.ts";
import { type Column, createColumn, push } from "./grow.ts";

/**
 * Texts as features, in columns. Of text `t`: words `wordId[wordFrom[t] … wordFrom[t + 1])` with their
 * places; weight pairs damped by its length and those of the whole likewise. The grams of word `w` are
 * `grams[gramFrom[w] …]`.
 */
export interface Encoded {
  textCount: number;
  wordFrom: Column;
  wordId: Column;
  wordPlaces: Column;
  pairFrom: Column;
  pair: Column;
  /** Where the pairs that the lexicon gave begin. */
  hitFrom: Column;
  wholeFrom: Column;
  whole: Column;
  /** Words told per text: what its length is worth. */
  told: Column;
  gramFrom: Column;
  grams: Column;
}

/** Builds an encoder; `add` appends one text to `encoded`. */
export function createEncoder(): { encoded: Encoded; add(input: ToneInput): void } {
  const encoded: Encoded = {
    textCount: 0,
    wordFrom: createColumn(),
    wordId: createColumn(),
    wordPlaces: createColumn(),
    pairFrom: createColumn(),
    pair: createColumn(),
    hitFrom: createColumn(),
    wholeFrom: createColumn(),
    whole: createColumn(),
    told: createColumn(),
    gramFrom: createColumn(),
    grams: createColumn(),
  };
  const ids = new Map<string, number>();
  const scratch = new Int32Array(maxGrams);

  const idOf = (folded: Uint8Array, length: number): number => {
    const key = String.fromCharCode(...folded.subarray(0, length));
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = ids.size;
    ids.set(key, id);
    push(encoded.gramFrom, encoded.grams.length);
    const count = readGrams(folded, length, scratch);
    for (let i = 0; i < count; i++) push(encoded.grams, scratch[i] as number);
    return id;
  };

  const reader = createReader(compileVocabulary(lexicon), {
    width: 1,
    add: (folded, length, sums, at) => {
      sums[at] = idOf(folded, length);
    },
  });
  const { features, memo } = reader;

  return {
    encoded,
    add: input => {
      encoded.textCount++;
      openRow(encoded);
      const { told } = reader.read(input);
      push(encoded.told, told);
      for (let i = 0; i < features.wordCount; i++) {
        push(encoded.wordId, memo.numbers[(features.wordEntry[i] as number) * hotWidth] as number);
        push(encoded.wordPlaces, features.wordPlace[i] as number);
      }
      push(encoded.hitFrom, encoded.pair.length + features.firstHit);
      for (let i = 0; i < features.pairCount; i++) push(encoded.pair, features.pair[i] as number);
      for (let i = 0; i < features.wholeCount; i++) push(encoded.whole, features.whole[i] as number);
    },
  };
}

function openRow(encoded: Encoded): void {
  push(encoded.wordFrom, encoded.wordId.length);
  push(encoded.pairFrom, encoded.pair.length);
  push(encoded.wholeFrom, encoded.whole.length);
}

/** Closes the last rows, so that `from[i + 1]` exists for every i; call once after the last `add`. */
export function seal(encoded: Encoded): Encoded {
  openRow(encoded);
  push(encoded.gramFrom, encoded.grams.length);
  return encoded;
}
