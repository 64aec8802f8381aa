import type { Aim } from "./aim.ts";
import { mix, routes, type Sink, seeds, step } from "./features.ts";
import type { Reading } from "./reading.ts";
import type { Tape } from "./tape.ts";
import { nearTokens } from "./walk-words.ts";

const finest = 12;
const coarser = 32;
const scripts = { cyrillic: 1, other: 2 } as const;

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
const log = (count: number): number => 32 - Math.clz32(count);

const toneOfSentence = (reading: Reading, sentence: number): number => {
  let sum = 0;
  for (let clause = 0; clause < reading.clauseCount; clause++)
    if (reading.clauseSentence[clause] === sentence) sum += reading.clauseTone[clause] as number;
  return sum;
};

/** Names what holds for a text as a whole; `sum` is the lexicon's own verdict in units. */
export function walkWhole(
  tape: Tape,
  reading: Reading,
  aim: Aim,
  sum: number,
  length: number,
  sink: Sink,
): void {
  const put = (seed: number, value: number): void => sink.feature(0, length, routes.text, mix(seed, value));
  const script = tape.cyrillic ? scripts.cyrillic : scripts.other;
  put(mix(seeds.script, script), 0);
  put(mix(seeds.script, script), clamp(Math.round(sum / coarser), 5));
  put(seeds.length, log(tape.count) * 4 + script);
  put(seeds.links, Math.min(2, tape.linkCount));
  if (tape.capitalCount > 0) put(seeds.shouting, Math.round((4 * tape.capitalCount) / tape.wordCount));
  putTones(reading, aim, sum, put);
  putMarks(reading, put);
  const last = reading.sentenceCount - 1;
  if (last > 0) {
    put(seeds.firstTone, step(toneOfSentence(reading, 0)));
    put(seeds.lastTone, step(toneOfSentence(reading, last)));
  }
  if (reading.clauseCount > 1)
    put(seeds.lastClause, step(reading.clauseTone[reading.clauseCount - 1] as number));
}

function putTones(reading: Reading, aim: Aim, sum: number, put: (seed: number, value: number) => void): void {
  let up = 0;
  let down = 0;
  let near = 0;
  for (let i = 0; i < reading.hitCount; i++) {
    const value = reading.hitWeight[i] as number;
    if (value > 0) up += value;
    else down -= value;
    if (aim.found && Math.abs(aim.distance[reading.hitToken[i] as number] as number) <= nearTokens)
      near += value;
  }
  put(seeds.sum, clamp(Math.round(sum / finest), 16));
  put(seeds.split, step(up) * 16 + step(down));
  if (!aim.found) return;
  put(seeds.spans, 1);
  put(seeds.nearTone, step(near));
  put(mix(seeds.nearTone, 1), step(sum) * 16 + step(near));
}

function putMarks(reading: Reading, put: (seed: number, value: number) => void): void {
  let asks = 0;
  let bangs = 0;
  for (let i = 0; i < reading.sentenceCount; i++) {
    asks += reading.sentenceAsks[i] as number;
    bangs += reading.sentenceBangs[i] as number;
  }
  put(seeds.marks, Math.min(3, asks) * 4 + Math.min(3, bangs));
}
