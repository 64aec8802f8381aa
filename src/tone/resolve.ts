import type { Memo } from "./memo.ts";
import * as words from "./memo.ts";
import type { Tape } from "./tape.ts";
import * as tokens from "./tape.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { hot, hotWidth, info, infoWidth } = words;
const { flags } = tokens;

/**
 * Builds the look-up of the words of `tape[from, to)` in the memory of words, in bare loops: the processor then
 * fetches many lines of memory together, where word by word it would wait for each. `spell` puts the letters
 * of a token's word into `memo.word`, for words that the memory does not hold. Answers how many are Cyrillic.
 */
export function createResolve(memo: Memo, tape: Tape, spell: (token: number) => void) {
  const { flags: flagsOf, entry, first, second, upper } = tape;
  const { lexical, numbers } = memo;

  const seekAll = (from: number, to: number): void => {
    for (let token = from; token < to; token++)
      if (flagsOf[token] !== flags.sign)
        entry[token] = memo.seek(first[token] as number, second[token] as number);
  };

  /** Forgets how often the text has used its words; what else is asked of them lies beside that. */
  const forgetRepeats = (from: number, to: number): void => {
    for (let token = from; token < to; token++)
      numbers[(entry[token] as number) * hotWidth + hot.repeats] = 0;
  };

  const learn = (token: number, translit: boolean): void => {
    spell(token);
    entry[token] = memo.find(first[token] as number, second[token] as number, translit);
  };

  /** Takes up what the memory knows of a word; returns 1 when it is Cyrillic. */
  const take = (token: number): number => {
    const at = (entry[token] as number) * infoWidth;
    const letters = lexical[at + info.letters] as number;
    const upperCount = upper[token] as number;
    let bits = lexical[at + info.flags] as number;
    if (upperCount > 2 && upperCount === (letters & 255)) {
      bits |= flags.capitals;
      tape.capitalCount++;
    }
    flagsOf[token] = bits;
    return letters >> 8;
  };

  return (from: number, to: number, translit: boolean): number => {
    seekAll(from, to);
    forgetRepeats(from, to);
    let cyrillicCount = 0;
    for (let token = from; token < to; token++) {
      if (flagsOf[token] === flags.sign) continue;
      tape.wordCount++;
      if (entry[token] === 0) learn(token, translit);
      cyrillicCount += take(token);
    }
    return cyrillicCount;
  };
}
