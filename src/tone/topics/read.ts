import type { Memo, WordSums } from "#tone/memo.ts";
import type { ReadText } from "#tone/reader.ts";
import type { Vocabulary } from "#tone/vocabulary.ts";
import { createEvidence, type Evidence, mostClauses, spread } from "./evidence.ts";
import type { TopicModel } from "./file.ts";
import { clauseColumns, columnCount, flagNames } from "./outputs.ts";
import { mostWordRows, readWordRows, rowOf } from "./rows.ts";
import { createTopicWalk } from "./walk.ts";

/** What the model adds up over the letters of a word, in steps by column. */
export function createTopicSums({ weights }: TopicModel): WordSums {
  const rows = new Int32Array(mostWordRows);
  return {
    width: columnCount,
    add: (folded, length, sums, at) => {
      const count = readWordRows(folded, length, rows);
      for (let i = 0; i < count; i++) {
        const row = (rows[i] as number) * columnCount;
        for (let column = 0; column < columnCount; column++)
          sums[at + column] = (sums[at + column] as number) + (weights[row + column] as number);
      }
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
export function createTopicReader({ facts, weights }: TopicModel, vocabulary: Vocabulary, memo: Memo) {
  const evidence = createEvidence();
  const flags = new Float64Array(flagNames.length);
  const steps = Int32Array.from({ length: mostClauses * columnCount });
  const walk = createTopicWalk(vocabulary, memo);
  const { topicSums } = memo;
  const sink = {
    word: (clause: number, entry: number): void => {
      const to = Math.min(clause, mostClauses - 1) * columnCount;
      const from = entry * columnCount;
      for (let column = 0; column < columnCount; column++)
        steps[to + column] = (steps[to + column] as number) + (topicSums[from + column] as number);
    },
    feature: (clause: number, hash: number): void => {
      const to = Math.min(clause, mostClauses - 1) * columnCount;
      const from = rowOf(hash) * columnCount;
      for (let column = 0; column < columnCount; column++)
        steps[to + column] = (steps[to + column] as number) + (weights[from + column] as number);
    },
  };

  const takeClause = (clause: number): void => {
    const from = clause * columnCount;
    for (let column = 0; column < clauseColumns; column++)
      evidence.logits[clause * clauseColumns + column] =
        (steps[from + column] as number) * (facts.steps[column] as number);
    for (let flag = 0; flag < flags.length; flag++)
      flags[flag] = (flags[flag] as number) + (steps[from + clauseColumns + flag] as number);
  };

  return (text: ReadText, whole: number): TopicReading => {
    fillEvidence(evidence, text, whole);
    steps.fill(0, 0, evidence.count * columnCount);
    flags.fill(0);
    walk(text.tape, text.reading, sink);
    for (let clause = 0; clause < evidence.count; clause++) takeClause(clause);
    const scale = flagScale(text.tape.count);
    for (let flag = 0; flag < flags.length; flag++) {
      const column = clauseColumns + flag;
      flags[flag] =
        (flags[flag] as number) * (facts.steps[column] as number) * scale + (facts.bias[column] as number);
    }
    spread(evidence, facts);
    return { evidence, flags };
  };
}

const shortest = 4;

/** What the sum of a text of so many tokens is scaled by. */
export const flagScale = (tokens: number): number => 1 / Math.sqrt(tokens + shortest);
