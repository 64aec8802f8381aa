import { createMatch } from "./expressions.ts";
import { createReading, type Reading } from "./reading.ts";
import { breaks, type Tape } from "./tokens.ts";
import { roles, type Vocabulary } from "./vocabulary.ts";
import { patternsPerToken } from "./words.ts";

/** Percent by which the surroundings change a word; integers, so that every machine agrees. */
const percent = {
  strong: 140,
  weak: 65,
  capitals: 125,
  stretched: 125,
  negatedPraise: -80,
  negatedComplaint: -40,
  writtenTogether: -90,
  unrealPraise: -40,
  unrealComplaint: 40,
  pastPraise: -60,
  pastComplaint: 25,
  afterBut: 130,
  beforeBut: 75,
  concession: 70,
  exclaimed: 115,
  asked: 55,
} as const;
const negationTokens = 3;
const intensityTokens = 2;

/** What the sentence said so far that changes the words to come. */
interface Scope {
  negation: number;
  intensity: number;
  intensityLeft: number;
  unreal: boolean;
  past: boolean;
  thanked: number;
  sentenceFirstClause: number;
}

const negationStarts = roles.negator;

/** Builds the reader of evidence: words, expressions and signs, weighed by what surrounds them. */
export function createRead(vocabulary: Vocabulary): (tape: Tape) => Reading {
  const { weight, weighted, role, aspect, intent } = vocabulary;
  const match = createMatch(vocabulary);
  const reading = createReading();
  const scope: Scope = {
    negation: 0,
    intensity: 100,
    intensityLeft: 0,
    unreal: false,
    past: false,
    thanked: -1,
    sentenceFirstClause: 0,
  };

  const resetScope = (): void => {
    scope.negation = 0;
    scope.intensity = 100;
    scope.intensityLeft = 0;
    scope.unreal = false;
    scope.past = false;
    scope.thanked = -1;
  };

  const openClause = (start: number): void => {
    const clause = reading.clauseCount++;
    reading.clauseStart[clause] = start;
    reading.clauseEnd[clause] = start;
    reading.clauseShare[clause] = 100;
    reading.clauseTone[clause] = 0;
    reading.clauseSentence[clause] = Math.max(0, reading.sentenceCount - 1);
    scope.negation = 0;
    scope.thanked = -1;
  };

  const openSentence = (start: number): void => {
    const sentence = reading.sentenceCount++;
    reading.sentenceAsks[sentence] = 0;
    reading.sentenceBangs[sentence] = 0;
    scope.sentenceFirstClause = reading.clauseCount;
    resetScope();
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
    if ((tape.asks[token] as number) > 0) reading.sentenceAsks[sentence] = Math.min(3, tape.asks[token] as number);
    if ((tape.bangs[token] as number) > 0) reading.sentenceBangs[sentence] = Math.min(3, tape.bangs[token] as number);
  };

  const contrast = (start: number): void => {
    if (reading.clauseStart[reading.clauseCount - 1] !== start) openClause(start);
    const clause = reading.clauseCount - 1;
    for (let i = scope.sentenceFirstClause; i < clause; i++) reading.clauseShare[i] = percent.beforeBut;
    reading.clauseShare[clause] = percent.afterBut;
    // What follows up to the end of the sentence stays on this side of the contrast.
    scope.sentenceFirstClause = clause;
    resetScope();
  };

  const intensify = (by: number): void => {
    scope.intensity = by;
    scope.intensityLeft = intensityTokens;
  };

  const obey = (bits: number, start: number): void => {
    if ((bits & roles.notBut) !== 0) scope.negation = 0;
    else if ((bits & roles.but) !== 0) contrast(start);
    else if ((bits & roles.negator) !== 0) scope.negation = negationTokens + 1;
    if ((bits & roles.although) !== 0) reading.clauseShare[reading.clauseCount - 1] = percent.concession;
    if ((bits & roles.unreal) !== 0) scope.unreal = true;
    if ((bits & roles.past) !== 0) scope.past = true;
    if ((bits & roles.now) !== 0) scope.past = false;
    if ((bits & roles.strong) !== 0) intensify(percent.strong);
    else if ((bits & roles.weak) !== 0) intensify(percent.weak);
  };

  const negate = (value: number, isConcord: boolean): number => {
    if (scope.negation === 0 || isConcord) return value;
    return share(value, value > 0 ? percent.negatedPraise : percent.negatedComplaint);
  };

  const surround = (value: number): number => {
    let result = value;
    if (scope.intensityLeft > 0) result = share(result, scope.intensity);
    if (scope.unreal) result = share(result, result > 0 ? percent.unrealPraise : percent.unrealComplaint);
    else if (scope.past) result = share(result, result > 0 ? percent.pastPraise : percent.pastComplaint);
    return result;
  };

  const hit = (start: number, end: number, mark: number, value: number): void => {
    if (value === 0) return;
    const at = reading.hitCount++;
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

  /** "Нареканий нет", "качества нет": a negator after the word turns it too. */
  const turnBack = (tape: Tape, token: number): boolean => {
    const last = reading.hitCount - 1;
    if (last < 0 || token === 0 || (tape.break[token] as number) > breaks.light) return false;
    if (reading.hitEnd[last] !== tape.end[token - 1] || tape.isSign[token - 1] === 1) return false;
    const value = reading.hitWeight[last] as number;
    reading.hitWeight[last] = share(value, value > 0 ? percent.negatedPraise : percent.negatedComplaint * 2);
    return true;
  };

  const bitsOf = (tape: Tape, token: number): number => {
    let bits = 0;
    const base = token * patternsPerToken;
    for (let i = 0; i < (tape.patternCount[token] as number); i++) bits |= role[tape.patterns[base + i] as number] as number;
    return bits;
  };

  const weightedMark = (tape: Tape, token: number): number => {
    const base = token * patternsPerToken;
    for (let i = 0; i < (tape.patternCount[token] as number); i++) {
      const pattern = tape.patterns[base + i] as number;
      if (weighted[pattern] === 1) return pattern;
    }
    return 0;
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
    hit(start, stop, mark, surround(negate(weight[mark] as number, isConcord)));
    obey(role[mark] as number, start);
    scope.negation = 0;
    scope.intensityLeft = 0;
  };

  const emphasis = (tape: Tape, token: number, value: number): number => {
    let result = value;
    if (tape.capitals[token] === 1 && tape.capitalCount * 2 < tape.wordCount) result = share(result, percent.capitals);
    if (tape.stretched[token] === 1) result = share(result, percent.stretched);
    if (tape.negated[token] === 1) result = share(result, percent.writtenTogether);
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
    const turned = (bits & roles.negator) !== 0 && turnBack(tape, token);
    if (mark !== 0 && !onlyIntensifies(tape, token, bits)) {
      const value = emphasis(tape, token, weight[mark] as number);
      hit(start, tape.end[token] as number, mark, surround(negate(value, false)));
      if ((bits & roles.gratitude) !== 0 && reading.hitCount > 0) scope.thanked = reading.hitCount - 1;
    }
    noteToken(tape, token);
    if (bits !== 0 && !turned) obey(bits, start);
    leave(tape, token);
  };

  const readSign = (tape: Tape, token: number): void => {
    const clause = reading.clauseCount - 1;
    hit(tape.start[token] as number, tape.end[token] as number, 0, tape.sign[token] as number);
    if (clause >= 0) leave(tape, token);
  };

  const readToken = (tape: Tape, token: number): number => {
    enter(tape, token);
    if (tape.isSign[token] === 1) {
      readSign(tape, token);
      return token + 1;
    }
    const { mark, end, note: named, noteEnd } = match(tape, token);
    if (named !== 0) note(named, tape.start[token] as number, tape.end[noteEnd - 1] as number);
    if (mark !== 0) readExpression(tape, token, mark, end);
    else readWord(tape, token);
    if (scope.negation > 0) scope.negation--;
    if (scope.intensityLeft > 0 && (mark !== 0 || (bitsOf(tape, token) & (roles.strong | roles.weak)) === 0)) scope.intensityLeft--;
    return mark === 0 ? token + 1 : end;
  };

  const closeClauses = (): void => {
    for (let clause = 0; clause < reading.clauseCount; clause++) {
      const sentence = reading.clauseSentence[clause] as number;
      let value = reading.clauseShare[clause] as number;
      if ((reading.sentenceAsks[sentence] as number) === 1 && reading.sentenceBangs[sentence] === 0) value = share(value, percent.asked);
      if ((reading.sentenceBangs[sentence] as number) > 0) value = share(value, percent.exclaimed);
      reading.clauseShare[clause] = value;
    }
  };

  return tape => {
    reading.hitCount = 0;
    reading.clauseCount = 0;
    reading.sentenceCount = 0;
    reading.noteCount = 0;
    resetScope();
    for (let token = 0; token < tape.count; ) token = readToken(tape, token);
    closeClauses();
    return reading;
  };
}

/** `value` · `percent` / 100, cut towards zero. */
export const share = (value: number, percent: number): number => Math.trunc((value * percent) / 100);
