import { info, infoWidth, type Memo } from "./memo.ts";
import { flags, type Tape } from "./tape.ts";
import { patternsPerToken } from "./words.ts";

/**
 * Builds the look-up of the words of `tape[from, to)` in the memory of words, all at once: the processor then
 * fetches many lines of memory together, where word by word it would wait for each. `spell` puts the letters
 * of a token's word into `memo.word`, for words that the memory does not hold. Answers how many are Cyrillic.
 */
export function createResolve(memo: Memo, tape: Tape, spell: (token: number) => void) {
  const takeWord = (token: number): number => {
    const from = (tape.entry[token] as number) * infoWidth;
    const patterns = memo.lexical[from + info.patterns] as number;
    const letters = memo.lexical[from + info.letters] as number;
    const patternCount = patterns & 255;
    tape.patternCount[token] = patternCount;
    const base = token * patternsPerToken;
    for (let i = 0; i < patternCount; i++) tape.patterns[base + i] = memo.lexical[from + i] as number;
    let bits = patterns >> 8;
    const upperCount = tape.upper[token] as number;
    if (upperCount > 2 && upperCount === (letters & 255)) {
      bits |= flags.capitals;
      tape.capitalCount++;
    }
    tape.flags[token] = bits;
    return letters >> 8;
  };

  return (from: number, to: number, translit: boolean): number => {
    for (let token = from; token < to; token++) {
      if (tape.flags[token] !== flags.sign)
        tape.entry[token] = memo.seek(tape.first[token] as number, tape.second[token] as number);
    }
    let cyrillicCount = 0;
    for (let token = from; token < to; token++) {
      if (tape.flags[token] === flags.sign) continue;
      tape.wordCount++;
      if ((tape.entry[token] as number) < 0) {
        spell(token);
        tape.entry[token] = memo.find(tape.first[token] as number, tape.second[token] as number, translit);
      }
      cyrillicCount += takeWord(token);
    }
    return cyrillicCount;
  };
}
