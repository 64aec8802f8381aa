import { columnCount } from "#tone/topics/outputs.ts";
import { rowCount } from "#tone/topics/rows.ts";
import type { EncodedTopics } from "./encode.ts";

/** Weights by row and column, and what is added by column. */
export interface TopicWeights {
  weights: Float32Array;
  bias: Float64Array;
}

const firstSquare = 0.02;
const learnedBelow = 1e-4;
const mostUses = 255;

/** Adds up the rows of a clause, columns `from` to `to`, into `sums` at `at`. */
export function addRows(
  { weights }: TopicWeights,
  rows: Int32Array,
  from: number,
  to: number,
  sums: Float64Array,
  at: number,
): void {
  for (const row of rows) {
    const base = row * columnCount;
    for (let column = from; column < to; column++) {
      const place = at + column - from;
      sums[place] = (sums[place] as number) + (weights[base + column] as number);
    }
  }
}

/** How often each row is met, at most 255. */
export function countUses(texts: readonly EncodedTopics[]): Uint8Array {
  const uses = new Uint8Array(rowCount);
  for (const { clauses } of texts)
    for (const { rows } of clauses)
      for (const row of rows) uses[row] = Math.min(mostUses, (uses[row] as number) + 1);
  return uses;
}

/** Builds the steps of AdaGrad over rows and biases; rows met less often than `leastUses` stay. */
export function createSteps(into: TopicWeights, uses: Uint8Array, leastUses: number) {
  const squares = new Float32Array(into.weights.length).fill(firstSquare);
  const biasSquares = new Float64Array(columnCount).fill(1);
  const columns = new Int32Array(columnCount);
  return {
    bias: (column: number, slope: number, rate: number): void => {
      biasSquares[column] = (biasSquares[column] as number) + slope * slope;
      into.bias[column] =
        (into.bias[column] as number) - (rate * slope) / Math.sqrt(biasSquares[column] as number);
    },
    /** Moves the rows of a clause by the slopes of the columns from `from` on. */
    rows: (
      rows: Int32Array,
      slopes: Float64Array,
      at: number,
      from: number,
      to: number,
      rate: number,
    ): void => {
      let count = 0;
      for (let column = from; column < to; column++)
        if (Math.abs(slopes[at + column - from] as number) > learnedBelow) columns[count++] = column;
      if (count === 0) return;
      for (const row of rows) {
        if ((uses[row] as number) < leastUses) continue;
        for (let i = 0; i < count; i++) {
          const column = columns[i] as number;
          const slope = slopes[at + column - from] as number;
          const id = row * columnCount + column;
          const square = (squares[id] as number) + slope * slope;
          squares[id] = square;
          into.weights[id] = (into.weights[id] as number) - (rate * slope) / Math.sqrt(square);
        }
      }
    },
  };
}

/** Moves weights against their slopes. */
export type Steps = ReturnType<typeof createSteps>;
