import * as features from "#tone/features.ts";
import * as words from "#tone/memo.ts";
import type { Reader } from "#tone/reader.ts";
import * as tokens from "#tone/tape.ts";
import { createNotes } from "./notes.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { mix } = features;
const { hot, hotWidth } = words;
const { breaks, contexts, flags } = tokens;

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
export function createTopicWalk(reader: Reader, sink: TopicSink) {
  const { tape, reading } = reader;
  const { aspect, nameHash } = reader.vocabulary;
  const { numbers } = reader.memo;
  const readNotes = createNotes(reader);
  const { clause, flags: flagsOf, entry, glyph, context, break: breakBefore } = tape;
  const { noteMark, noteClause, clauseSentence, sentenceAsks, sentenceBangs } = reading;

  const walkTokens = (): void => {
    let before = -1;
    for (let token = 0; token < tape.count; token++) {
      const at = clause[token] as number;
      if (flagsOf[token] === flags.sign) {
        sink.feature(at, mix(seeds.sign, glyph[token] as number));
        before = -1;
        continue;
      }
      const word = entry[token] as number;
      sink.word(at, word);
      const stem = numbers[word * hotWidth + hot.stem] as number;
      if (((context[token] as number) & contexts.negated) !== 0) sink.feature(at, mix(seeds.negated, stem));
      if (before >= 0 && (breakBefore[token] as number) <= breaks.light)
        sink.feature(at, mix(mix(seeds.pair, numbers[before * hotWidth + hot.stem] as number), stem));
      before = word;
    }
  };

  const walkNotes = (): void => {
    for (let i = 0; i < reading.noteCount; i++) {
      const mark = noteMark[i] as number;
      const at = noteClause[i] as number;
      sink.feature(at, mix(seeds.note, nameHash[mark] as number));
      if (aspect[mark] !== 0) sink.feature(at, mix(seeds.aspect, aspect[mark] as number));
    }
  };

  const walkSentences = (): void => {
    for (let at = 0; at < reading.clauseCount; at++) {
      const sentence = clauseSentence[at] as number;
      if ((sentenceAsks[sentence] as number) > 0) sink.feature(at, seeds.asks);
      if ((sentenceBangs[sentence] as number) > 0) sink.feature(at, seeds.bangs);
    }
  };

  return (): void => {
    readNotes();
    walkTokens();
    walkNotes();
    walkSentences();
  };
}
