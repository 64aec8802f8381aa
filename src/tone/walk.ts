import { type Aim, createAim, farAway } from "./aim.ts";
import type { Span } from "./define.ts";
import type { Put } from "./features.ts";
import * as features from "./features.ts";
import type { Memo } from "./memo.ts";
import type { Reading } from "./reading.ts";
import type { Tape } from "./tape.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { createWalkWhole } from "./walk-whole.ts";
import { createWalkWords, nearTokens } from "./walk-words.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { mix, seeds, step } = features;

const zone = (away: number): number => {
  const size = Math.abs(away);
  const level = size <= 2 ? 1 : size <= nearTokens ? 2 : size < farAway ? 3 : 4;
  return away < 0 ? -level : level;
};

/** What the lexicon found: each word of tone by itself, and how strong it is where it stands. */
function createWalkHits({ nameHash }: Vocabulary, tape: Tape, reading: Reading, aim: Aim, put: Put) {
  const { hitMark, hitToken, hitStart, hitEnd, hitWeight, hitClause, clauseSide } = reading;
  const { glyph, context } = tape;

  return (): void => {
    for (let i = 0; i < reading.hitCount; i++) {
      const mark = hitMark[i] as number;
      const token = hitToken[i] as number;
      const start = hitStart[i] as number;
      const end = hitEnd[i] as number;
      const value = hitWeight[i] as number;
      const name = mark === 0 ? (glyph[token] as number) : (nameHash[mark] as number);
      const side = clauseSide[hitClause[i] as number] as number;
      const group = mix(mix(seeds.group, step(value)), (context[token] as number) | (side << 4));
      put.plain(start, end, mix(mix(seeds.hit, name), value > 0 ? 1 : -1));
      put.plain(start, end, group);
      if (aim.found) put.context(start, end, mix(group, zone(aim.distance[token] as number)));
    }
  };
}

/** Whether the brand was found, and how many words were told: what a text's length is worth. */
export interface Walked {
  aimed: boolean;
  told: number;
}

/** Builds the walk over a read text that names every feature of it once, for training and scoring alike. */
export function createWalk(vocabulary: Vocabulary, memo: Memo, tape: Tape, reading: Reading, put: Put) {
  const { aim, aimAt } = createAim(tape, reading);
  const walkWords = createWalkWords(memo, tape, reading, aim, put);
  const walkHits = createWalkHits(vocabulary, tape, reading, aim, put);
  const walkWhole = createWalkWhole(tape, reading, aim, put);

  /** `sum` is the lexicon's own verdict in units. */
  return (sum: number, spans: readonly Span[]): Walked => {
    put.clear();
    aimAt(spans);
    if (tape.count === 0) return { aimed: false, told: 0 };
    const told = walkWords();
    put.hits();
    walkHits();
    walkWhole(sum);
    return { aimed: aim.found, told };
  };
}
