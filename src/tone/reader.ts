import type { ToneInput } from "./define.ts";
import { createMatch, type FindMatch } from "./expressions.ts";
import { createFeatures, createPut, type Features } from "./features.ts";
import { createLanguageGuess, type LanguageGuess } from "./language.ts";
import { emojiTone } from "./lexicon/emoji.ts";
import { createMemo, type Memo, type WordSums } from "./memo.ts";
import { createRead } from "./read.ts";
import { createReading, type Reading } from "./reading.ts";
import { createTape, type Tape } from "./tape.ts";
import { createScan } from "./tokens.ts";
import { unitsPerLevel, type Vocabulary } from "./vocabulary.ts";
import { createWalk, type Walked } from "./walk.ts";
import { createWeigh } from "./weigh.ts";

/** One text as it was read; `evidence` is the lexicon's own verdict in units. Valid until the next text. */
export interface ReadText extends Walked {
  guess: LanguageGuess;
  tape: Tape;
  reading: Reading;
  evidence: number;
}

/** Reads texts for the scorer and for training: the same features in the same order. */
export interface Reader {
  vocabulary: Vocabulary;
  memo: Memo;
  /** Where every text is read into. */
  tape: Tape;
  reading: Reading;
  features: Features;
  match: FindMatch;
  read(input: ToneInput): ReadText;
}

function readEmoji(): Map<number, number> {
  const tones = new Map<number, number>();
  for (const [level, list] of emojiTone) {
    for (const sign of list.split(" ")) tones.set(sign.codePointAt(0) ?? 0, level * unitsPerLevel);
  }
  return tones;
}

/**
 * Builds a reader over a compiled lexicon; `model` and `topics` add up what they know of each word once. It
 * reuses its buffers: one per thread. Its parts share the columns from the beginning, so that the compiler
 * knows where they lie.
 */
export function createReader(
  vocabulary: Vocabulary,
  model: WordSums | null,
  topics: WordSums | null = null,
): Reader {
  const memo = createMemo(vocabulary, model, topics);
  const tape = createTape();
  const reading = createReading();
  const features = createFeatures();
  const guessLanguage = createLanguageGuess();
  const scanner = createScan(memo, tape, readEmoji());
  const match = createMatch(vocabulary, memo, tape);
  const readTape = createRead(vocabulary, memo, tape, reading, match);
  const weigh = createWeigh(vocabulary.weight.length, reading);
  const walk = createWalk(vocabulary, memo, tape, reading, createPut(features));

  const read = (input: ToneInput): ReadText => {
    const guess = guessLanguage(input.text, scanner.load(input.text));
    scanner.scan(guess.translit);
    readTape();
    const evidence = weigh(input);
    const { aimed, told } = walk(evidence, input.brandSpans ?? []);
    return { guess, tape, reading, evidence, aimed, told };
  };

  return { vocabulary, memo, tape, reading, features, match, read };
}
