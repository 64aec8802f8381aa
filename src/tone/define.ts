import type { TextKind } from "#domain/item.ts";
import type { OwnAspects } from "./topics/own.ts";

export type Tone = "positive" | "neutral" | "negative";

/** A half-open range of UTF-16 units in the text that was scored. */
export interface Span {
  start: number;
  end: number;
}

/** One text to score; `brandSpans` are where the brand is named, empty when the whole text is about it. */
export interface ToneInput {
  text: string;
  kind: TextKind | null;
  language?: string | null;
  rating?: { value: number; scale: number } | null;
  brandSpans?: readonly Span[];
  /** What people's corrections taught about the text's source. */
  recalibration?: Recalibration | null;
  /** The brand's own words by aspect. */
  ownAspects?: OwnAspects | null;
}

/** Natural logits of the classes; neutral's is 0, so a softmax over the three gives probabilities. */
export interface ClassLogits {
  negative: number;
  positive: number;
}

/** What negative and positive are ahead of neutral by (logits) when the label is chosen, and only then. */
export interface Leads {
  negativeLead: number;
  positiveLead: number;
}

/**
 * A small layer over the logits of one source: polarity, (positive − negative) / 2, and decidedness,
 * (positive + negative) / 2, are each multiplied by a slope and moved by a bias.
 */
export interface Recalibration extends Leads {
  /** Of the source's layers, counted from 1. */
  version: number;
  polaritySlope: number;
  decidedSlope: number;
  polarityBias: number;
  decidedBias: number;
  /** In [0, 1]: how far the leads are the layer's own, and not the model's. */
  leadTrust: number;
}

export interface AspectTone extends Span {
  aspect: string;
  label: Tone;
  /** In [-1, 1]. */
  score: number;
  quote: string;
}

/** `basis` is "rating" for a rating without text; `conflict` says that stars and text disagree. */
export interface ToneResult {
  label: Tone;
  /** In [-1, 1]. */
  score: number;
  /** In [0, 1]: the probability that the label is right. */
  confidence: number;
  /** Beside the label, never instead of it. */
  uncertain: boolean;
  /** ISO 639-1, or "und". */
  language: string;
  aspects: AspectTone[];
  intents: string[];
  spam: boolean;
  conflict: boolean;
  basis: "text" | "rating";
  /** Of the model, with `+n` where the source's recalibration n had its part. */
  modelVersion: string;
}

/** The part of a result that needs no aspects and intents. */
export type ToneVerdict = Pick<
  ToneResult,
  "label" | "score" | "confidence" | "uncertain" | "language" | "modelVersion"
>;

/** Signed contributions in logit units whose sum is `logit`. */
export interface ToneExplanation {
  logit: number;
  parts: (Span & { what: string; weight: number })[];
}

export interface Scorer {
  modelVersion: string;
  /** Never throws on any text; linear in its length. */
  score(input: ToneInput): ToneResult;
  /** The same label, score, confidence and language as `score`, without the rest: for many texts at once. */
  judge(input: ToneInput): ToneVerdict;
  explain(input: ToneInput): ToneExplanation;
  /** What the model itself says, stars included, before any recalibration. */
  logits(input: ToneInput): ClassLogits & Leads;
}
