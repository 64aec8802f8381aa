import { breaks, type Tape } from "./tape.ts";
import { roles, stepOn, type Vocabulary } from "./vocabulary.ts";
import { patternsPerToken } from "./words.ts";

/**
 * The longest expression with a tone or a role that begins at a token, and apart from it the longest
 * that names an aspect or an intent: marks (0 for none) and the tokens after them.
 */
export interface Match {
  mark: number;
  end: number;
  note: number;
  noteEnd: number;
}

const maxFillers = 2;

/** Builds the search for expressions; small words such as "очень" may stand inside one. */
export function createMatch(vocabulary: Vocabulary): (tape: Tape, token: number) => Match {
  const { steps, markOfState, begins, role, weighted, aspect, intent } = vocabulary;
  const match: Match = { mark: 0, end: 0, note: 0, noteEnd: 0 };

  const isFiller = (tape: Tape, token: number): boolean => {
    const base = token * patternsPerToken;
    for (let i = 0; i < (tape.patternCount[token] as number); i++) {
      if (((role[tape.patterns[base + i] as number] as number) & roles.filler) !== 0) return true;
    }
    return false;
  };

  const follow = (tape: Tape, state: number, token: number, fillers: number): void => {
    if (token >= tape.count || (tape.break[token] as number) >= breaks.comma) return;
    const base = token * patternsPerToken;
    let followed = false;
    for (let i = 0; i < (tape.patternCount[token] as number); i++) {
      const next = stepOn(steps, state, tape.patterns[base + i] as number);
      if (next === 0) continue;
      followed = true;
      reach(tape, next, token + 1);
    }
    if (!followed && fillers < maxFillers && isFiller(tape, token))
      follow(tape, state, token + 1, fillers + 1);
  };

  const reach = (tape: Tape, state: number, token: number): void => {
    const mark = markOfState[state] as number;
    if (mark !== 0) {
      if (token > match.end && (weighted[mark] === 1 || role[mark] !== 0)) {
        match.mark = mark;
        match.end = token;
      }
      if (token > match.noteEnd && (aspect[mark] !== 0 || intent[mark] !== 0)) {
        match.note = mark;
        match.noteEnd = token;
      }
    }
    follow(tape, state, token, 0);
  };

  return (tape, token) => {
    match.mark = 0;
    match.end = token;
    match.note = 0;
    match.noteEnd = token;
    const base = token * patternsPerToken;
    for (let i = 0; i < (tape.patternCount[token] as number); i++) {
      const pattern = tape.patterns[base + i] as number;
      if (begins[pattern] !== 1) continue;
      const next = stepOn(steps, 0, pattern);
      if (next !== 0) reach(tape, next, token + 1);
    }
    return match;
  };
}
