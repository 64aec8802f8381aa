import { twinless } from "#domain/lookalikes.ts";
import { foldText } from "#domain/text.ts";
import type { Units } from "#domain/words.ts";
import { unitsOf } from "#domain/words.ts";

const tabled = 0x600;
const size = 1 << 16;

/** A folded letter as a small number; 0 for characters that vanish or turn into several. */
const codes = Uint16Array.from({ length: tabled }, (_, code) => {
  const folded = foldText(String.fromCharCode(code));
  return folded.length === 1 ? twinless(folded).charCodeAt(0) : 0;
});

const codeAt = (units: Units, at: number): number => {
  const code = at < units.length ? units[at]! : 0;
  return code < tabled ? codes[code]! : 0;
};

/**
 * A sieve in front of the index: knows with which two letters the wanted words begin, so that most words of a
 * text cost two look-ups in a table. May let through what the index refuses, never the other way round.
 */
export class Beginnings {
  readonly #wanted = new Uint8Array(size);
  #all = false;

  /** `form` is folded: a word, its base, stem or prefix. */
  add(form: string): void {
    const slot = form.length < 2 ? -1 : slotOf(unitsOf(form), 0);
    if (slot < 0) this.#all = true;
    else this.#wanted[slot] = 1;
  }

  /** Whether the word of a text that begins at `start` may be wanted. */
  mayHold(units: Units, start: number): boolean {
    if (this.#all) return true;
    const slot = slotOf(units, start);
    return slot < 0 || this.#wanted[slot] === 1;
  }
}

function slotOf(units: Units, at: number): number {
  const first = codeAt(units, at);
  const second = codeAt(units, at + 1);
  return first === 0 || second === 0 ? -1 : (Math.imul(first, 0x9e5) ^ second) & (size - 1);
}
