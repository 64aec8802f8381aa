import type { TextKind } from "#domain/item.ts";
import { exactExp } from "#tone/exact.ts";
import type { ReadText } from "#tone/reader.ts";
import type { Reading } from "#tone/reading.ts";
import type { Vocabulary } from "#tone/vocabulary.ts";
import { flagNames } from "./outputs.ts";
import { weigh } from "./tone.ts";

/** What is known of a text beside the weights of its words. */
export interface Facts {
  kind: TextKind | null;
  /** Of the tone model, stars included, in logits. */
  polarity: number;
  decided: number;
  /** Sentences that ask. */
  asks: number;
  sentences: number;
  links: number;
}

/** What a read text and its logits tell of it as a whole. */
export function factsOf(
  kind: TextKind | null,
  { tape, reading }: ReadText,
  polarity: number,
  decided: number,
): Facts {
  let asks = 0;
  for (let i = 0; i < reading.sentenceCount; i++) if ((reading.sentenceAsks[i] as number) > 0) asks++;
  return { kind, polarity, decided, asks, sentences: reading.sentenceCount, links: tape.linkCount };
}

/** By flag its number among the intents of the dictionary, -1 for none. */
export const intentsOfFlags = ({ intents }: Vocabulary): number[] =>
  flagNames.map(name => intents.indexOf(name));

/** How many different marks of the dictionary speak for an intent. */
export function countMarks(reading: Reading, { intent }: Vocabulary, wanted: number): number {
  if (wanted < 0) return 0;
  let count = 0;
  let last = 0;
  for (let i = 0; i < reading.noteCount; i++) {
    const mark = reading.noteMark[i] as number;
    if (intent[mark] !== wanted || mark === last) continue;
    count++;
    last = mark;
  }
  return count;
}

export const flagInputs = 14;
const kinds: readonly (TextKind | null)[] = ["review", "question", "post", "comment", "news"];
const most = 3;
const held = (value: number): number => Math.max(-most, Math.min(most, value));

/** The numbers that decide a flag; `own` is the sum of the words' weights for it, `marks` the dictionary's. */
export function flagOf(own: number, marks: number, facts: Facts, into: Float64Array): void {
  into[0] = 1;
  into[1] = own;
  into[2] = held(facts.polarity);
  into[3] = held(facts.decided);
  into[4] = Math.min(2, facts.asks);
  into[5] = facts.asks > 0 && facts.sentences === 1 ? 1 : 0;
  into[6] = Math.min(1, facts.links);
  into[7] = Math.min(2, marks);
  into[8] = Math.min(0, held(facts.polarity));
  for (let at = 0; at < kinds.length; at++) into[9 + at] = facts.kind === kinds[at] ? 1 : 0;
}

/** Builds the chance of a flag. */
export function createFlagChance() {
  const inputs = new Float64Array(flagInputs);
  return (weights: readonly number[], own: number, marks: number, facts: Facts): number => {
    flagOf(own, marks, facts, inputs);
    return 1 / (1 + exactExp(-weigh(weights, inputs)));
  };
}
