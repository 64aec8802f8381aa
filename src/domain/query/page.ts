import { BoundedMap } from "#domain/query/bounded-map.ts";
import type { LeafIndex } from "#domain/query/leaf-index.ts";
import type { DocumentField, Leaf } from "#domain/query/leaves.ts";
import { documentFields } from "#domain/query/leaves.ts";
import type { Units, Words } from "#domain/words.ts";
import { isHyphenAt, readWords, sigilStart, suffixEnd, unitsOf } from "#domain/words.ts";

/** What queries read of a document; absent fields are null. */
export type MatchedDocument = Record<FieldOfDocument, string | null> & { text: string };
type FieldOfDocument = Exclude<DocumentField, "text">;

/** A run of words, by the positions of its first and last one in the page. */
export interface Interval {
  first: number;
  last: number;
}

/** The words of one field are those from `from` to `until`. */
export interface PageField {
  name: DocumentField;
  text: string;
  units: Units;
  from: number;
  until: number;
}

/** A document read once for all queries: where its words are and which leaves they satisfy, in order of position. */
export interface Page {
  words: Words;
  fields: PageField[];
  /** By leaf id; only for leaves that are present. */
  hits: Map<number, Interval[]>;
  /** Phrases and neighbourhoods already looked for, by their plan. */
  found: Map<object, readonly Interval[] | null>;
}

const maxChain = 4;
/** Longer runs of letters are noise, not worth remembering. */
const maxWritten = 200;

/** Remembers which leaves a written word satisfies, because texts repeat few words. */
export class PageReader {
  readonly #index: LeafIndex;
  readonly #leaves: readonly Leaf[];
  readonly #fields: readonly DocumentField[];
  readonly #memory = new BoundedMap<readonly number[]>(50_000);

  constructor(index: LeafIndex, leaves: readonly Leaf[]) {
    this.#index = index;
    this.#leaves = leaves;
    this.#fields = documentFields.filter(name => leaves.some(({ fields }) => fields.includes(name)));
  }

  read(document: MatchedDocument): Page {
    const page: Page = { words: { starts: [], ends: [] }, fields: [], hits: new Map(), found: new Map() };
    for (const name of this.#fields) {
      const text = document[name];
      if (text !== null && text !== "") this.#readField(page, name, text);
    }
    return page;
  }

  #readField(page: Page, name: DocumentField, text: string): void {
    const { starts, ends } = page.words;
    const from = starts.length;
    const units = unitsOf(text);
    readWords(units, page.words);
    const field: PageField = { name, text, units, from, until: starts.length };
    page.fields.push(field);
    let chainEnd = from;
    for (let at = from; at < field.until; at++) {
      if (at >= chainEnd) {
        chainEnd = chainFrom(page.words, field, at);
        if (chainEnd > at + 1 && chainEnd - at <= maxChain) this.#look(page, field, at, chainEnd - 1);
      }
      if (this.#index.beginnings.mayHold(units, starts[at]!)) this.#look(page, field, at, at);
      if (this.#index.hasNamed) this.#lookNamed(page, field, at);
    }
    // An empty word keeps phrases from running over into the next field.
    starts.push(text.length);
    ends.push(text.length);
  }

  #look(page: Page, field: PageField, first: number, last: number): void {
    this.#lookAt(page, field, page.words.starts[first]!, page.words.ends[last]!, { first, last });
  }

  #lookAt(page: Page, field: PageField, start: number, end: number, place: Interval): void {
    for (const id of this.#satisfiedBy(field.text.slice(start, end))) {
      if (!this.#leaves[id]!.fields.includes(field.name)) continue;
      const hits = page.hits.get(id);
      if (hits === undefined) page.hits.set(id, [place]);
      else hits.push(place);
    }
  }

  #satisfiedBy(word: string): readonly number[] {
    if (word.length > maxWritten) return [];
    const known = this.#memory.get(word);
    if (known !== undefined) return known;
    const found = this.#index.find(word);
    this.#memory.set(word, found);
    return found;
  }

  /** `@molva_news`, `#кофе`, `C++`: looked up whole, beside their words. */
  #lookNamed(page: Page, field: PageField, at: number): void {
    const { starts, ends } = page.words;
    const start = sigilStart(field.units, starts[at]!);
    if (start < starts[at]!) {
      let last = at;
      while (
        last + 1 < field.until &&
        starts[last + 1] === ends[last]! + 1 &&
        field.text.charAt(ends[last]!) === "_"
      )
        last++;
      this.#lookAt(page, field, start, ends[last]!, { first: at, last });
    }
    const end = suffixEnd(field.units, ends[at]!);
    if (end > ends[at]!) this.#lookAt(page, field, starts[at]!, end, { first: at, last: at });
  }
}

/** The position after the last word that hyphens join to the one at `at`. */
function chainFrom({ starts, ends }: Words, { units, until }: PageField, at: number): number {
  let next = at + 1;
  while (next < until && starts[next] === ends[next - 1]! + 1 && isHyphenAt(units, ends[next - 1]!)) next++;
  return next;
}
