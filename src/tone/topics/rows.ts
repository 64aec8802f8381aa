/** Rows of weights; a feature is hashed into one of them. */
const rowBits = 15;
export const rowCount = 2 ** rowBits;

/** Lengths of the beginnings of a word that speak for all its forms. */
const stems: readonly number[] = [3, 4, 5, 6, 8];
/** Room for the rows of one word. */
export const mostWordRows = stems.length + 1;

/** The row of a feature. */
export const rowOf = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> (32 - rowBits);

const finish = (hash: number): number => {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
};

/** Writes the rows of a word, of its beginnings and of the whole, into `rows`; returns their number. */
export function readWordRows(folded: Uint8Array, length: number, rows: Int32Array): number {
  let hash = 0x2545f491;
  let count = 0;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ (folded[i] as number), 0x01000193);
    if (i + 1 < length && stems.includes(i + 1)) rows[count++] = rowOf(finish(hash ^ 0x55));
  }
  rows[count++] = rowOf(finish(hash ^ 0xaa));
  return count;
}
