import { type Aim, createAim, farAway } from "./aim.ts";
import type { Span } from "./define.ts";
import { mix, routes, type Sink, seeds, step } from "./features.ts";
import type { Memo } from "./memo.ts";
import type { Reading } from "./reading.ts";
import type { Tape } from "./tape.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { walkWhole } from "./walk-whole.ts";
import { createWalkWords, nearTokens } from "./walk-words.ts";

const zone = (away: number): number => {
  const size = Math.abs(away);
  const level = size <= 2 ? 1 : size <= nearTokens ? 2 : size < farAway ? 3 : 4;
  return away < 0 ? -level : level;
};

/** Whether the brand was found, and how many words were told: what a text's length is worth. */
export interface Walked {
  aimed: boolean;
  told: number;
}

/** Builds the walk over one read text that names every feature of it once, for training and scoring alike. */
export function createWalk({ nameHash }: Vocabulary, memo: Memo) {
  const aimAt = createAim();
  const walkWords = createWalkWords(memo);

  const walkHits = (tape: Tape, reading: Reading, aim: Aim, sink: Sink): void => {
    for (let i = 0; i < reading.hitCount; i++) {
      const mark = reading.hitMark[i] as number;
      const token = reading.hitToken[i] as number;
      const start = reading.hitStart[i] as number;
      const end = reading.hitEnd[i] as number;
      const value = reading.hitWeight[i] as number;
      const name = mark === 0 ? (tape.glyph[token] as number) : (nameHash[mark] as number);
      const side = reading.clauseSide[reading.hitClause[i] as number] as number;
      const group = mix(mix(seeds.group, step(value)), (tape.context[token] as number) | (side << 4));
      sink.feature(start, end, routes.plain, mix(mix(seeds.hit, name), value > 0 ? 1 : -1));
      sink.feature(start, end, routes.plain, group);
      if (aim.found)
        sink.feature(start, end, routes.context, mix(group, zone(aim.distance[token] as number)));
    }
  };

  /**
   * `sum` is the lexicon's own verdict in units, `length` the text's in UTF-16 units.
   */
  return (
    tape: Tape,
    reading: Reading,
    sum: number,
    spans: readonly Span[],
    length: number,
    sink: Sink,
  ): Walked => {
    const aim = aimAt(tape, reading, spans);
    if (tape.count === 0) return { aimed: false, told: 0 };
    const told = walkWords(tape, reading, aim, sink);
    walkHits(tape, reading, aim, sink);
    walkWhole(tape, reading, aim, sum, length, sink);
    return { aimed: aim.found, told };
  };
}
