/**
 * Weighted vocabulary: a level and patterns separated by white space. In a pattern `stem*` takes any
 * ending, `stem~` an ending of at most three letters, a bare word only itself; `_` joins the words of
 * an expression; `#` stands for masking characters such as `*` or `@`.
 */
export type Weighted = readonly (readonly [level: number, patterns: string])[];

/** Patterns by the name of what they mark: an aspect, an intent, a role in the sentence. */
export type Marked = Readonly<Record<string, string>>;
