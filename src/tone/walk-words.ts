import { type Aim, farAway } from "./aim.ts";
import { mix, places, routes, type Sink, seeds } from "./features.ts";
import { hot, hotWidth, type Memo } from "./memo.ts";
import { type Reading, sides } from "./reading.ts";
import { breaks, contexts, flags, type Tape } from "./tape.ts";

/** Tokens to each side of the brand that count as near it. */
export const nearTokens = 5;
const besideTokens = 3;
/** A text of at least so many sentences has a first and a last one worth telling. */
const positionedSentences = 3;
/** From the fifth time on a word says nothing new. */
const mostRepeats = 4;

/** Builds the walk over the words of a text: each by itself, where it stands, and pairs of neighbours. */
export function createWalkWords({ numbers }: Memo) {
  let whole = 0;
  let stem = 0;
  let start = 0;
  let end = 0;

  const put = (sink: Sink, seed: number): void => {
    sink.feature(start, end, routes.context, mix(seed, stem));
  };

  const putContext = (tape: Tape, reading: Reading, token: number, sentence: number, sink: Sink): void => {
    const bits = tape.context[token] as number;
    if ((bits & contexts.unreal) !== 0) put(sink, seeds.unreal);
    if ((bits & contexts.past) !== 0) put(sink, seeds.past);
    const side = reading.clauseSide[tape.clause[token] as number] as number;
    if (side === sides.before) put(sink, seeds.before);
    if (side === sides.concession) put(sink, seeds.concession);
    if ((reading.sentenceAsks[sentence] as number) > 0) put(sink, seeds.asked);
  };

  const putPosition = (tape: Tape, reading: Reading, token: number, sentence: number, sink: Sink): void => {
    if (((tape.flags[token] as number) & flags.capitals) !== 0 && tape.capitalCount * 2 < tape.wordCount)
      put(sink, seeds.capitals);
    if (reading.sentenceCount < positionedSentences) return;
    if (sentence === 0) put(sink, seeds.first);
    if (sentence === reading.sentenceCount - 1) put(sink, seeds.last);
  };

  /** How the word stands to the brand; whether that is near. */
  const putDistance = (aim: Aim, token: number, sentence: number, sink: Sink): boolean => {
    const away = aim.distance[token] as number;
    const size = Math.abs(away);
    if (size > besideTokens && aim.named[sentence] === 0) put(sink, seeds.far);
    if (size <= besideTokens) put(sink, mix(seeds.beside, away));
    else if (size < farAway) put(sink, mix(seeds.beside, away < 0 ? -100 : 100));
    return size <= nearTokens;
  };

  const putWord = (tape: Tape, reading: Reading, aim: Aim, token: number, sink: Sink): void => {
    const clause = tape.clause[token] as number;
    const sentence = reading.clauseSentence[clause] as number;
    putContext(tape, reading, token, sentence, sink);
    putPosition(tape, reading, token, sentence, sink);
    let place = ((tape.context[token] as number) & contexts.negated) !== 0 ? places.negated : 0;
    if (reading.clauseSide[clause] === sides.after) place |= places.after;
    if (aim.found && putDistance(aim, token, sentence, sink)) place |= places.near;
    sink.word(start, end, tape.entry[token] as number, place);
  };

  const forgetRepeats = (tape: Tape): void => {
    for (let token = 0; token < tape.count; token++)
      if (tape.flags[token] !== flags.sign)
        numbers[(tape.entry[token] as number) * hotWidth + hot.repeats] = 0;
  };

  /** Takes up the word of a token; false when the text has used it too often to say more. */
  const take = (tape: Tape, token: number): boolean => {
    const at = (tape.entry[token] as number) * hotWidth;
    const repeats = numbers[at + hot.repeats] as number;
    if (repeats >= mostRepeats) return false;
    numbers[at + hot.repeats] = repeats + 1;
    start = tape.start[token] as number;
    end = tape.end[token] as number;
    whole = numbers[at + hot.whole] as number;
    stem = numbers[at + hot.stem] as number;
    return true;
  };

  /** The brand's own name says nothing: the model is to be as good with names that it never met. */
  const putTarget = (tape: Tape, token: number, sink: Sink): void => {
    whole = seeds.target;
    stem = seeds.target;
    const ending = numbers[(tape.entry[token] as number) * hotWidth + hot.ending] as number;
    sink.feature(start, end, routes.context, mix(seeds.ending, ending));
  };

  const putPair = (sink: Sink, wholeBefore: number, stemBefore: number): void => {
    sink.feature(start, end, routes.plain, mix(mix(seeds.pair, wholeBefore), whole));
    sink.feature(start, end, routes.plain, mix(mix(seeds.stemPair, stemBefore), stem));
  };

  /** Returns how many words were told. */
  return (tape: Tape, reading: Reading, aim: Aim, sink: Sink): number => {
    forgetRepeats(tape);
    let told = 0;
    let before = false;
    let wholeBefore = 0;
    let stemBefore = 0;
    for (let token = 0; token < tape.count; token++) {
      if (tape.flags[token] === flags.sign || !take(tape, token)) {
        before = false;
        continue;
      }
      told++;
      if (aim.found && aim.distance[token] === 0) putTarget(tape, token, sink);
      else putWord(tape, reading, aim, token, sink);
      if (before && (tape.break[token] as number) <= breaks.light) putPair(sink, wholeBefore, stemBefore);
      before = true;
      wholeBefore = whole;
      stemBefore = stem;
    }
    return told;
  };
}
