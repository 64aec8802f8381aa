import type { ToneInput } from "#tone/define.ts";
import { maxGrams, readGrams } from "#tone/grams.ts";
import { lexicon } from "#tone/lexicon/tables.ts";
import { hotWidth } from "#tone/memo.ts";
import { createReader } from "#tone/reader.ts";
import { compileVocabulary } from "#tone/vocabulary.ts";
import { type Column, createColumn, push } from "./grow.ts";

/**
 * Texts as features, in columns. Of text `t`: words `wordId[wordFrom[t] … wordFrom[t + 1])` with their
 * places, other features likewise with their routes. The grams of word `w` are `grams[gramFrom[w] …]`.
 */
export interface Encoded {
  textCount: number;
  wordFrom: Column;
  wordId: Column;
  wordPlaces: Column;
  featureFrom: Column;
  featureHash: Column;
  featureRoute: Column;
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
    featureFrom: createColumn(),
    featureHash: createColumn(),
    featureRoute: createColumn(),
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
  const sink = {
    word: (_start: number, _end: number, entry: number, places: number): void => {
      push(encoded.wordId, reader.memo.numbers[entry * hotWidth] as number);
      push(encoded.wordPlaces, places);
    },
    feature: (_start: number, _end: number, route: number, hash: number): void => {
      push(encoded.featureHash, hash);
      push(encoded.featureRoute, route);
    },
  };

  return {
    encoded,
    add: input => {
      encoded.textCount++;
      push(encoded.wordFrom, encoded.wordId.length);
      push(encoded.featureFrom, encoded.featureHash.length);
      const { told } = reader.read(input, sink);
      push(encoded.told, told);
    },
  };
}

/** Closes the last rows, so that `from[i + 1]` exists for every i; call once after the last `add`. */
export function seal(encoded: Encoded): Encoded {
  push(encoded.wordFrom, encoded.wordId.length);
  push(encoded.featureFrom, encoded.featureHash.length);
  push(encoded.gramFrom, encoded.grams.length);
  return encoded;
}
