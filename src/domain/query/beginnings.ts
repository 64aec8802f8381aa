import { twinless } from "#domain/lookalikes.ts";
import { foldText } from "#domain/text.ts";

const tabled = 0x600;
const size = 1 << 16;

/** A folded letter as a small number; 0 for characters that vanish or turn into several. */
const codes = Uint16Array.from({ length: tabled }, (_, code) => {
  const folded = foldText(String.fromCharCode(code));
  return folded.length === 1 ? twinless(folded).charCodeAt(0) : 0;
});

const codeAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
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
    const slot = form.length < 2 ? -1 : slotOf(form, 0);
    if (slot < 0) this.#all = true;
    else this.#wanted[slot] = 1;
  }

  /** Whether the word of `text` that begins at `start` may be wanted. */
  mayHold(text: string, start: number): boolean {
    if (this.#all) return true;
    const slot = slotOf(text, start);
    return slot < 0 || this.#wanted[slot] === 1;
  }
}

function slotOf(text: string, at: number): number {
  const first = codeAt(text, at);
  const second = at + 1 < text.length ? codeAt(text, at + 1) : 0;
  return first === 0 || second === 0 ? -1 : (Math.imul(first, 0x9e5) ^ second) & (size - 1);
}
