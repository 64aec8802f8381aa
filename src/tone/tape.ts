/** How strongly the text before a token separates it from the token before. */
export const breaks = { none: 0, light: 1, comma: 2, sentence: 3 } as const;

/**
 * What a token is beside its letters: an emoji or emoticon (and then nothing else), CAPS, streeetched, "не"
 * written together; whether the lexicon gives the word a tone or a role, by itself or at the beginning of an
 * expression; whether an expression of this kind begins with it;
 * whether the word, or an expression that begins with it, names an aspect or an intent; and whether an expression
 * with a tone or a role may go on with it.
 */
export const flags = {
  sign: 1,
  capitals: 2,
  stretched: 4,
  negated: 8,
  known: 16,
  begins: 32,
  named: 64,
  goesOn: 128,
} as const;

/** What the sentence around a token does to its words; whether it stands in quotation marks. */
export const contexts = { negated: 1, unreal: 2, past: 4, quoted: 8 } as const;

/** Units read from the beginning and from the end of a long text; the middle is left out. */
export const headUnits = 12_000;
export const tailUnits = 8_000;
export const maxTokens = headUnits + tailUnits;

/** The tokens of one text in columns; reused from text to text by one scorer. */
export interface Tape {
  count: number;
  start: Int32Array;
  end: Int32Array;
  /** A `breaks` value: what lies between this token and the one before. */
  break: Uint8Array;
  /** Runs of `!` and `?` after the token, at most 255. */
  bangs: Uint8Array;
  asks: Uint8Array;
  /** Bits of `flags`. */
  flags: Uint8Array;
  /** Tone of an emoji or emoticon in units, when flagged; words have theirs in the vocabulary. */
  sign: Int16Array;
  /** The first units of an emoji or emoticon. */
  glyph: Int32Array;
  /** Of a word its entry in the memory of words, valid until the next text; of a sign 0, which no word has. */
  entry: Int32Array;
  /** Bits of `contexts`; the scanner knows what is quoted, the reader the rest. */
  context: Uint16Array;
  /** The clause that the token stands in, written by the reader. */
  clause: Uint16Array;
  /** Of a word its two hashes and how many of its letters are upper-case. */
  first: Int32Array;
  second: Int32Array;
  upper: Uint8Array;
  wordCount: number;
  /** Whether most words are Russian, or read as such. */
  cyrillic: boolean;
  capitalCount: number;
  linkCount: number;
}

export const createTape = (): Tape => ({
  count: 0,
  start: new Int32Array(maxTokens),
  end: new Int32Array(maxTokens),
  break: new Uint8Array(maxTokens),
  bangs: new Uint8Array(maxTokens),
  asks: new Uint8Array(maxTokens),
  flags: new Uint8Array(maxTokens),
  sign: new Int16Array(maxTokens),
  glyph: new Int32Array(maxTokens),
  entry: new Int32Array(maxTokens),
  context: new Uint16Array(maxTokens),
  clause: new Uint16Array(maxTokens),
  first: new Int32Array(maxTokens),
  second: new Int32Array(maxTokens),
  upper: new Uint8Array(maxTokens),
  wordCount: 0,
  cyrillic: true,
  capitalCount: 0,
  linkCount: 0,
});
