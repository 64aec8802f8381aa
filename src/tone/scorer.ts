import { readAspects } from "./aspects.ts";
import type { ClassLogits, Scorer, ToneExplanation, ToneInput, ToneResult } from "./define.ts";
import { readIntents } from "./intents.ts";
import { type Family, familyOf } from "./kinds.ts";
import { createLanguageGuess, type LanguageGuess } from "./language.ts";
import { aspectWords } from "./lexicon/aspects.ts";
import { emojiTone } from "./lexicon/emoji.ts";
import { englishComplaints } from "./lexicon/en-complaints.ts";
import { englishPhrases } from "./lexicon/en-phrases.ts";
import { englishPraise } from "./lexicon/en-praise.ts";
import { intentWords } from "./lexicon/intents.ts";
import { roleWords } from "./lexicon/roles.ts";
import { russianComplaints } from "./lexicon/ru-complaints.ts";
import { russianPhrases } from "./lexicon/ru-phrases.ts";
import { russianPraise } from "./lexicon/ru-praise.ts";
import { russianSlang } from "./lexicon/ru-slang.ts";
import { createMemo } from "./memo.ts";
import { isConflict, ratingAlone, ratingEvidence, ratingPosition } from "./rating.ts";
import { createRead } from "./read.ts";
import type { Reading } from "./reading.ts";
import { scoredBy } from "./recalibrate.ts";
import type { Tape } from "./tape.ts";
import { createScan } from "./tokens.ts";
import { isUncertain, logitsOf, squash, verdictOf } from "./verdict.ts";
import { compileVocabulary, type Tables, unitsPerLevel, unitsPerLogit } from "./vocabulary.ts";
import { createWeigh } from "./weigh.ts";

/** Changes with every change of the lexicon or of the constants. */
const modelVersion = "lexicon-1";

/** Our own vocabulary of tone, written for this project. */
export const lexicon: Tables = {
  weighted: [
    russianComplaints,
    russianPraise,
    russianPhrases,
    russianSlang,
    englishComplaints,
    englishPraise,
    englishPhrases,
  ],
  roles: roleWords,
  aspects: aspectWords,
  intents: intentWords,
};

const isoLanguage = /^[a-z]{2}$/u;

function readEmoji(): Map<number, number> {
  const tones = new Map<number, number>();
  for (const [level, list] of emojiTone) {
    for (const sign of list.split(" ")) tones.set(sign.codePointAt(0) ?? 0, level * unitsPerLevel);
  }
  return tones;
}

/** One text read and weighed; `sum` is what the text says, `rating` what the stars add, in units. */
interface Weighed {
  family: Family;
  guess: LanguageGuess;
  tape: Tape;
  reading: Reading;
  position: number | null;
  basis: "text" | "rating";
  sum: number;
  rating: number;
}

/** Builds a scorer over the lexicon; the scorer reuses its own buffers, so it is not to be shared between threads. */
export function createScorer(): Scorer {
  const vocabulary = compileVocabulary(lexicon);
  const guessLanguage = createLanguageGuess();
  const scan = createScan(createMemo(vocabulary, null), readEmoji());
  const read = createRead(vocabulary);
  const weigh = createWeigh(vocabulary.weight.length);

  const weighInput = (input: ToneInput): Weighed => {
    const family = familyOf(input.kind);
    const guess = guessLanguage(input.text);
    const tape = scan(input.text, guess.translit);
    const reading = read(tape);
    const position = ratingPosition(input.rating);
    const common = { family, guess, tape, reading, position };
    if (tape.count === 0) {
      const rating = position === null ? 0 : ratingAlone(position);
      return { ...common, basis: position === null ? "text" : "rating", sum: 0, rating };
    }
    const rating = position === null ? 0 : ratingEvidence(position);
    const sum = weigh(reading, input, family.trust);
    return { ...common, basis: "text", sum, rating };
  };

  const languageOf = (input: ToneInput, guess: LanguageGuess): string =>
    typeof input.language === "string" && isoLanguage.test(input.language) ? input.language : guess.language;

  const score = (input: ToneInput): ToneResult => {
    const weighed = weighInput(input);
    const { guess, tape, reading, position, basis, sum, rating } = weighed;
    const { units, label, confidence } = verdictOf(sum + rating, weighed.family, input.recalibration);
    const intents = readIntents(input, label, reading, vocabulary, tape.linkCount);
    return {
      label,
      score: squash(units),
      confidence,
      uncertain: isUncertain(confidence),
      language: languageOf(input, guess),
      aspects: readAspects(input.text, reading, vocabulary),
      intents,
      spam: intents.includes("spam"),
      conflict: basis === "text" && position !== null && isConflict(sum, position),
      basis,
      modelVersion: scoredBy(modelVersion, input.recalibration),
    };
  };

  const explain = (input: ToneInput): ToneExplanation => {
    const { family, reading, sum, rating } = weighInput(input);
    const parts: ToneExplanation["parts"] = [];
    for (let i = 0; i < reading.hitCount; i++) {
      const start = reading.hitStart[i] as number;
      const end = reading.hitEnd[i] as number;
      const what =
        vocabulary.names[reading.hitMark[i] as number] || input.text.slice(start, end).toWellFormed();
      parts.push({ start, end, what, weight: (reading.hitWeight[i] as number) / unitsPerLogit });
    }
    if (rating !== 0) parts.push({ start: 0, end: 0, what: "rating", weight: rating / unitsPerLogit });
    const { units } = verdictOf(sum + rating, family, input.recalibration);
    const learned = units - sum - rating;
    if (learned !== 0) parts.push({ start: 0, end: 0, what: "corrections", weight: learned / unitsPerLogit });
    return { logit: units / unitsPerLogit, parts };
  };

  const logits = (input: ToneInput): ClassLogits => {
    const { family, sum, rating } = weighInput(input);
    return logitsOf(sum + rating, family);
  };

  return { modelVersion, score, explain, logits };
}
