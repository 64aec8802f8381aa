import type { ClassLogits, Scorer, ToneExplanation, ToneInput, ToneResult, ToneVerdict } from "./define.ts";
import { explainParts } from "./explain.ts";
import { intentsOf } from "./intents.ts";
import { createLogits, createWordSums, type Logits, unitsPerLogit } from "./logit.ts";
import { type ModelFacts, readModel } from "./model/file.ts";
import { unpackVocabulary } from "./model/vocabulary.ts";
import { atPosition, isConflict, ratingPosition } from "./rating.ts";
import { createReader } from "./reader.ts";
import { scoredBy } from "./recalibrate.ts";
import { readTopics, type TopicFacts } from "./topics/file.ts";
import { packRows } from "./topics/lanes.ts";
import { createTopicSums } from "./topics/read.ts";
import { createTeller, type Told } from "./topics/tell.ts";
import { verdictOf } from "./verdict.ts";

const isoLanguage = /^[a-z]{2}$/u;

const languageOf = (input: ToneInput, guess: string): string =>
  typeof input.language === "string" && isoLanguage.test(input.language) ? input.language : guess;

/** A text and its stars, weighed; polarities in units. */
interface Weighed {
  logits: Logits;
  /** What the text says, and what the stars add. */
  text: number;
  stars: number;
  decided: number;
  position: number | null;
  basis: "text" | "rating";
}

const classesOf = ({ text, stars, decided }: Weighed): ClassLogits => ({
  negative: (decided - text - stars) / unitsPerLogit,
  positive: (decided + text + stars) / unitsPerLogit,
});

/** Names everything that a result follows from: `tone-` and the hashes of both models. */
const versionOf = (tone: ModelFacts, topics: TopicFacts | null): string =>
  topics === null ? tone.version : `${tone.version}.${topics.version.replace("topics-", "")}`;

const toldNothing: Told = { aspects: [], flags: new Set() };

/**
 * Builds a scorer over the bytes of a model file and of the file of aspects and intents, without which it
 * tells neither; throws ModelError when they are no models of this version. The scorer reuses its own
 * buffers, so it is not to be shared between threads.
 */
export function createScorer(bytes: Uint8Array, topicBytes: Uint8Array | null = null): Scorer {
  const model = readModel(bytes);
  const { facts } = model;
  const topics = topicBytes === null ? null : readTopics(topicBytes);
  const modelVersion = versionOf(facts, topics?.facts ?? null);
  const topicRows = topics === null ? new Int32Array() : packRows(topics.weights);
  const reader = createReader(
    unpackVocabulary(model.vocabulary),
    createWordSums(model),
    topics === null ? null : createTopicSums(topicRows),
  );
  const weigh = createLogits(model, reader);
  const tellTopics = topics === null ? null : createTeller(topics.facts, topicRows, reader);

  const withStars = (input: ToneInput, logits: Logits): Weighed => {
    const position = ratingPosition(input.rating);
    // A text without a word says nothing; its stars then stand alone.
    if (logits.text.tape.count === 0) {
      const stars = position === null ? 0 : atPosition(facts.starsAlone, position);
      const basis = position === null ? "text" : "rating";
      return { logits, text: 0, stars, decided: Math.abs(stars) - unitsPerLogit, position, basis };
    }
    const stars = position === null ? 0 : atPosition(facts.stars, position);
    return { logits, text: logits.polarity, stars, decided: logits.decided, position, basis: "text" };
  };

  const verdict = (input: ToneInput, weighed: Weighed) =>
    verdictOf(classesOf(weighed), facts.manners[weighed.logits.family], input.recalibration);

  const judge = (input: ToneInput): ToneVerdict => {
    const weighed = withStars(input, weigh(input, null));
    const { label, score, confidence, uncertain } = verdict(input, weighed);
    return {
      label,
      score,
      confidence,
      uncertain,
      language: languageOf(input, weighed.logits.text.guess.language),
      modelVersion: scoredBy(modelVersion, input.recalibration),
    };
  };

  const tell = (input: ToneInput, { logits, text, stars, decided }: Weighed): Told => {
    if (tellTopics === null) return toldNothing;
    const found = { text, polarity: text + stars, decided };
    return tellTopics(input, logits.text, found);
  };

  const score = (input: ToneInput): ToneResult => {
    const weighed = withStars(input, weigh(input, null));
    const { label, score, confidence, uncertain } = verdict(input, weighed);
    const { aspects, flags } = tell(input, weighed);
    const { position, basis } = weighed;
    return {
      label,
      score,
      confidence,
      uncertain,
      language: languageOf(input, weighed.logits.text.guess.language),
      aspects,
      intents: intentsOf(input.kind, flags),
      spam: flags.has("spam"),
      conflict:
        basis === "text" && position !== null && isConflict(weighed.text, position, facts.conflictFrom),
      basis,
      modelVersion: scoredBy(modelVersion, input.recalibration),
    };
  };

  const explain = (input: ToneInput): ToneExplanation => {
    const { logits, parts } = explainParts(input, weigh);
    const weighed = withStars(input, logits);
    const { text, stars } = weighed;
    const { logits: moved } = verdict(input, weighed);
    const polarity = Math.round(((moved.positive - moved.negative) / 2) * unitsPerLogit);
    const learned = polarity - text - stars;
    if (stars !== 0) parts.push({ start: 0, end: 0, what: "rating", weight: stars / unitsPerLogit });
    if (learned !== 0) parts.push({ start: 0, end: 0, what: "corrections", weight: learned / unitsPerLogit });
    return { logit: polarity / unitsPerLogit, parts };
  };

  return {
    modelVersion,
    score,
    judge,
    explain,
    logits: input => {
      const weighed = withStars(input, weigh(input, null));
      const { negativeLead, positiveLead } = facts.manners[weighed.logits.family];
      return { ...classesOf(weighed), negativeLead, positiveLead };
    },
  };
}
