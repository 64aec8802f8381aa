import type { FieldName, WordMode, WordNode } from "#domain/query/ast.ts";
import { foldText } from "#domain/text.ts";

/** Where a term may stand; a term without a field looks into title and text. */
export type DocumentField = FieldName | "text";

export const documentFields = [
  "title",
  "text",
  "author",
  "url",
  "source",
] as const satisfies readonly DocumentField[];

/** One word to look for, shared by all queries that ask for it in the same way. */
export interface Leaf {
  id: number;
  /** As the first query typed it. */
  text: string;
  folded: string;
  mode: WordMode;
  inCapitals: boolean;
  fields: readonly DocumentField[];
  /** How often the queries ask for it. */
  uses: number;
}

const anywhere: readonly DocumentField[] = ["title", "text"];

export const isCapitals = (word: string): boolean =>
  word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase();

/** A word's folded form without the marks that join its parts: O'Reilly → oreilly, кока-кола → кокакола. */
export const foldWord = (word: string): string => foldText(word).replace(/['’ʼ_‐‑-]/g, "");

/** `@name`, `#tag` and `C++` are compared whole. */
export const isNamed = (word: string): boolean => /^[@#]|[+#]$/.test(word);

/** Collects the words of many queries, each kind of each word once. */
export class LeafSet {
  readonly all: Leaf[] = [];
  readonly #known = new Map<string, Leaf>();

  /** Authors, addresses and sources have names, not word forms. */
  add(word: WordNode, field: FieldName | null): Leaf {
    const named = isNamed(word.text);
    const formless = named || (field !== null && field !== "title");
    const mode = word.mode === "forms" && formless ? "exact" : word.mode;
    const folded = named ? foldText(word.text) : foldWord(word.text);
    const inCapitals = isCapitals(word.text);
    const key = `${mode} ${field ?? ""} ${inCapitals} ${folded}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.uses++;
      return known;
    }
    const fields = field === null ? anywhere : [field];
    const leaf: Leaf = { id: this.all.length, text: word.text, folded, mode, inCapitals, fields, uses: 1 };
    this.all.push(leaf);
    this.#known.set(key, leaf);
    return leaf;
  }
}
