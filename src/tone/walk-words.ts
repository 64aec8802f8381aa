import { type Aim, farAway } from "./aim.ts";
import type { Put } from "./features.ts";
import * as features from "./features.ts";
import type { Memo } from "./memo.ts";
import * as words from "./memo.ts";
import type { Reading } from "./reading.ts";
import * as clauses from "./reading.ts";
import type { Tape } from "./tape.ts";
import * as tokens from "./tape.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { mix, places, seeds } = features;
const { hot, hotWidth } = words;
const { sides } = clauses;
const { breaks, contexts, flags } = tokens;

/** Tokens to each side of the brand that count as near it. */
export const nearTokens = 5;
const besideTokens = 3;
/** A text of at least so many sentences has a first and a last one worth telling. */
const positionedSentences = 3;
/** From the fifth time on a word says nothing new. */
const mostRepeats = 4;

/** Builds the walk over the words of a text: each by itself, where it stands, and pairs of neighbours. */
export function createWalkWords({ numbers }: Memo, tape: Tape, reading: Reading, aim: Aim, put: Put) {
  const { start, end, entry, clause, context, flags: flagsOf, break: breakBefore } = tape;
  const { clauseSide, clauseSentence, sentenceAsks } = reading;

  const putContext = (token: number, stem: number): void => {
    const from = start[token] as number;
    const to = end[token] as number;
    const bits = context[token] as number;
    const at = clause[token] as number;
    const side = clauseSide[at] as number;
    if ((bits & contexts.unreal) !== 0) put.context(from, to, mix(seeds.unreal, stem));
    if ((bits & contexts.past) !== 0) put.context(from, to, mix(seeds.past, stem));
    if (side === sides.before) put.context(from, to, mix(seeds.before, stem));
    if (side === sides.concession) put.context(from, to, mix(seeds.concession, stem));
    if ((sentenceAsks[clauseSentence[at] as number] as number) > 0)
      put.context(from, to, mix(seeds.asked, stem));
  };

  const putPosition = (token: number, stem: number): void => {
    const from = start[token] as number;
    const to = end[token] as number;
    if (((flagsOf[token] as number) & flags.capitals) !== 0 && tape.capitalCount * 2 < tape.wordCount)
      put.context(from, to, mix(seeds.capitals, stem));
    if (reading.sentenceCount < positionedSentences) return;
    const sentence = clauseSentence[clause[token] as number] as number;
    if (sentence === 0) put.context(from, to, mix(seeds.first, stem));
    if (sentence === reading.sentenceCount - 1) put.context(from, to, mix(seeds.last, stem));
  };

  /** How the word stands to the brand; whether that is near. */
  const putDistance = (token: number, stem: number): boolean => {
    const from = start[token] as number;
    const to = end[token] as number;
    const away = aim.distance[token] as number;
    const size = Math.abs(away);
    const sentence = clauseSentence[clause[token] as number] as number;
    if (size > besideTokens && aim.named[sentence] === 0) put.context(from, to, mix(seeds.far, stem));
    if (size <= besideTokens) put.context(from, to, mix(mix(seeds.beside, away), stem));
    else if (size < farAway) put.context(from, to, mix(mix(seeds.beside, away < 0 ? -100 : 100), stem));
    return size <= nearTokens;
  };

  const putWord = (token: number, stem: number): void => {
    putContext(token, stem);
    putPosition(token, stem);
    let place = ((context[token] as number) & contexts.negated) !== 0 ? places.negated : 0;
    if (clauseSide[clause[token] as number] === sides.after) place |= places.after;
    if (aim.found && putDistance(token, stem)) place |= places.near;
    put.word(start[token] as number, end[token] as number, entry[token] as number, place);
  };

  /** Whether the text has used the word of a token too often for it to say more; counts the use. */
  const isWornOut = (at: number): boolean => {
    const repeats = numbers[at + hot.repeats] as number;
    if (repeats >= mostRepeats) return true;
    numbers[at + hot.repeats] = repeats + 1;
    return false;
  };

  /** Returns how many words were told. */
  return (): number => {
    let told = 0;
    let before = false;
    let wholeBefore = 0;
    let stemBefore = 0;
    for (let token = 0; token < tape.count; token++) {
      const at = (entry[token] as number) * hotWidth;
      if (flagsOf[token] === flags.sign || isWornOut(at)) {
        before = false;
        continue;
      }
      told++;
      let whole = numbers[at + hot.whole] as number;
      let stem = numbers[at + hot.stem] as number;
      const from = start[token] as number;
      const to = end[token] as number;
      if (aim.found && aim.distance[token] === 0) {
        // The brand's own name says nothing: the model is to be as good with names that it never met.
        whole = seeds.target;
        stem = seeds.target;
        put.context(from, to, mix(seeds.ending, numbers[at + hot.ending] as number));
      } else putWord(token, stem);
      if (before && (breakBefore[token] as number) <= breaks.light) {
        put.plain(from, to, mix(mix(seeds.pair, wholeBefore), whole));
        put.plain(from, to, mix(mix(seeds.stemPair, stemBefore), stem));
      }
      before = true;
      wholeBefore = whole;
      stemBefore = stem;
    }
    return told;
  };
}
