import type { Memo } from "./memo.ts";
import * as words from "./memo.ts";
import * as step from "./steps.ts";
import type { Tape } from "./tape.ts";
import * as tokens from "./tape.ts";
import type { Vocabulary } from "./vocabulary.ts";
import * as vocabularies from "./vocabulary.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { info, infoWidth } = words;
const { breaks } = tokens;
const { roles } = vocabularies;
const { stepOn } = step;

/** An expression: its mark, 0 for none, and the token after it. */
interface Match {
  mark: number;
  end: number;
}

/** Finds the longest expression that begins at a token and means one of `wanted` (`meanings`); valid until the next. */
export type FindMatch = (token: number, wanted: number) => Match;

const maxFillers = 2;

/** Builds the search for expressions; small words such as "очень" may stand inside one. */
export function createMatch(vocabulary: Vocabulary, { lexical }: Memo, tape: Tape): FindMatch {
  const { steps, markOfState, first, leads, means } = vocabulary;
  const { entry, break: breakBefore } = tape;
  const match: Match = { mark: 0, end: 0 };
  let asked = 0;

  const follow = (state: number, token: number, fillers: number): void => {
    if (token >= tape.count || (breakBefore[token] as number) >= breaks.comma) return;
    const at = (entry[token] as number) * infoWidth;
    const count = lexical[at + info.patterns] as number;
    let followed = false;
    for (let i = 0; i < count; i++) {
      const next = stepOn(steps, state, lexical[at + i] as number);
      if (((leads[next] as number) & asked) === 0) continue;
      followed = true;
      reach(next, token + 1);
    }
    if (!followed && fillers < maxFillers && ((lexical[at + info.roles] as number) & roles.filler) !== 0)
      follow(state, token + 1, fillers + 1);
  };

  const reach = (state: number, token: number): void => {
    const mark = markOfState[state] as number;
    if (mark !== 0 && token > match.end && ((means[mark] as number) & asked) !== 0) {
      match.mark = mark;
      match.end = token;
    }
    follow(state, token, 0);
  };

  return (token, wanted) => {
    asked = wanted;
    match.mark = 0;
    match.end = token;
    const at = (entry[token] as number) * infoWidth;
    const count = lexical[at + info.patterns] as number;
    for (let i = 0; i < count; i++) {
      const next = first[lexical[at + i] as number] as number;
      if (((leads[next] as number) & wanted) !== 0) reach(next, token + 1);
    }
    return match;
  };
}
