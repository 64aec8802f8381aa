import { type Aim, farAway } from "./aim.ts";
import type { Put } from "./features.ts";
import * as features from "./features.ts";
import type { Memo } from "./memo.ts";
import * as words from "./memo.ts";
import * as standing from "./places.ts";
import type { Reading } from "./reading.ts";
import * as clauses from "./reading.ts";
import type { Tape } from "./tape.ts";
import * as tokens from "./tape.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { mix, seeds } = features;
const { hot, hotWidth } = words;
const { places } = standing;
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

  /** By side of a contrast its place. */
  const ofSide = new Uint16Array(4);
  ofSide[sides.before] = places.before;
  ofSide[sides.after] = places.after;
  ofSide[sides.concession] = places.concession;

  const placeOf = (token: number): number => {
    const bits = context[token] as number;
    const at = clause[token] as number;
    let place = ofSide[clauseSide[at] as number] as number;
    if ((sentenceAsks[clauseSentence[at] as number] as number) > 0) place |= places.asked;
    if (bits === 0) return place;
    if ((bits & contexts.negated) !== 0) place |= places.negated;
    if ((bits & contexts.unreal) !== 0) place |= places.unreal;
    if ((bits & contexts.past) !== 0) place |= places.past;
    if ((bits & contexts.quoted) !== 0) place |= places.quoted;
    return place;
  };

  const putContext = (token: number, stem: number, place: number): void => {
    const from = start[token] as number;
    const to = end[token] as number;
    if ((place & places.unreal) !== 0) put.context(from, to, mix(seeds.unreal, stem));
    if ((place & places.past) !== 0) put.context(from, to, mix(seeds.past, stem));
    if ((place & places.before) !== 0) put.context(from, to, mix(seeds.before, stem));
    if ((place & places.concession) !== 0) put.context(from, to, mix(seeds.concession, stem));
    if ((place & places.asked) !== 0) put.context(from, to, mix(seeds.asked, stem));
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
    let place = placeOf(token);
    if (place !== 0) putContext(token, stem, place);
    putPosition(token, stem);
    if (aim.found) {
      if (putDistance(token, stem)) place |= places.near;
      if (aim.rival[clause[token] as number] === 1) place |= places.rival;
    }
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
