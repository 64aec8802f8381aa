import { readingsOf } from "#domain/lookalikes.ts";
import { Beginnings } from "#domain/query/beginnings.ts";
import type { Leaf } from "#domain/query/leaves.ts";
import { foldWord, isCapitals, isNamed } from "#domain/query/leaves.ts";
import { paradigmsOf } from "#domain/query/paradigms.ts";
import { englishStem, verbStem } from "#domain/query/stems.ts";
import { foldText } from "#domain/text.ts";

const russianWord = /^[а-я]+$/;
const englishWord = /^[a-z]+$/;
const longestEnding = 3;
/** Longer words of a document are compared with nothing: nobody writes them. */
const maxWordLength = 100;

interface Declined {
  leaf: Leaf;
  endings: ReadonlySet<string>;
}

/** A reading of a document's word; `inflected` ones carry an ending of another alphabet and match word forms only. */
interface DocumentReading {
  form: string;
  capsOnly: boolean;
  inflected: boolean;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** The stem under which Russian verbs and English words meet, or null. */
function stemOf(form: string): string | null {
  if (englishWord.test(form)) return englishStem(form);
  return russianWord.test(form) ? verbStem(form) : null;
}

/** Finds the leaves that a document's word satisfies, at a cost that does not grow with their number. */
export class LeafIndex {
  readonly #exact = new Map<string, Leaf[]>();
  readonly #declined = new Map<string, Declined[]>();
  readonly #stemmed = new Map<string, Leaf[]>();
  readonly #prefixes = new Map<string, Leaf[]>();
  #longestPrefix = 0;
  readonly beginnings = new Beginnings();
  /** Whether any leaf is `@name`, `#tag` or `C++`. */
  readonly hasNamed: boolean;

  constructor(leaves: readonly Leaf[]) {
    for (const leaf of leaves) this.#add(leaf);
    this.hasNamed = leaves.some(({ text }) => isNamed(text));
  }

  #add(leaf: Leaf): void {
    for (const { form } of readingsOf(leaf.folded, false)) {
      this.beginnings.add(form);
      if (leaf.mode === "prefix") {
        push(this.#prefixes, form, leaf);
        this.#longestPrefix = Math.max(this.#longestPrefix, form.length);
      } else {
        push(this.#exact, form, leaf);
        if (leaf.mode === "forms") this.#addForms(leaf, form);
      }
    }
  }

  #addForms(leaf: Leaf, form: string): void {
    const stem = stemOf(form);
    if (stem !== null) {
      push(this.#stemmed, stem, leaf);
      this.beginnings.add(stem);
    }
    if (!russianWord.test(form)) return;
    for (const { base, endings } of paradigmsOf(form)) {
      push(this.#declined, base, { leaf, endings });
      this.beginnings.add(base);
    }
  }

  /** Ids of the leaves that `word`, as written in a document, satisfies in some field. */
  find(word: string): number[] {
    if (word.length > maxWordLength) return [];
    const found = new Set<number>();
    for (const reading of documentReadings(word)) {
      for (const leaf of this.#satisfiedBy(reading)) {
        if (!reading.capsOnly || (leaf.inCapitals && leaf.mode !== "prefix")) found.add(leaf.id);
      }
    }
    return [...found];
  }

  #satisfiedBy({ form, inflected }: DocumentReading): Leaf[] {
    const exact = this.#exact.get(form) ?? [];
    const found = inflected ? exact.filter(({ mode }) => mode === "forms") : [...exact];
    const stem = this.#stemmed.size > 0 ? stemOf(form) : null;
    if (stem !== null) found.push(...(this.#stemmed.get(stem) ?? []));
    this.#addDeclined(form, found);
    const longest = Math.min(this.#longestPrefix, form.length);
    for (let length = 1; length <= longest; length++) {
      const leaves = this.#prefixes.get(form.slice(0, length));
      if (leaves !== undefined) found.push(...leaves);
    }
    return found;
  }

  #addDeclined(form: string, found: Leaf[]): void {
    if (this.#declined.size === 0) return;
    for (let cut = form.length; cut > 0 && cut >= form.length - longestEnding; cut--) {
      const candidates = this.#declined.get(form.slice(0, cut));
      if (candidates === undefined) continue;
      const ending = form.slice(cut);
      for (const { leaf, endings } of candidates) if (endings.has(ending)) found.push(leaf);
    }
  }
}

/** Ozon's, Ozon'а and Ozonом are Ozon with an ending. */
const foreignEnding = /^([a-z0-9]{2,})(?:['’ʼ](?:s|[а-я]{1,3})|[а-я]{1,3})$/;

function documentReadings(word: string): DocumentReading[] {
  const folded = isNamed(word) ? foldText(word) : foldWord(word);
  const readings = readingsOf(folded, isCapitals(word)).map(reading => ({ ...reading, inflected: false }));
  const head = foreignEnding.exec(foldText(word))?.[1];
  return head === undefined ? readings : [...readings, { form: head, capsOnly: false, inflected: true }];
}
