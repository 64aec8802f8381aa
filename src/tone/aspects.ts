import type { AspectTone, Tone } from "./define.ts";
import type { Reading } from "./reading.ts";
import { squash } from "./verdict.ts";
import type { Vocabulary } from "./vocabulary.ts";

const maxAspects = 24;
const maxQuoteUnits = 240;
/** Clause evidence (units) from which an aspect is not neutral. */
const polarFrom = 12;

const toneOf = (value: number): Tone =>
  value >= polarFrom ? "positive" : value <= -polarFrom ? "negative" : "neutral";

/** For each clause whether some aspect is named there, so that it keeps its opinion to itself. */
function claimedClauses(reading: Reading, vocabulary: Vocabulary): Set<number> {
  const claimed = new Set<number>();
  for (let i = 0; i < reading.noteCount; i++) {
    if (vocabulary.aspect[reading.noteMark[i] as number] !== 0) claimed.add(reading.noteClause[i] as number);
  }
  return claimed;
}

/** "Доставка, конечно, ужас": a clause without an opinion takes that of a neighbour that has no aspect. */
function opinionClause(reading: Reading, clause: number, claimed: Set<number>): number {
  if (reading.clauseTone[clause] !== 0) return clause;
  for (const step of [1, 2, -1]) {
    const other = clause + step;
    if (other < 0 || other >= reading.clauseCount || claimed.has(other)) continue;
    const sameSentence = reading.clauseSentence[other] === reading.clauseSentence[clause];
    if (sameSentence && reading.clauseTone[other] !== 0) return other;
  }
  return clause;
}

function quoteOf(text: string, from: number, to: number, start: number, end: number) {
  if (to - from <= maxQuoteUnits) return { start: from, end: to };
  const room = Math.max(0, maxQuoteUnits - (end - start));
  let left = Math.max(from, start - (room >> 1));
  let right = Math.min(to, end + (room >> 1));
  while (left > from && left < start && text.charCodeAt(left - 1) > 0x2f) left++;
  while (right < to && right > end && text.charCodeAt(right) > 0x2f) right--;
  if (left === start || right === end) {
    left = start;
    right = Math.min(end, start + maxQuoteUnits);
  }
  return { start: left, end: right };
}

/** What the text says about delivery, quality, price …: one entry per aspect and clause, with its own tone. */
export function readAspects(text: string, reading: Reading, vocabulary: Vocabulary): AspectTone[] {
  const claimed = claimedClauses(reading, vocabulary);
  const done = new Set<number>();
  const aspects: AspectTone[] = [];
  for (let i = 0; i < reading.noteCount && aspects.length < maxAspects; i++) {
    const aspect = vocabulary.aspect[reading.noteMark[i] as number] as number;
    const clause = reading.noteClause[i] as number;
    const key = clause * 256 + aspect;
    if (aspect === 0 || done.has(key)) continue;
    done.add(key);
    const opinion = opinionClause(reading, clause, claimed);
    const from = Math.min(reading.clauseStart[clause] as number, reading.clauseStart[opinion] as number);
    const to = Math.max(reading.clauseEnd[clause] as number, reading.clauseEnd[opinion] as number);
    const span = quoteOf(text, from, to, reading.noteStart[i] as number, reading.noteEnd[i] as number);
    const value = reading.clauseTone[opinion] as number;
    aspects.push({
      aspect: vocabulary.aspects[aspect] ?? "",
      label: toneOf(value),
      score: squash(value),
      quote: text.slice(span.start, span.end).toWellFormed(),
      ...span,
    });
  }
  return aspects;
}
