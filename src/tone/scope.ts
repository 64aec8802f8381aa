import { roles } from "./vocabulary.ts";

/** Percent by which the surroundings change a word; integers, so that every machine agrees. */
export const percent = {
  strong: 140,
  weak: 65,
  capitals: 125,
  stretched: 125,
  negatedPraise: -80,
  negatedComplaint: -40,
  writtenTogether: -90,
  unrealPraise: -25,
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
const intensityTokens = 2;

/** What the sentence said so far that changes the words to come. */
export interface Scope {
  negation: number;
  intensity: number;
  intensityLeft: number;
  unreal: boolean;
  past: boolean;
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
  past: false,
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
  scope.past = false;
  scope.thanked = -1;
}

/** Roles that change the words to come: conditions, the past, intensity. */
export function obeyWords(scope: Scope, bits: number): void {
  if ((bits & roles.unreal) !== 0) scope.unreal = true;
  if ((bits & roles.past) !== 0) scope.past = true;
  if ((bits & roles.now) !== 0) scope.past = false;
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
  if (scope.unreal) return share(result, result > 0 ? percent.unrealPraise : percent.unrealComplaint);
  if (scope.past) return share(result, result > 0 ? percent.pastPraise : percent.pastComplaint);
  return result;
}

/** `value` · `by` / 100, cut towards zero. */
export const share = (value: number, by: number): number => Math.trunc((value * by) / 100);
