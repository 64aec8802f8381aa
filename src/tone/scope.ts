import type { Reading } from "./reading.ts";
import { roles } from "./vocabulary.ts";

/** Percent by which the surroundings change a word; integers, so that every machine agrees. */
export const percent = {
  strong: 140,
  weak: 65,
  capitals: 125,
  stretched: 125,
  negatedPraise: -80,
  negatedComplaint: -55,
  writtenTogether: -90,
  unrealPraise: -50,
  unrealComplaint: 40,
  pastPraise: -60,
  pastComplaint: 25,
  afterBut: 130,
  beforeBut: 75,
  concession: 70,
  exclaimed: 115,
  asked: 55,
} as const;
/** Words after a negator that it turns. */
export const negationTokens = 3;
/** "None of the jokes in this film are funny." */
export const farNegationTokens = 9;
const intensityTokens = 2;
/** A clause that tells more words of the past has told it. */
const pastTokens = 3;

/** What the sentence said so far that changes the words to come. */
export interface Scope {
  negation: number;
  intensity: number;
  intensityLeft: number;
  unreal: boolean;
  /** What was hoped for, promised or said by others, up to the end of the clause. */
  hoped: boolean;
  /** Tokens since the sentence began to speak of the past; 0 when it does not. */
  past: number;
  thanked: number;
  sentenceFirstClause: number;
  /** The side of the clauses to come in this sentence, a value of `sides`. */
  side: number;
}

export const createScope = (): Scope => ({
  negation: 0,
  intensity: 100,
  intensityLeft: 0,
  unreal: false,
  hoped: false,
  past: 0,
  thanked: -1,
  sentenceFirstClause: 0,
  side: 0,
});

/** Forgets all but where the sentence began. */
export function resetScope(scope: Scope): void {
  scope.negation = 0;
  scope.intensity = 100;
  scope.intensityLeft = 0;
  scope.unreal = false;
  scope.hoped = false;
  scope.past = 0;
  scope.thanked = -1;
}

/**
 * Forgets what ends with a clause; a past that was only named ("раньше, когда…") goes on into the
 * next one, and what is said by others into the one that says it ("пишут, что…": `goesOn`).
 */
export function leaveClause(scope: Scope, goesOn: boolean): void {
  scope.negation = 0;
  scope.thanked = -1;
  if (!goesOn) scope.hoped = false;
  if (scope.past > pastTokens) scope.past = 0;
}

/** Roles that change the words to come: conditions, the past, intensity. */
export function obeyWords(scope: Scope, bits: number): void {
  if ((bits & roles.unreal) !== 0) scope.unreal = true;
  if ((bits & roles.hoped) !== 0) scope.hoped = true;
  if ((bits & roles.past) !== 0) scope.past = 1;
  if ((bits & roles.now) !== 0) scope.past = 0;
  if ((bits & (roles.strong | roles.weak)) === 0) return;
  scope.intensity = (bits & roles.strong) !== 0 ? percent.strong : percent.weak;
  scope.intensityLeft = intensityTokens;
}

/** The units of a word after "не" and its kin. */
export function negate(scope: Scope, value: number): number {
  // "If it did not crash": under a condition the denied complaint is the complaint.
  if (scope.negation === 0 || (scope.unreal && value < 0)) return value;
  return share(value, value > 0 ? percent.negatedPraise : percent.negatedComplaint);
}

/** The units of a word under intensity, a condition, or a past that is over. */
export function surround(scope: Scope, value: number): number {
  const result = scope.intensityLeft > 0 ? share(value, scope.intensity) : value;
  if (scope.unreal || scope.hoped)
    return share(result, result > 0 ? percent.unrealPraise : percent.unrealComplaint);
  if (scope.past > 0) return share(result, result > 0 ? percent.pastPraise : percent.pastComplaint);
  return result;
}

/** `value` · `by` / 100, cut towards zero. */
export const share = (value: number, by: number): number => Math.trunc((value * by) / 100);

/** What a question or an exclamation makes of the clauses of its sentence. */
export function closeClauses(reading: Reading): void {
  const { clauseSentence, clauseShare, sentenceAsks, sentenceBangs } = reading;
  for (let at = 0; at < reading.clauseCount; at++) {
    const sentence = clauseSentence[at] as number;
    let value = clauseShare[at] as number;
    if (sentenceAsks[sentence] === 1 && sentenceBangs[sentence] === 0) value = share(value, percent.asked);
    if ((sentenceBangs[sentence] as number) > 0) value = share(value, percent.exclaimed);
    clauseShare[at] = value;
  }
}
