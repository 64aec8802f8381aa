/**
 * A memory of at most `2 · generationSize` entries that forgets the least recently used ones: what was not asked
 * for during a whole generation goes with it.
 */
export class BoundedMap<Value> {
  readonly #generationSize: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  constructor(generationSize: number) {
    this.#generationSize = generationSize;
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#store(key, old);
    return old;
  }

  set(key: string, value: Value): void {
    // A slice of a document keeps the whole document in memory; a slice of this copy keeps the copy.
    this.#store(` ${key}`.slice(1), value);
  }

  #store(key: string, value: Value): void {
    if (this.#young.size >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
