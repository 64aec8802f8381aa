import type { Aim } from "./aim.ts";
import type { Put } from "./features.ts";
import * as features from "./features.ts";
import type { Reading } from "./reading.ts";
import type { Tape } from "./tape.ts";
import { nearTokens } from "./walk-words.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { mix, seeds, step } = features;
const finest = 12;
const coarser = 32;
const scripts = { cyrillic: 1, other: 2 } as const;

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
const log = (count: number): number => 32 - Math.clz32(count);

/** Builds the naming of what holds for a text as a whole. */
export function createWalkWhole(tape: Tape, reading: Reading, aim: Aim, { once }: Put) {
  const { clauseSentence, clauseTone, hitToken, hitWeight, sentenceAsks, sentenceBangs } = reading;

  const put = (seed: number, value: number): void => once(mix(seed, value));

  const toneOfSentence = (sentence: number): number => {
    let sum = 0;
    for (let clause = 0; clause < reading.clauseCount; clause++)
      if (clauseSentence[clause] === sentence) sum += clauseTone[clause] as number;
    return sum;
  };

  const putTones = (sum: number): void => {
    let up = 0;
    let down = 0;
    let near = 0;
    for (let i = 0; i < reading.hitCount; i++) {
      const value = hitWeight[i] as number;
      if (value > 0) up += value;
      else down -= value;
      if (aim.found && Math.abs(aim.distance[hitToken[i] as number] as number) <= nearTokens) near += value;
    }
    put(seeds.sum, clamp(Math.round(sum / finest), 16));
    put(seeds.split, step(up) * 16 + step(down));
    if (!aim.found) return;
    put(seeds.spans, 1);
    put(seeds.nearTone, step(near));
    put(mix(seeds.nearTone, 1), step(sum) * 16 + step(near));
  };

  const putMarks = (): void => {
    let asks = 0;
    let bangs = 0;
    for (let i = 0; i < reading.sentenceCount; i++) {
      asks += sentenceAsks[i] as number;
      bangs += sentenceBangs[i] as number;
    }
    put(seeds.marks, Math.min(3, asks) * 4 + Math.min(3, bangs));
  };

  /** `sum` is the lexicon's own verdict in units. */
  return (sum: number): void => {
    const script = tape.cyrillic ? scripts.cyrillic : scripts.other;
    put(mix(seeds.script, script), 0);
    put(mix(seeds.script, script), clamp(Math.round(sum / coarser), 5));
    put(seeds.length, log(tape.count) * 4 + script);
    put(seeds.links, Math.min(2, tape.linkCount));
    if (tape.capitalCount > 0) put(seeds.shouting, Math.round((4 * tape.capitalCount) / tape.wordCount));
    putTones(sum);
    putMarks();
    const last = reading.sentenceCount - 1;
    if (last > 0) {
      put(seeds.firstTone, step(toneOfSentence(0)));
      put(seeds.lastTone, step(toneOfSentence(last)));
    }
    if (reading.clauseCount > 1) put(seeds.lastClause, step(clauseTone[reading.clauseCount - 1] as number));
  };
}
