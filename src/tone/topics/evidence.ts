import * as outputs from "./outputs.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { aspectCount, clauseColumns } = outputs;

/** More clauses than this are read by the tone model alone. */
export const mostClauses = 2048;

/** What is known of the clauses of one text, in columns; reused from text to text. */
export interface Evidence {
  count: number;
  /** By clause: its sentence, its tokens, and what the lexicon makes of it, in logits. */
  sentence: Uint16Array;
  tokens: Uint16Array;
  lexicon: Float64Array;
  /** By clause `clauseColumns` numbers: first sums of weights, after `spread` logits. */
  logits: Float64Array;
  /** Polarity of the whole text, in logits. */
  whole: number;
}

export const createEvidence = (): Evidence => ({
  count: 0,
  sentence: new Uint16Array(mostClauses),
  tokens: new Uint16Array(mostClauses),
  lexicon: new Float64Array(mostClauses),
  logits: new Float64Array(mostClauses * clauseColumns),
  whole: 0,
});

/** How sums of weights become logits. */
export interface Spreading {
  /** What the other clauses of the sentence count beside the clause's own words. */
  around: number;
  /** By column. */
  bias: ArrayLike<number>;
}

const mostTokens = 64;
/** A clause of `n` tokens is scaled by the entry of `n`, aspects mildly and tone more; roots are exact everywhere. */
export const aspectScale = scales(n => 1 / Math.sqrt(Math.sqrt(n + 4)));
export const toneScale = scales(n => 1 / Math.sqrt(n + 4));

function scales(of: (tokens: number) => number): Float64Array {
  return Float64Array.from({ length: mostTokens + 1 }, (_, tokens) => of(tokens));
}

/** The clause after the last one of the sentence that begins at `from`. */
function endOfSentence({ count, sentence }: Evidence, from: number): number {
  let to = from + 1;
  while (to < count && sentence[to] === sentence[from]) to++;
  return to;
}

const total = new Float64Array(clauseColumns);

function spreadClause(evidence: Evidence, clause: number, { around, bias }: Spreading): void {
  const tokens = Math.min(mostTokens, evidence.tokens[clause] as number);
  const at = clause * clauseColumns;
  for (let column = 0; column < clauseColumns; column++) {
    const own = evidence.logits[at + column] as number;
    const scale = (column < aspectCount ? aspectScale : toneScale)[tokens] as number;
    evidence.logits[at + column] =
      scale * (own + around * ((total[column] as number) - own)) + (bias[column] as number);
  }
}

/** Turns the sums of clauses into logits: what their sentence says beside them counts a little. */
export function spread(evidence: Evidence, spreading: Spreading): void {
  for (let from = 0; from < evidence.count; ) {
    const to = endOfSentence(evidence, from);
    total.fill(0);
    for (let clause = from; clause < to; clause++) {
      const at = clause * clauseColumns;
      for (let column = 0; column < clauseColumns; column++)
        total[column] = (total[column] as number) + (evidence.logits[at + column] as number);
    }
    for (let clause = from; clause < to; clause++) spreadClause(evidence, clause, spreading);
    from = to;
  }
}
