/** Words of a brand by the aspect that they speak of: one of ours or one of the brand's own. */
export type OwnAspects = ReadonlyMap<string, RegExp>;

const special = /[\\^$.*+?()[\]{}|]/gu;

/** A pattern of one entry: `stem*` takes any ending, ё and е are one letter, blanks are of any width. */
const patternOf = (entry: string): string =>
  entry
    .trim()
    .replace(/\*$/u, "\u0000")
    .replaceAll(special, "\\$&")
    .replaceAll(/[её]/giu, "[её]")
    .replaceAll(/\s+/gu, "\\s+")
    .replace("\u0000", "\\p{L}*");

/**
 * Compiles a brand's own words; entries are words or expressions, `stem*` takes any ending. Aspects without
 * a word are left out.
 */
export function compileOwnAspects(words: Readonly<Record<string, readonly string[]>>): OwnAspects {
  return new Map(
    Object.entries(words).flatMap(([aspect, entries]) => {
      const patterns = entries.filter(entry => /[\p{L}\p{N}]/u.test(entry)).map(patternOf);
      if (patterns.length === 0) return [];
      return [[aspect, new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "iu")]];
    }),
  );
}
