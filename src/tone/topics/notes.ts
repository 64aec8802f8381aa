import type { Memo } from "#tone/memo.ts";
import * as words from "#tone/memo.ts";
import type { Reader } from "#tone/reader.ts";
import * as tokens from "#tone/tape.ts";
import * as vocabularies from "#tone/vocabulary.ts";

// An import is read from memory at every use; the compiler knows what a constant of the module is.
const { info, infoWidth } = words;
const { flags } = tokens;
const { meanings } = vocabularies;

type Parts = Pick<Reader, "vocabulary" | "tape" | "reading" | "match"> & { memo: Memo };

/**
 * Builds the search of a read text for words and expressions that name an aspect or an intent. It stands apart
 * from the reading for the tone, which does not need them.
 */
export function createNotes({ vocabulary, memo, tape, reading, match }: Parts): () => void {
  const { means } = vocabulary;
  const { lexical } = memo;
  const { entry, clause, flags: flagsOf } = tape;
  const { noteMark, noteClause } = reading;

  const note = (token: number, mark: number): void => {
    const at = reading.noteCount;
    if (at >= noteMark.length || ((means[mark] as number) & meanings.named) === 0) return;
    noteMark[at] = mark;
    noteClause[at] = clause[token] as number;
    reading.noteCount++;
  };

  return () => {
    reading.noteCount = 0;
    for (let token = 0; token < tape.count; token++) {
      if (((flagsOf[token] as number) & flags.named) === 0) continue;
      note(token, match(token, meanings.named).mark);
      const at = (entry[token] as number) * infoWidth;
      const count = lexical[at + info.patterns] as number;
      for (let i = 0; i < count; i++) note(token, lexical[at + i] as number);
    }
  };
}
