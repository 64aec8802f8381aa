import { mix } from "#tone/features.ts";
import { hot, hotWidth, type Memo } from "#tone/memo.ts";
import type { Reading } from "#tone/reading.ts";
import { breaks, contexts, flags, type Tape } from "#tone/tape.ts";
import type { Vocabulary } from "#tone/vocabulary.ts";

/** Takes the features of one text; a clause of -1 stands for the text as a whole. */
export interface TopicSink {
  word(clause: number, entry: number): void;
  feature(clause: number, hash: number): void;
}

const seeds = {
  pair: 0x1d2c3b4a,
  negated: 0x2b5d,
  note: 0x3c71,
  aspect: 0x4e13,
  sign: 0x5f27,
  asks: 0x6a39,
  bangs: 0x7b4b,
} as const;

/** Builds the walk over a read text that names every feature of its clauses once, for training and scoring alike. */
export function createTopicWalk({ aspect, nameHash }: Vocabulary, memo: Memo) {
  const walkNotes = (reading: Reading, sink: TopicSink): void => {
    for (let i = 0; i < reading.noteCount; i++) {
      const mark = reading.noteMark[i] as number;
      const clause = reading.noteClause[i] as number;
      sink.feature(clause, mix(seeds.note, nameHash[mark] as number));
      if (aspect[mark] !== 0) sink.feature(clause, mix(seeds.aspect, aspect[mark] as number));
    }
  };

  const walkSentences = (reading: Reading, sink: TopicSink): void => {
    for (let clause = 0; clause < reading.clauseCount; clause++) {
      const sentence = reading.clauseSentence[clause] as number;
      if ((reading.sentenceAsks[sentence] as number) > 0) sink.feature(clause, seeds.asks);
      if ((reading.sentenceBangs[sentence] as number) > 0) sink.feature(clause, seeds.bangs);
    }
  };

  return (tape: Tape, reading: Reading, sink: TopicSink): void => {
    let before = -1;
    for (let token = 0; token < tape.count; token++) {
      const clause = tape.clause[token] as number;
      if (tape.flags[token] === flags.sign) {
        sink.feature(clause, mix(seeds.sign, tape.glyph[token] as number));
        before = -1;
        continue;
      }
      const entry = tape.entry[token] as number;
      sink.word(clause, entry);
      const stem = memo.numbers[entry * hotWidth + hot.stem] as number;
      if (((tape.context[token] as number) & contexts.negated) !== 0)
        sink.feature(clause, mix(seeds.negated, stem));
      if (before >= 0 && (tape.break[token] as number) <= breaks.light)
        sink.feature(
          clause,
          mix(mix(seeds.pair, memo.numbers[before * hotWidth + hot.stem] as number), stem),
        );
      before = entry;
    }
    walkNotes(reading, sink);
    walkSentences(reading, sink);
  };
}
