export const fieldNames = ["title", "author", "url", "source"] as const;
export type FieldName = (typeof fieldNames)[number];

/** How a word is compared: all its forms, as written (but caseless), or by its beginning. */
export type WordMode = "forms" | "exact" | "prefix";

export interface WordNode {
  type: "word";
  /** As typed, without `=` and `*`. */
  text: string;
  mode: WordMode;
}

/**
 * Words that follow one another. `quoted`: a "phrase"; `hyphen`: кока-кола, also written apart or together;
 * `tight`: sberbank.ru, 24/7, nothing but punctuation between the words.
 */
export interface PhraseNode {
  type: "phrase";
  join: "quoted" | "hyphen" | "tight";
  words: WordNode[];
  /** What stands between the words, as typed; its length is one less than that of `words`. */
  gaps: string[];
}

export interface NearNode {
  type: "near";
  /** Largest difference of word positions, 1 = neighbours, in any order. */
  distance: number;
  left: QueryNode;
  right: QueryNode;
}

export interface GroupNode {
  type: "and" | "or";
  children: QueryNode[];
}

interface NotNode {
  type: "not";
  child: QueryNode;
}

interface FieldNode {
  type: "field";
  field: FieldName;
  child: QueryNode;
}

export type QueryNode = WordNode | PhraseNode | NearNode | GroupNode | NotNode | FieldNode;

/** A parsed query; `text` is what was typed. */
export interface Query {
  text: string;
  root: QueryNode;
}
