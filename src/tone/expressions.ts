import type { Memo } from "./memo.ts";
import * as words from "./memo.ts";
import type { Tape } from "./tape.ts";
import * as tokens from "./tape.ts";
import type { Vocabulary } from "./vocabulary.ts";
import * as vocabularies from "./vocabulary.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { info, infoWidth } = words;
const { breaks } = tokens;
const { roles, stepOn } = vocabularies;

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
export function createMatch(vocabulary: Vocabulary, { lexical }: Memo, tape: Tape): (token: number) => Match {
  const { steps, markOfState, begins, role, weighted, aspect, intent } = vocabulary;
  const { entry, break: breakBefore } = tape;
  const match: Match = { mark: 0, end: 0, note: 0, noteEnd: 0 };

  const follow = (state: number, token: number, fillers: number): void => {
    if (token >= tape.count || (breakBefore[token] as number) >= breaks.comma) return;
    const at = (entry[token] as number) * infoWidth;
    const count = lexical[at + info.patterns] as number;
    let followed = false;
    for (let i = 0; i < count; i++) {
      const next = stepOn(steps, state, lexical[at + i] as number);
      if (next === 0) continue;
      followed = true;
      reach(next, token + 1);
    }
    if (!followed && fillers < maxFillers && ((lexical[at + info.roles] as number) & roles.filler) !== 0)
      follow(state, token + 1, fillers + 1);
  };

  const reach = (state: number, token: number): void => {
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
    follow(state, token, 0);
  };

  return token => {
    match.mark = 0;
    match.end = token;
    match.note = 0;
    match.noteEnd = token;
    const at = (entry[token] as number) * infoWidth;
    const count = lexical[at + info.patterns] as number;
    for (let i = 0; i < count; i++) {
      const pattern = lexical[at + i] as number;
      if (begins[pattern] !== 1) continue;
      const next = stepOn(steps, 0, pattern);
      if (next !== 0) reach(next, token + 1);
    }
    return match;
  };
}
