import type { Tape } from "./tape.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { patternsPerToken } from "./words.ts";

/** What the lexicon's patterns say of one token: its roles together, and the longest pattern with a tone. */
export function createMarks({ role, weighted }: Vocabulary) {
  const bitsOf = (tape: Tape, token: number): number => {
    let bits = 0;
    const base = token * patternsPerToken;
    for (let i = 0; i < (tape.patternCount[token] as number); i++)
      bits |= role[tape.patterns[base + i] as number] as number;
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

  return { bitsOf, weightedMark };
}
