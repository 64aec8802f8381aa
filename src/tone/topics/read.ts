import type { WordSums } from "#tone/memo.ts";
import type { Reader, ReadText } from "#tone/reader.ts";
import * as clauses from "./evidence.ts";
import { createEvidence, type Evidence, spread } from "./evidence.ts";
import type { TopicFacts } from "./file.ts";
import * as sizes from "./lanes.ts";
import * as outputs from "./outputs.ts";
import { mostWordRows, readWordRows, rowOf } from "./rows.ts";
import { createTopicWalk } from "./walk.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { mostClauses } = clauses;
const { addLanes, addRow, emptyLanes, fillRows, laneCount, mostRows, rowsPerWord } = sizes;
const { clauseColumns, columnCount, flagNames } = outputs;

/** What the model adds up over the letters of a word, in lanes; `packed` are its rows. */
export function createTopicSums(packed: Int32Array): WordSums {
  const rows = new Int32Array(mostWordRows);
  return {
    width: laneCount,
    add: (folded, length, sums, at) => {
      const count = readWordRows(folded, length, rows);
      for (let i = 0; i < count; i++) addRow(packed, rows[i] as number, sums, at);
      fillRows(sums, at, count);
    },
  };
}

/** Lexicon units in a logit. */
const lexiconUnits = 64;

/** Copies what the reading tells of the clauses; the clauses' sums are the caller's. */
export function fillEvidence(evidence: Evidence, { tape, reading }: ReadText, whole: number): void {
  evidence.count = Math.min(mostClauses, reading.clauseCount);
  evidence.whole = whole;
  evidence.tokens.fill(0, 0, evidence.count);
  for (let token = 0; token < tape.count; token++) {
    const clause = tape.clause[token] as number;
    if (clause < mostClauses) evidence.tokens[clause] = (evidence.tokens[clause] as number) + 1;
  }
  for (let clause = 0; clause < evidence.count; clause++) {
    evidence.sentence[clause] = reading.clauseSentence[clause] as number;
    evidence.lexicon[clause] = (reading.clauseTone[clause] as number) / lexiconUnits;
  }
}

/** What a model says of one text: its clauses, and sums of the flags. Valid until the next text. */
export interface TopicReading {
  evidence: Evidence;
  flags: Float64Array;
}

/** Builds the sum of the topics' weights over a read text. */
export function createTopicReader(facts: TopicFacts, packed: Int32Array, reader: Reader) {
  const { memo } = reader;
  const evidence = createEvidence();
  const flags = new Float64Array(flagNames.length);
  /** By clause what its features add up to, those of them that wait in lanes, and how many rows those are. */
  const sums = new Int32Array(mostClauses * columnCount);
  const lanes = new Int32Array(mostClauses * laneCount);
  const rowCounts = new Int32Array(mostClauses);
  const stepOf = Float64Array.from(facts.steps);
  const { topicSums } = memo;

  const empty = (clause: number): void => {
    emptyLanes(lanes, clause * laneCount, rowCounts[clause] as number, sums, clause * columnCount);
    rowCounts[clause] = 0;
  };

  /** Makes room in the lanes of a clause; returns where they begin. */
  const reserve = (clause: number, rows: number): number => {
    const held = Math.min(clause, mostClauses - 1);
    if ((rowCounts[held] as number) + rows > mostRows) empty(held);
    rowCounts[held] = (rowCounts[held] as number) + rows;
    return held * laneCount;
  };

  const walk = createTopicWalk(reader, {
    word: (clause, entry) => addLanes(topicSums, entry * laneCount, lanes, reserve(clause, rowsPerWord)),
    feature: (clause, hash) => addRow(packed, rowOf(hash), lanes, reserve(clause, 1)),
  });

  const takeClause = (clause: number): void => {
    empty(clause);
    const from = clause * columnCount;
    const to = clause * clauseColumns;
    for (let column = 0; column < clauseColumns; column++)
      evidence.logits[to + column] = (sums[from + column] as number) * (stepOf[column] as number);
    for (let flag = 0; flag < flags.length; flag++)
      flags[flag] = (flags[flag] as number) + (sums[from + clauseColumns + flag] as number);
  };

  return (text: ReadText, whole: number): TopicReading => {
    fillEvidence(evidence, text, whole);
    sums.fill(0, 0, evidence.count * columnCount);
    flags.fill(0);
    walk();
    for (let clause = 0; clause < evidence.count; clause++) takeClause(clause);
    const scale = flagScale(text.tape.count);
    for (let flag = 0; flag < flags.length; flag++) {
      const column = clauseColumns + flag;
      flags[flag] =
        (flags[flag] as number) * (stepOf[column] as number) * scale + (facts.bias[column] as number);
    }
    spread(evidence, facts);
    return { evidence, flags };
  };
}

const shortest = 4;

/** What the sum of a text of so many tokens is scaled by. */
export const flagScale = (tokens: number): number => 1 / Math.sqrt(tokens + shortest);
