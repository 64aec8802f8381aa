import type { FindMatch } from "./expressions.ts";
import type { Memo } from "./memo.ts";
import * as words from "./memo.ts";
import type { Reading } from "./reading.ts";
import * as clauses from "./reading.ts";
import * as scopes from "./scope.ts";
import type { Tape } from "./tape.ts";
import * as tokens from "./tape.ts";
import type { Vocabulary } from "./vocabulary.ts";
import * as vocabularies from "./vocabulary.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { info, infoWidth } = words;
const { sides } = clauses;
const {
  closeClauses,
  createScope,
  farNegationTokens,
  leaveClause,
  negate,
  negationTokens,
  obeyWords,
  percent,
  resetScope,
  share,
  surround,
} = scopes;
const { breaks, contexts, flags } = tokens;
const { meanings, roles } = vocabularies;

/**
 * Builds the reader of evidence: words, expressions and signs of the tape, weighed by what surrounds them, go
 * into `reading`.
 */
export function createRead(
  vocabulary: Vocabulary,
  memo: Memo,
  tape: Tape,
  reading: Reading,
  match: FindMatch,
): () => void {
  const { weight, role } = vocabulary;
  const { lexical } = memo;
  const { start, end, break: breakBefore, asks, bangs, flags: flagsOf, sign, entry, context, clause } = tape;
  const { hitToken, hitStart, hitEnd, hitMark, hitWeight, hitClause } = reading;
  const { clauseStart, clauseEnd, clauseShare, clauseTone, clauseSide, clauseSentence } = reading;
  const { sentenceAsks, sentenceBangs } = reading;
  const scope = createScope();

  const rolesOf = (token: number): number =>
    lexical[(entry[token] as number) * infoWidth + info.roles] as number;
  const toneOf = (token: number): number =>
    lexical[(entry[token] as number) * infoWidth + info.tone] as number;

  const openClause = (from: number, goesOn = false): void => {
    const at = reading.clauseCount++;
    clauseStart[at] = from;
    clauseEnd[at] = from;
    clauseShare[at] = 100;
    clauseTone[at] = 0;
    clauseSide[at] = scope.side;
    clauseSentence[at] = Math.max(0, reading.sentenceCount - 1);
    leaveClause(scope, goesOn);
  };

  const openSentence = (from: number): void => {
    const sentence = reading.sentenceCount++;
    sentenceAsks[sentence] = 0;
    sentenceBangs[sentence] = 0;
    scope.sentenceFirstClause = reading.clauseCount;
    scope.side = sides.none;
    resetScope(scope);
    openClause(from);
  };

  const leave = (token: number): void => {
    clauseEnd[reading.clauseCount - 1] = end[token] as number;
    const asked = asks[token] as number;
    const exclaimed = bangs[token] as number;
    if (asked > 0) sentenceAsks[reading.sentenceCount - 1] = Math.min(3, asked);
    if (exclaimed > 0) sentenceBangs[reading.sentenceCount - 1] = Math.min(3, exclaimed);
  };

  const contrast = (from: number): void => {
    scope.side = sides.after;
    if (clauseStart[reading.clauseCount - 1] !== from) openClause(from);
    const last = reading.clauseCount - 1;
    clauseSide[last] = sides.after;
    for (let i = scope.sentenceFirstClause; i < last; i++) {
      clauseShare[i] = percent.beforeBut;
      clauseSide[i] = sides.before;
    }
    clauseShare[last] = percent.afterBut;
    // What follows up to the end of the sentence stays on this side of the contrast.
    scope.sentenceFirstClause = last;
    resetScope(scope);
  };

  const obey = (bits: number, from: number): void => {
    if ((bits & roles.notBut) !== 0) scope.negation = 0;
    else if ((bits & roles.but) !== 0) contrast(from);
    else if ((bits & roles.farNegator) !== 0) scope.negation = farNegationTokens + 1;
    else if ((bits & roles.negator) !== 0) scope.negation = negationTokens + 1;
    if ((bits & roles.although) !== 0) {
      clauseShare[reading.clauseCount - 1] = percent.concession;
      clauseSide[reading.clauseCount - 1] = sides.concession;
    }
    obeyWords(scope, bits);
  };

  const hit = (token: number, to: number, mark: number, value: number): void => {
    if (value === 0) return;
    const at = reading.hitCount++;
    hitToken[at] = token;
    hitStart[at] = start[token] as number;
    hitEnd[at] = to;
    hitMark[at] = mark;
    hitWeight[at] = value;
    hitClause[at] = reading.clauseCount - 1;
    // "Спасибо за испорченный праздник": thanks turn bitter when the same clause complains.
    if (value < 0 && scope.thanked >= 0) {
      hitWeight[scope.thanked] = -Math.abs(hitWeight[scope.thanked] as number) >> 1;
      scope.thanked = -1;
    }
  };

  /** Whether the last hit ends at most `reach` tokens before `token`, with nothing but words between. */
  const lastHitWithin = (token: number, reach: number): boolean => {
    const hitAt = hitEnd[reading.hitCount - 1] as number;
    for (let back = 1; back <= reach && back <= token; back++) {
      if ((breakBefore[token - back + 1] as number) > breaks.light || flagsOf[token - back] === flags.sign)
        return false;
      if (end[token - back] === hitAt) return true;
    }
    return false;
  };

  /** "Нареканий к сборке нет", "качества нет": a negator after the word turns it too. */
  const turnBack = (token: number): boolean => {
    const last = reading.hitCount - 1;
    if (last < 0) return false;
    const value = hitWeight[last] as number;
    if (!lastHitWithin(token, value < 0 ? negationTokens : 1)) return false;
    hitWeight[last] = share(value, value > 0 ? percent.negatedPraise : percent.negatedComplaint * 2);
    return true;
  };

  const readExpression = (token: number, mark: number, to: number): void => {
    for (let i = token; i < to; i++) leave(i);
    const isConcord = (rolesOf(token) & roles.negator) !== 0;
    const own = weight[mark] as number;
    hit(token, end[to - 1] as number, mark, surround(scope, isConcord ? own : negate(scope, own)));
    obey(role[mark] as number, start[token] as number);
    scope.negation = 0;
    scope.intensityLeft = 0;
  };

  const emphasis = (token: number, value: number): number => {
    let result = value;
    const bits = flagsOf[token] as number;
    if ((bits & flags.capitals) !== 0 && tape.capitalCount * 2 < tape.wordCount)
      result = share(result, percent.capitals);
    if ((bits & flags.stretched) !== 0) result = share(result, percent.stretched);
    if ((bits & flags.negated) !== 0) result = share(result, percent.writtenTogether);
    return result;
  };

  /** "Ужасно вкусно": a strong word before praise only intensifies it. */
  const onlyIntensifies = (token: number, bits: number): boolean => {
    if ((bits & (roles.strong | roles.weak)) === 0 || token + 1 >= tape.count) return false;
    return breakBefore[token + 1] === breaks.none && toneOf(token + 1) !== 0;
  };

  const readWord = (token: number, bits: number): void => {
    const mark = toneOf(token);
    const turned = (bits & roles.negatorAfter) !== 0 && turnBack(token);
    if (mark !== 0 && !onlyIntensifies(token, bits)) {
      const value = emphasis(token, weight[mark] as number);
      hit(token, end[token] as number, mark, surround(scope, negate(scope, value)));
      if ((bits & roles.gratitude) !== 0 && reading.hitCount > 0) scope.thanked = reading.hitCount - 1;
    }
    if (bits !== 0 && !turned) obey(bits, start[token] as number);
    leave(token);
  };

  const readSign = (token: number): void => {
    hit(token, end[token] as number, 0, sign[token] as number);
    leave(token);
  };

  /** What the model wants to know about where a token stands. */
  const place = (token: number): void => {
    context[token] =
      ((context[token] as number) & contexts.quoted) |
      (scope.negation > 0 ? contexts.negated : 0) |
      (scope.unreal || scope.hoped ? contexts.unreal : 0) |
      (scope.past > 0 ? contexts.past : 0);
    clause[token] = reading.clauseCount - 1;
  };

  /** "Не подвёл" is an expression; by itself "подвёл" is no praise, and stands denied. */
  const placeExpression = (from: number, to: number): void => {
    let denied = 0;
    for (let token = from; token < to; token++) {
      place(token);
      context[token] = (context[token] as number) | denied;
      if ((rolesOf(token) & roles.negator) !== 0) denied = contexts.negated;
    }
  };

  /** Reads the expression that begins at a token, where there is one; returns the token after it, or 0. */
  const readBeginning = (token: number): number => {
    const { mark, end: to } = match(token, meanings.toned);
    if (mark === 0) return 0;
    placeExpression(token, to);
    readExpression(token, mark, to);
    if (scope.negation > 0) scope.negation--;
    if (scope.intensityLeft > 0) scope.intensityLeft--;
    return to;
  };

  /** What lies behind the last token is of a former text and may only be asked in vain. */
  const mayBegin = (token: number): boolean =>
    ((flagsOf[token] as number) & flags.begins) !== 0 &&
    ((flagsOf[token + 1] as number) & flags.goesOn) !== 0;

  const readKnown = (token: number): number => {
    const after = mayBegin(token) ? readBeginning(token) : 0;
    if (after > 0) return after;
    const bits = rolesOf(token);
    readWord(token, bits);
    if (scope.negation > 0) scope.negation--;
    if (scope.intensityLeft > 0 && (bits & (roles.strong | roles.weak)) === 0) scope.intensityLeft--;
    return token + 1;
  };

  const enter = (token: number): void => {
    const between = breakBefore[token] as number;
    if (between === breaks.sentence || reading.clauseCount === 0) openSentence(start[token] as number);
    else if (between === breaks.comma)
      openClause(start[token] as number, (rolesOf(token) & roles.that) !== 0);
  };

  const readToken = (token: number): number => {
    enter(token);
    if (scope.past > 0) scope.past++;
    place(token);
    const bits = flagsOf[token] as number;
    if ((bits & flags.known) !== 0) return readKnown(token);
    if (bits === flags.sign) readSign(token);
    else {
      // A word that the lexicon gives no tone and no role only lengthens the clause.
      leave(token);
      if (scope.negation > 0) scope.negation--;
      if (scope.intensityLeft > 0) scope.intensityLeft--;
    }
    return token + 1;
  };

  return () => {
    reading.hitCount = 0;
    reading.clauseCount = 0;
    reading.sentenceCount = 0;
    resetScope(scope);
    for (let token = 0; token < tape.count; ) token = readToken(token);
    closeClauses(reading);
  };
}
