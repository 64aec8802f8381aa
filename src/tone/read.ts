import { createMatch } from "./expressions.ts";
import { createMarks } from "./marks.ts";
import { createReading, type Reading, sides } from "./reading.ts";
import {
  createScope,
  negate,
  negationTokens,
  obeyWords,
  percent,
  resetScope,
  share,
  surround,
} from "./scope.ts";
import { breaks, contexts, flags, type Tape } from "./tape.ts";
import { roles, type Vocabulary } from "./vocabulary.ts";
import { patternsPerToken } from "./words.ts";

const negationStarts = roles.negator;

/** Builds the reader of evidence: words, expressions and signs, weighed by what surrounds them. */
export function createRead(vocabulary: Vocabulary): (tape: Tape) => Reading {
  const { weight, role, aspect, intent } = vocabulary;
  const match = createMatch(vocabulary);
  const { bitsOf, weightedMark } = createMarks(vocabulary);
  const reading = createReading();
  const scope = createScope();

  const openClause = (start: number): void => {
    const clause = reading.clauseCount++;
    reading.clauseStart[clause] = start;
    reading.clauseEnd[clause] = start;
    reading.clauseShare[clause] = 100;
    reading.clauseTone[clause] = 0;
    reading.clauseSide[clause] = scope.side;
    reading.clauseSentence[clause] = Math.max(0, reading.sentenceCount - 1);
    scope.negation = 0;
    scope.thanked = -1;
  };

  const openSentence = (start: number): void => {
    const sentence = reading.sentenceCount++;
    reading.sentenceAsks[sentence] = 0;
    reading.sentenceBangs[sentence] = 0;
    scope.sentenceFirstClause = reading.clauseCount;
    scope.side = sides.none;
    resetScope(scope);
    openClause(start);
  };

  const enter = (tape: Tape, token: number): void => {
    const between = tape.break[token] as number;
    const start = tape.start[token] as number;
    if (between === breaks.sentence || reading.clauseCount === 0) openSentence(start);
    else if (between === breaks.comma) openClause(start);
  };

  const leave = (tape: Tape, token: number): void => {
    reading.clauseEnd[reading.clauseCount - 1] = tape.end[token] as number;
    const sentence = reading.sentenceCount - 1;
    if ((tape.asks[token] as number) > 0)
      reading.sentenceAsks[sentence] = Math.min(3, tape.asks[token] as number);
    if ((tape.bangs[token] as number) > 0)
      reading.sentenceBangs[sentence] = Math.min(3, tape.bangs[token] as number);
  };

  const contrast = (start: number): void => {
    scope.side = sides.after;
    if (reading.clauseStart[reading.clauseCount - 1] !== start) openClause(start);
    const clause = reading.clauseCount - 1;
    reading.clauseSide[clause] = sides.after;
    for (let i = scope.sentenceFirstClause; i < clause; i++) {
      reading.clauseShare[i] = percent.beforeBut;
      reading.clauseSide[i] = sides.before;
    }
    reading.clauseShare[clause] = percent.afterBut;
    // What follows up to the end of the sentence stays on this side of the contrast.
    scope.sentenceFirstClause = clause;
    resetScope(scope);
  };

  const obey = (bits: number, start: number): void => {
    if ((bits & roles.notBut) !== 0) scope.negation = 0;
    else if ((bits & roles.but) !== 0) contrast(start);
    else if ((bits & roles.negator) !== 0) scope.negation = negationTokens + 1;
    if ((bits & roles.although) !== 0) {
      reading.clauseShare[reading.clauseCount - 1] = percent.concession;
      reading.clauseSide[reading.clauseCount - 1] = sides.concession;
    }
    obeyWords(scope, bits);
  };

  const hit = (token: number, start: number, end: number, mark: number, value: number): void => {
    if (value === 0) return;
    const at = reading.hitCount++;
    reading.hitToken[at] = token;
    reading.hitStart[at] = start;
    reading.hitEnd[at] = end;
    reading.hitMark[at] = mark;
    reading.hitWeight[at] = value;
    reading.hitClause[at] = reading.clauseCount - 1;
    // "Спасибо за испорченный праздник": thanks turn bitter when the same clause complains.
    if (value < 0 && scope.thanked >= 0) {
      reading.hitWeight[scope.thanked] = -Math.abs(reading.hitWeight[scope.thanked] as number) >> 1;
      scope.thanked = -1;
    }
  };

  const note = (mark: number, start: number, end: number): void => {
    if ((aspect[mark] as number) === 0 && (intent[mark] as number) === 0) return;
    const at = reading.noteCount;
    if (at > 0 && reading.noteMark[at - 1] === mark && reading.noteStart[at - 1] === start) return;
    if (at >= reading.noteMark.length) return;
    reading.noteCount++;
    reading.noteMark[at] = mark;
    reading.noteStart[at] = start;
    reading.noteEnd[at] = end;
    reading.noteClause[at] = reading.clauseCount - 1;
  };

  /** Whether the last hit ends at most `reach` tokens before `token`, with nothing but words between. */
  const lastHitWithin = (tape: Tape, token: number, reach: number): boolean => {
    const end = reading.hitEnd[reading.hitCount - 1] as number;
    for (let back = 1; back <= reach && back <= token; back++) {
      if ((tape.break[token - back + 1] as number) > breaks.light || tape.flags[token - back] === flags.sign)
        return false;
      if (tape.end[token - back] === end) return true;
    }
    return false;
  };

  /** "Нареканий к сборке нет", "качества нет": a negator after the word turns it too. */
  const turnBack = (tape: Tape, token: number): boolean => {
    const last = reading.hitCount - 1;
    if (last < 0) return false;
    const value = reading.hitWeight[last] as number;
    if (!lastHitWithin(tape, token, value < 0 ? negationTokens : 1)) return false;
    reading.hitWeight[last] = share(value, value > 0 ? percent.negatedPraise : percent.negatedComplaint * 2);
    return true;
  };

  const noteToken = (tape: Tape, token: number): void => {
    const base = token * patternsPerToken;
    for (let i = 0; i < (tape.patternCount[token] as number); i++) {
      note(tape.patterns[base + i] as number, tape.start[token] as number, tape.end[token] as number);
    }
  };

  const readExpression = (tape: Tape, token: number, mark: number, end: number): void => {
    const start = tape.start[token] as number;
    const first = bitsOf(tape, token);
    const stop = tape.end[end - 1] as number;
    for (let i = token; i < end; i++) {
      noteToken(tape, i);
      leave(tape, i);
    }
    const isConcord = (first & negationStarts) !== 0;
    hit(
      token,
      start,
      stop,
      mark,
      surround(scope, isConcord ? (weight[mark] as number) : negate(scope, weight[mark] as number)),
    );
    obey(role[mark] as number, start);
    scope.negation = 0;
    scope.intensityLeft = 0;
  };

  const emphasis = (tape: Tape, token: number, value: number): number => {
    let result = value;
    const bits = tape.flags[token] as number;
    if ((bits & flags.capitals) !== 0 && tape.capitalCount * 2 < tape.wordCount)
      result = share(result, percent.capitals);
    if ((bits & flags.stretched) !== 0) result = share(result, percent.stretched);
    if ((bits & flags.negated) !== 0) result = share(result, percent.writtenTogether);
    return result;
  };

  /** "Ужасно вкусно": a strong word before praise only intensifies it. */
  const onlyIntensifies = (tape: Tape, token: number, bits: number): boolean => {
    if ((bits & (roles.strong | roles.weak)) === 0 || token + 1 >= tape.count) return false;
    if ((tape.break[token + 1] as number) !== breaks.none) return false;
    return weightedMark(tape, token + 1) !== 0;
  };

  const readWord = (tape: Tape, token: number): void => {
    const bits = bitsOf(tape, token);
    const mark = weightedMark(tape, token);
    const start = tape.start[token] as number;
    const turned = (bits & roles.negatorAfter) !== 0 && turnBack(tape, token);
    if (mark !== 0 && !onlyIntensifies(tape, token, bits)) {
      const value = emphasis(tape, token, weight[mark] as number);
      hit(token, start, tape.end[token] as number, mark, surround(scope, negate(scope, value)));
      if ((bits & roles.gratitude) !== 0 && reading.hitCount > 0) scope.thanked = reading.hitCount - 1;
    }
    noteToken(tape, token);
    if (bits !== 0 && !turned) obey(bits, start);
    leave(tape, token);
  };

  const readSign = (tape: Tape, token: number): void => {
    const clause = reading.clauseCount - 1;
    hit(token, tape.start[token] as number, tape.end[token] as number, 0, tape.sign[token] as number);
    if (clause >= 0) leave(tape, token);
  };

  /** What the model wants to know about where the tokens stand. */
  const place = (tape: Tape, from: number, to: number): void => {
    const bits =
      (scope.negation > 0 ? contexts.negated : 0) |
      (scope.unreal ? contexts.unreal : 0) |
      (scope.past ? contexts.past : 0);
    for (let token = from; token < to; token++) {
      tape.context[token] = bits;
      tape.clause[token] = reading.clauseCount - 1;
    }
  };

  /** A word that the lexicon does not know only lengthens the clause. */
  const passBy = (tape: Tape, token: number): number => {
    leave(tape, token);
    if (scope.negation > 0) scope.negation--;
    if (scope.intensityLeft > 0) scope.intensityLeft--;
    return token + 1;
  };

  const readKnown = (tape: Tape, token: number): number => {
    const { mark, end, note: named, noteEnd } = match(tape, token);
    if (named !== 0) note(named, tape.start[token] as number, tape.end[noteEnd - 1] as number);
    if (mark !== 0) {
      place(tape, token, end);
      readExpression(tape, token, mark, end);
    } else readWord(tape, token);
    if (scope.negation > 0) scope.negation--;
    if (scope.intensityLeft > 0 && (mark !== 0 || (bitsOf(tape, token) & (roles.strong | roles.weak)) === 0))
      scope.intensityLeft--;
    return mark === 0 ? token + 1 : end;
  };

  const readToken = (tape: Tape, token: number): number => {
    enter(tape, token);
    place(tape, token, token + 1);
    if (tape.flags[token] === flags.sign) {
      readSign(tape, token);
      return token + 1;
    }
    return tape.patternCount[token] === 0 ? passBy(tape, token) : readKnown(tape, token);
  };

  const closeClauses = (): void => {
    for (let clause = 0; clause < reading.clauseCount; clause++) {
      const sentence = reading.clauseSentence[clause] as number;
      let value = reading.clauseShare[clause] as number;
      if ((reading.sentenceAsks[sentence] as number) === 1 && reading.sentenceBangs[sentence] === 0)
        value = share(value, percent.asked);
      if ((reading.sentenceBangs[sentence] as number) > 0) value = share(value, percent.exclaimed);
      reading.clauseShare[clause] = value;
    }
  };

  return tape => {
    reading.hitCount = 0;
    reading.clauseCount = 0;
    reading.sentenceCount = 0;
    reading.noteCount = 0;
    resetScope(scope);
    for (let token = 0; token < tape.count; ) token = readToken(tape, token);
    closeClauses();
    return reading;
  };
}
