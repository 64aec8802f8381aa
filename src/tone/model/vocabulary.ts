import { columns } from "#tone/alphabet.ts";
import { hashSteps } from "#tone/steps.ts";
import { derive, type Vocabulary } from "#tone/vocabulary.ts";

/** What the bytes say before their columns: `edges` of the trie, and how long each column is. */
interface Head {
  roots: Vocabulary["roots"];
  aspects: string[];
  intents: string[];
  nodeCount: number;
  lengths: number[];
}

type Numbers = Uint8Array | Uint16Array | Int16Array | Int32Array;

const aligned = (bytes: number): number => (bytes + 3) & ~3;

/** The trie's rows are nearly empty: what is kept is node, column and next node of each letter. */
function edgesOf(next: Uint16Array): { node: Uint16Array; column: Uint8Array; child: Uint16Array } {
  const full = [...next.keys()].filter(at => next[at] !== 0);
  return {
    node: Uint16Array.from(full, at => Math.floor(at / columns.count)),
    column: Uint8Array.from(full, at => at % columns.count),
    child: Uint16Array.from(full, at => next[at] as number),
  };
}

/** The steps of expressions without the table's empty places. */
function filledSteps({ keys, states }: Vocabulary["steps"]): { keys: Int32Array; states: Uint16Array } {
  const full = [...keys.keys()].filter(at => keys[at] !== 0);
  return {
    keys: Int32Array.from(full, at => keys[at] as number),
    states: Uint16Array.from(full, at => states[at] as number),
  };
}

/** The bytes of a compiled vocabulary, the same on every machine; reading them is faster than compiling. */
export function packVocabulary(vocabulary: Vocabulary): Uint8Array {
  const { node, column, child } = edgesOf(vocabulary.next);
  const steps = filledSteps(vocabulary.steps);
  const parts: Numbers[] = [
    node,
    column,
    child,
    vocabulary.anyEnding,
    vocabulary.shortEnding,
    vocabulary.whole,
    steps.keys,
    steps.states,
    vocabulary.markOfState,
    vocabulary.weight,
    vocabulary.weighted,
    vocabulary.role,
    vocabulary.aspect,
    vocabulary.intent,
    vocabulary.nameHash,
  ];
  const { roots, aspects, intents } = vocabulary;
  const nodeCount = vocabulary.next.length / columns.count;
  const head: Head = { roots, aspects, intents, nodeCount, lengths: parts.map(part => part.length) };
  const json = new TextEncoder().encode(JSON.stringify(head));
  const begin = 4 + aligned(json.length);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + aligned(part.byteLength), begin));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = begin;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += aligned(part.byteLength);
  }
  return bytes;
}

/** Reads what `packVocabulary` wrote. */
export function unpackVocabulary(packed: Uint8Array): Vocabulary {
  // Columns of wide numbers need a buffer of their own to lie right in.
  const bytes = new Uint8Array(packed);
  const jsonBytes = new DataView(bytes.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + jsonBytes))) as Head;
  let at = 4 + aligned(jsonBytes);
  let part = 0;
  const take = <T extends Numbers>(make: (buffer: ArrayBuffer, at: number, length: number) => T): T => {
    const column = make(bytes.buffer, at, head.lengths[part++] as number);
    at += aligned(column.byteLength);
    return column;
  };
  const small = (): Uint8Array => take((...place) => new Uint8Array(...place));
  const wide = (): Uint16Array => take((...place) => new Uint16Array(...place));
  const whole = (): Int32Array => take((...place) => new Int32Array(...place));
  return derive({
    roots: head.roots,
    aspects: head.aspects,
    intents: head.intents,
    next: trieOf(head.nodeCount, wide(), small(), wide()),
    anyEnding: wide(),
    shortEnding: wide(),
    whole: wide(),
    steps: hashSteps(whole(), wide()),
    markOfState: wide(),
    weight: take((...place) => new Int16Array(...place)),
    weighted: small(),
    role: wide(),
    aspect: small(),
    intent: small(),
    nameHash: whole(),
  });
}

function trieOf(nodeCount: number, node: Uint16Array, column: Uint8Array, child: Uint16Array): Uint16Array {
  const next = new Uint16Array(nodeCount * columns.count);
  for (let i = 0; i < node.length; i++)
    next[(node[i] as number) * columns.count + (column[i] as number)] = child[i] as number;
  return next;
}
