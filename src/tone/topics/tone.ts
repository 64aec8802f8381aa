import { exactExp } from "#tone/exact.ts";
import type { Evidence } from "./evidence.ts";
import * as outputs from "./outputs.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { aspectCount, clauseColumns, decidedColumn, polarityColumn } = outputs;

/** Numbers that the polarity and the decidedness of a clause are weighed from. */
export const polarityInputs = 7;
export const decidedInputs = 4;
const mostLexicon = 3;
/** A text of fewer clauses is taken to mean in each what it means as a whole. */
const shortText = 4;
/** A clause in which some aspect has at least this logit keeps its opinion to itself. */
const claimedFrom = -1;
/** Where a clause without an opinion looks for one. */
const neighbours = [1, 2, -1] as const;

const held = (value: number): number => Math.max(-mostLexicon, Math.min(mostLexicon, value));
const logitAt = ({ logits }: Evidence, clause: number, column: number): number =>
  logits[clause * clauseColumns + column] as number;

function isClaimed(evidence: Evidence, clause: number): boolean {
  for (let aspect = 0; aspect < aspectCount; aspect++)
    if (logitAt(evidence, clause, aspect) >= claimedFrom) return true;
  return false;
}

/**
 * "Доставка, честно говоря, ужас": a clause without an opinion takes the strongest of the neighbours that
 * have no aspect.
 */
export function opinionClause(evidence: Evidence, clause: number): number {
  const { count, sentence, lexicon } = evidence;
  if (lexicon[clause] !== 0) return clause;
  let best = clause;
  for (let i = 0; i < neighbours.length; i++) {
    const other = clause + (neighbours[i] as number);
    if (other < 0 || other >= count || sentence[other] !== sentence[clause]) continue;
    const size = Math.abs(lexicon[other] as number);
    if (size > Math.abs(lexicon[best] as number) && !isClaimed(evidence, other)) best = other;
  }
  return best;
}

/** What a clause and its neighbours in the sentence say about its polarity. */
export function polarityOf(evidence: Evidence, clause: number, into: Float64Array): void {
  const { count, sentence, lexicon, whole } = evidence;
  const own = sentence[clause];
  const before = clause > 0 && sentence[clause - 1] === own;
  const after = clause + 1 < count && sentence[clause + 1] === own;
  into[0] = 1;
  into[1] = logitAt(evidence, clause, polarityColumn);
  into[2] = held(lexicon[opinionClause(evidence, clause)] as number);
  into[3] = before ? logitAt(evidence, clause - 1, polarityColumn) : 0;
  into[4] = after ? logitAt(evidence, clause + 1, polarityColumn) : 0;
  into[5] = whole;
  into[6] = count < shortText ? whole : 0;
}

/** What a clause says about whether it judges at all. */
export function decidedOf(evidence: Evidence, clause: number, into: Float64Array): void {
  into[0] = 1;
  into[1] = logitAt(evidence, clause, decidedColumn);
  into[2] = Math.abs(logitAt(evidence, clause, polarityColumn));
  into[3] = evidence.lexicon[opinionClause(evidence, clause)] === 0 ? 0 : 1;
}

/** Sum of products over the length of `inputs`. */
export function weigh(weights: ArrayLike<number>, inputs: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < inputs.length; i++) sum += (weights[i] as number) * (inputs[i] as number);
  return sum;
}

/** How the tone of a clause is weighed. */
export interface ToneWeights {
  polarity: readonly number[];
  decided: readonly number[];
}

/** Builds the chances of negative, neutral and positive of a clause, written into `into` from `at` on. */
export function createClauseTone({ polarity, decided }: ToneWeights) {
  const inputs = new Float64Array(polarityInputs);
  const decidedBy = new Float64Array(decidedInputs);
  return (evidence: Evidence, clause: number, into: Float64Array, at: number): void => {
    polarityOf(evidence, clause, inputs);
    decidedOf(evidence, clause, decidedBy);
    const s = weigh(polarity, inputs);
    const u = weigh(decided, decidedBy);
    const negative = exactExp(u - s);
    const positive = exactExp(u + s);
    const sum = negative + 1 + positive;
    into[at] = negative / sum;
    into[at + 1] = 1 / sum;
    into[at + 2] = positive / sum;
  };
}
