import type { Span } from "./define.ts";
import type { Reading } from "./reading.ts";
import { breaks, flags, type Tape } from "./tape.ts";

/** Farther than any token of the brand's sentence. */
export const farAway = 127;

/** Where the tokens stand to the brand. */
export interface Aim {
  /** Whether the brand was found among the tokens. */
  found: boolean;
  /** By token: 0 on the brand, else tokens to it within the sentence, negative before it, else `farAway`. */
  distance: Int8Array;
  /** By sentence: 1 when it names the brand. */
  named: Uint8Array;
  /** By clause: 1 when it speaks of somebody else: it, or its sentence that lacks the brand, holds another name. */
  rival: Uint8Array;
}

const most = 65_536;
/** More places of one brand in one text change nothing. */
const maxSpans = 200;

/** Builds the measuring of distances to the brand; the result is reused from text to text. */
export function createAim(tape: Tape, reading: Reading): { aim: Aim; aimAt(spans: readonly Span[]): void } {
  const { start, end, clause, upper, flags: flagsOf, break: breakBefore } = tape;
  const distance = new Int8Array(most);
  const named = new Uint8Array(most);
  const others = new Uint8Array(most);
  const rival = new Uint8Array(most);
  const aim: Aim = { found: false, distance, named, rival };

  const sentenceOf = (token: number): number => reading.clauseSentence[clause[token] as number] as number;

  const mark = (span: Span): void => {
    for (let token = firstEndingAfter(tape, span.start); token < tape.count; token++) {
      if ((start[token] as number) >= span.end || distance[token] === 0) return;
      distance[token] = 0;
      named[sentenceOf(token)] = 1;
      aim.found = true;
    }
  };

  /** Counts on from token to token; a sentence's end cuts the count. */
  const spread = (from: number, direction: 1 | -1): void => {
    let away = farAway;
    for (let token = from; token >= 0 && token < tape.count; token += direction) {
      away = distance[token] === 0 ? 0 : Math.min(away + 1, farAway);
      if (away < Math.abs(distance[token] as number)) distance[token] = away * direction;
      const edge = direction === 1 ? token + 1 : token;
      if (breakBefore[edge] === breaks.sentence) away = farAway;
    }
  };

  /** A capital inside a sentence is a name in Russian; English writes days, months and "I" with one. */
  const isName = (token: number): boolean =>
    (upper[token] as number) > 0 &&
    (upper[token] as number) < (end[token] as number) - (start[token] as number) &&
    (flagsOf[token] as number) !== flags.sign &&
    (breakBefore[token] as number) < breaks.sentence &&
    distance[token] !== 0;

  const findNames = (): void => {
    for (let token = 0; token < tape.count; token++) {
      if (!isName(token)) continue;
      rival[clause[token] as number] = 1;
      others[sentenceOf(token)] = 1;
    }
  };

  const findRivals = (): void => {
    rival.fill(0, 0, reading.clauseCount);
    others.fill(0, 0, reading.sentenceCount);
    if (!tape.cyrillic) return;
    findNames();
    for (let at = 0; at < reading.clauseCount; at++) {
      const sentence = reading.clauseSentence[at] as number;
      if (named[sentence] === 0) rival[at] = others[sentence] as number;
    }
    for (let token = 0; token < tape.count; token++)
      if (distance[token] === 0) rival[clause[token] as number] = 0;
  };

  const aimAt = (spans: readonly Span[]): void => {
    aim.found = false;
    if (spans.length === 0 || tape.count === 0) return;
    distance.fill(farAway, 0, tape.count);
    named.fill(0, 0, reading.sentenceCount);
    for (let i = 0; i < spans.length && i < maxSpans; i++) mark(spans[i] as Span);
    if (!aim.found) return;
    spread(0, 1);
    spread(tape.count - 1, -1);
    findRivals();
  };

  return { aim, aimAt };
}

function firstEndingAfter(tape: Tape, place: number): number {
  let low = 0;
  let high = tape.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tape.end[middle] as number) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
