import type { ToneInput } from "./define.ts";
import type { Sink } from "./features.ts";
import { createLanguageGuess, type LanguageGuess } from "./language.ts";
import { emojiTone } from "./lexicon/emoji.ts";
import { createMemo, type Memo, type WordSums } from "./memo.ts";
import { createRead } from "./read.ts";
import type { Reading } from "./reading.ts";
import type { Tape } from "./tape.ts";
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
  read(input: ToneInput, sink: Sink): ReadText;
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
 * reuses its buffers: one per thread.
 */
export function createReader(
  vocabulary: Vocabulary,
  model: WordSums | null,
  topics: WordSums | null = null,
): Reader {
  const memo = createMemo(vocabulary, model, topics);
  const guessLanguage = createLanguageGuess();
  const scanner = createScan(memo, readEmoji());
  const read = createRead(vocabulary);
  const weigh = createWeigh(vocabulary.weight.length);
  const walk = createWalk(vocabulary, memo);
  return {
    vocabulary,
    memo,
    read: (input, sink) => {
      const guess = guessLanguage(input.text, scanner.load(input.text));
      const tape = scanner.scan(guess.translit);
      const reading = read(tape);
      const spans = input.brandSpans ?? [];
      const evidence = weigh(reading, input, 100);
      const { aimed, told } = walk(tape, reading, evidence, spans, input.text.length, sink);
      return { guess, tape, reading, evidence, aimed, told };
    },
  };
}
