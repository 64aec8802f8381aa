import type { Span, ToneInput } from "./define.ts";
import type { Reading } from "./reading.ts";
import * as scopes from "./scope.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { share } = scopes;

/** Evidence counts in full up to this many hits; beyond, each weighs less, so long texts do not shout. */
const fullHits = 2;
const dampingHits = 6;
/** Below this length a text that names the brand is about the brand as a whole. */
const targetedUnits = 200;
/** Percent by distance from the brand, in sentences: same clause, same sentence, next, further. */
const targetShare = { clause: 130, sentence: 110, next: 65, far: 35 } as const;
/** Percent of the second and of every further use of one word. */
const repeated = [100, 60, 30] as const;

/** Marks clauses and sentences near the brand. */
function distances(
  reading: Reading,
  spans: readonly Span[],
): { clauses: Set<number>; sentences: Set<number> } {
  const clauses = new Set<number>();
  const sentences = new Set<number>();
  const starts = reading.clauseStart;
  for (const span of spans) {
    let low = 0;
    let high = reading.clauseCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= span.start) low = middle;
      else high = middle - 1;
    }
    clauses.add(low);
    sentences.add(reading.clauseSentence[low] as number);
  }
  return { clauses, sentences };
}

function aim(reading: Reading, spans: readonly Span[]): void {
  const { clauses, sentences } = distances(reading, spans);
  for (let clause = 0; clause < reading.clauseCount; clause++) {
    const sentence = reading.clauseSentence[clause] as number;
    const near = sentences.has(sentence - 1) || sentences.has(sentence + 1);
    const within = sentences.has(sentence) ? targetShare.sentence : near ? targetShare.next : targetShare.far;
    const by = clauses.has(clause) ? targetShare.clause : within;
    reading.clauseShare[clause] = share(reading.clauseShare[clause] as number, by);
  }
}

/** Builds the last step of the evidence: scales `hitWeight` in place and returns its sum in units. */
export function createWeigh(markCount: number, reading: Reading): (input: ToneInput) => number {
  const { hitMark, hitClause, hitWeight, clauseShare, clauseTone } = reading;
  const seen = new Uint8Array(markCount);

  const repetition = (mark: number): number => {
    if (mark === 0) return 100;
    const times = seen[mark] as number;
    seen[mark] = Math.min(2, times + 1);
    return repeated[times] as number;
  };

  return input => {
    const spans = input.brandSpans ?? [];
    if (spans.length > 0 && input.text.length >= targetedUnits && reading.clauseCount > 1)
      aim(reading, spans);
    for (let i = 0; i < reading.hitCount; i++) seen[hitMark[i] as number] = 0;
    const damping = dampingHits + Math.max(0, reading.hitCount - fullHits);
    let sum = 0;
    for (let i = 0; i < reading.hitCount; i++) {
      const clause = hitClause[i] as number;
      const local = share(hitWeight[i] as number, clauseShare[clause] as number);
      const value = share(local, repetition(hitMark[i] as number));
      clauseTone[clause] = (clauseTone[clause] as number) + value;
      const scaled = Math.trunc((value * dampingHits) / damping);
      hitWeight[i] = scaled;
      sum += scaled;
    }
    return sum;
  };
}
