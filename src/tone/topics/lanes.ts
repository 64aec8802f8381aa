import { columnCount } from "./outputs.ts";

/**
 * Sums of small weights four to a number. A row of weights is `laneCount / 2` numbers of four bytes; a sum is
 * `laneCount` lanes of two columns each, 16 bits to a column: first the columns whose number is even in their
 * four, then the odd ones.
 */
const wordsPerRow = columnCount / 4;
export const laneCount = 2 * wordsPerRow;
/** What a byte counts for the weight 0, so that none is below zero: its uppermost bit turned does that. */
const zero = 128;
const zeros = 0x80808080;
/** Rows that a sum takes before a column could run over. */
export const mostRows = 256;
/** A word counts as so many rows whatever their number, so that its zero is known. */
export const rowsPerWord = 8;
const evenBytes = 0x00ff00ff;
const zeroOfRow = zero * 0x00010001;

/** The rows of weights, four to a number. */
export const packRows = (weights: Int8Array): Int32Array => new Int32Array(weights.slice().buffer);

/** Adds a row to the sum at `lanes[at, at + laneCount)`. */
export function addRow(rows: Int32Array, row: number, lanes: Int32Array, at: number): void {
  const from = row * wordsPerRow;
  for (let i = 0; i < wordsPerRow; i++) {
    const four = (rows[from + i] as number) ^ zeros;
    lanes[at + i] = (lanes[at + i] as number) + (four & evenBytes);
    lanes[at + wordsPerRow + i] = (lanes[at + wordsPerRow + i] as number) + ((four >>> 8) & evenBytes);
  }
}

/** Makes the sum of `count` rows one of `rowsPerWord`. */
export function fillRows(lanes: Int32Array, at: number, count: number): void {
  for (let i = 0; i < laneCount; i++)
    lanes[at + i] = (lanes[at + i] as number) + (rowsPerWord - count) * zeroOfRow;
}

/** Adds one sum to another. */
export function addLanes(from: Int32Array, fromAt: number, lanes: Int32Array, at: number): void {
  for (let i = 0; i < laneCount; i++)
    lanes[at + i] = (lanes[at + i] as number) + (from[fromAt + i] as number);
}

/** Adds the sum of `count` rows to plain sums by column at `sums[to, to + columnCount)`, and begins it anew. */
export function emptyLanes(lanes: Int32Array, at: number, count: number, sums: Int32Array, to: number): void {
  const added = count * zero;
  for (let i = 0; i < laneCount; i++) {
    const lane = lanes[at + i] as number;
    lanes[at + i] = 0;
    const column = to + (i < wordsPerRow ? 4 * i : 4 * (i - wordsPerRow) + 1);
    sums[column] = (sums[column] as number) + (lane & 0xffff) - added;
    sums[column + 2] = (sums[column + 2] as number) + (lane >>> 16) - added;
  }
}
