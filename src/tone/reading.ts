import { headUnits, tailUnits } from "./tape.ts";

/** Where a clause stands to "но" and "хотя" of its sentence. */
export const sides = { none: 0, before: 1, after: 2, concession: 3 } as const;

/** Evidence and clauses of one text, in columns; reused from text to text by one scorer. */
export interface Reading {
  hitCount: number;
  hitStart: Int32Array;
  hitEnd: Int32Array;
  hitClause: Uint16Array;
  /** The token that a hit begins with. */
  hitToken: Uint16Array;
  /** The mark of the vocabulary, or 0 for an emoji. */
  hitMark: Uint16Array;
  /** Units after negation, intensity and what surrounds the word; later scaled in place. */
  hitWeight: Int32Array;
  clauseCount: number;
  clauseStart: Int32Array;
  clauseEnd: Int32Array;
  clauseSentence: Uint16Array;
  /** Percent that every hit of the clause is worth: contrast, questions, exclamations. */
  clauseShare: Int16Array;
  clauseTone: Int32Array;
  /** A value of `sides`. */
  clauseSide: Uint8Array;
  sentenceCount: number;
  sentenceAsks: Uint8Array;
  sentenceBangs: Uint8Array;
  /** Marks that name an aspect or an intent, with their clauses; written when topics are asked for. */
  noteCount: number;
  noteMark: Uint16Array;
  noteClause: Uint16Array;
}

const most = headUnits + tailUnits + 1;

export const createReading = (): Reading => ({
  hitCount: 0,
  hitStart: new Int32Array(most),
  hitEnd: new Int32Array(most),
  hitClause: new Uint16Array(most),
  hitToken: new Uint16Array(most),
  hitMark: new Uint16Array(most),
  hitWeight: new Int32Array(most),
  clauseCount: 0,
  clauseStart: new Int32Array(most),
  clauseEnd: new Int32Array(most),
  clauseSentence: new Uint16Array(most),
  clauseShare: new Int16Array(most),
  clauseTone: new Int32Array(most),
  clauseSide: new Uint8Array(most),
  sentenceCount: 0,
  sentenceAsks: new Uint8Array(most),
  sentenceBangs: new Uint8Array(most),
  noteCount: 0,
  noteMark: new Uint16Array(most),
  noteClause: new Uint16Array(most),
});
