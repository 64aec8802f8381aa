import { exactExp } from "#tone/exact.ts";
import { type Evidence, mostClauses } from "./evidence.ts";
import { logit } from "./log.ts";
import * as outputs from "./outputs.ts";
import { weigh } from "./tone.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { aspectCount, clauseColumns } = outputs;

/** Tones in the order of chances: negative, neutral, positive. */
export const toneCount = 3;
/** Numbers that decide whether a text says an aspect with a tone. */
export const saidInputs = 9;
/** A clause that speaks of an aspect with a lower logit does not count. */
const leastLogit = -3.5;
/** An aspect that is spoken of with a lower chance is not looked at further. */
const leastChance = 0.06;

/** How a text speaks of one aspect, gathered over its clauses; by tone. */
export interface Said {
  /** Chance that some clause says it, chance of the likeliest one, that clause. */
  some: Float64Array;
  most: Float64Array;
  clause: Int32Array;
  /** Chance that some clause speaks of it at all. */
  any: number;
  /** Logits of these chances. */
  someLogit: Float64Array;
  mostLogit: Float64Array;
  anyLogit: number;
}

export const createSaid = (): Said => ({
  some: new Float64Array(toneCount),
  most: new Float64Array(toneCount),
  clause: new Int32Array(toneCount),
  any: 0,
  someLogit: new Float64Array(toneCount),
  mostLogit: new Float64Array(toneCount),
  anyLogit: 0,
});

/** By clause the chances of its three tones. */
export const createTones = (): Float64Array => new Float64Array(mostClauses * toneCount);

const sigmoid = (z: number): number => 1 / (1 + exactExp(-z));

/** The aspects that some clause may speak of, a bit each; the others gather nothing. */
export function spokenOf({ count, logits }: Evidence): number {
  let spoken = 0;
  for (let clause = 0; clause < count; clause++)
    for (let aspect = 0; aspect < aspectCount; aspect++)
      if ((logits[clause * clauseColumns + aspect] as number) > leastLogit) spoken |= 1 << aspect;
  return spoken;
}

/** Gathers what a text says of aspects that count as one (`aspects` are their columns); false when nothing. */
export function gatherSaid(
  evidence: Evidence,
  tones: Float64Array,
  aspects: readonly number[],
  said: Said,
): boolean {
  const { some, most, clause: best } = said;
  some.fill(1);
  most.fill(0);
  best.fill(0);
  let silent = 1;
  for (let clause = 0; clause < evidence.count; clause++) {
    let absent = 1;
    for (let i = 0; i < aspects.length; i++) {
      const z = evidence.logits[clause * clauseColumns + (aspects[i] as number)] as number;
      if (z > leastLogit) absent *= 1 - sigmoid(z);
    }
    if (absent === 1) continue;
    silent *= absent;
    for (let tone = 0; tone < toneCount; tone++) {
      const chance = (1 - absent) * (tones[clause * toneCount + tone] as number);
      some[tone] = (some[tone] as number) * (1 - chance);
      if (chance <= (most[tone] as number)) continue;
      most[tone] = chance;
      best[tone] = clause;
    }
  }
  said.any = 1 - silent;
  if (said.any < leastChance) return false;
  for (let tone = 0; tone < toneCount; tone++) {
    some[tone] = 1 - (some[tone] as number);
    said.someLogit[tone] = logit(some[tone] as number);
    said.mostLogit[tone] = logit(most[tone] as number);
  }
  said.anyLogit = logit(said.any);
  return true;
}

const neutral = 1;
const mostLength = 6;

/** The numbers that decide whether the text says the aspect with `tone`. */
export function saidOf(evidence: Evidence, said: Said, tone: number, into: Float64Array): void {
  const length = Math.min(mostLength, 32 - Math.clz32(evidence.count));
  const most = said.mostLogit[tone] as number;
  const isNeutral = tone === neutral;
  into[0] = 1;
  into[1] = said.someLogit[tone] as number;
  into[2] = most;
  into[3] = isNeutral ? 0 : (said.someLogit[toneCount - 1 - tone] as number);
  into[4] = said.anyLogit;
  into[5] = length;
  into[6] = (tone - 1) * evidence.whole;
  into[7] = isNeutral ? 1 : 0;
  into[8] = length * most;
}

/** Builds the chance that a text says what was gathered, with `tone`. */
export function createChance(weights: readonly number[]) {
  const inputs = new Float64Array(saidInputs);
  return (evidence: Evidence, said: Said, tone: number): number => {
    saidOf(evidence, said, tone, inputs);
    return sigmoid(weigh(weights, inputs));
  };
}

/** Each aspect by itself. */
export const singleAspects: readonly (readonly number[])[] = Array.from({ length: aspectCount }, (_, i) => [
  i,
]);
