const begin = 126;
const end = 127;
const longest = 5;
/** Longest stem counted from the beginning of a word. */
const stems = [6, 8] as const;
/** Room for the grams of the longest word. */
export const maxGrams = 512;

const scratch = new Uint8Array(128);

const finish = (hash: number): number => {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
};

/**
 * Hashes of the runs of two to five letters of a word with its ends marked, of its stems and of the whole,
 * into `grams`; returns their number.
 */
export function readGrams(folded: Uint8Array, length: number, grams: Int32Array): number {
  scratch[0] = begin;
  for (let i = 0; i < length; i++) scratch[i + 1] = folded[i] as number;
  scratch[length + 1] = end;
  const total = length + 2;
  let count = 0;
  for (let from = 0; from < total - 1; from++) {
    let hash = Math.imul(0x811c9dc5 ^ (scratch[from] as number), 0x01000193);
    const last = Math.min(total, from + longest);
    for (let i = from + 1; i < last; i++) {
      hash = Math.imul(hash ^ (scratch[i] as number), 0x01000193);
      grams[count++] = finish(hash ^ (i - from));
    }
  }
  let hash = 0x1f83d9ab;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ (folded[i] as number), 0x01000193);
    if (i + 1 === stems[0] || i + 1 === stems[1]) grams[count++] = finish(hash ^ 0x55);
  }
  grams[count++] = finish(hash ^ 0xaa);
  return count;
}
