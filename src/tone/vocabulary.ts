import { buildAlphabet, buildColumns, columns, unit, upperBit } from "./alphabet.ts";
import type { Marked, Weighted } from "./lexicon/define.ts";
import { hashSteps, type Steps } from "./steps.ts";

/** Units of evidence per level of the lexicon. */
export const unitsPerLevel = 32;

export const roles = {
  negator: 1,
  strong: 2,
  weak: 4,
  but: 8,
  although: 16,
  notBut: 32,
  unreal: 64,
  past: 128,
  now: 256,
  filler: 512,
  gratitude: 1024,
  negatorAfter: 2048,
  hoped: 4096,
  farNegator: 8192,
  that: 16384,
} as const;

/** What a mark means: a tone or a role, which the tone of a text follows from, or an aspect or an intent. */
export const meanings = { toned: 1, named: 2 } as const;

/**
 * The lexicon compiled for one linear scan. A *pattern* is one word of the lexicon, found by walking
 * the trie; a *mark* is what a pattern or an expression means (its index is the pattern's, expressions
 * follow). Index 0 is "none" everywhere.
 */
export interface Vocabulary {
  roots: { cyrillic: number; latin: number };
  next: Uint16Array;
  /** By trie node: the pattern that takes any ending, a short one, or none. */
  anyEnding: Uint16Array;
  shortEnding: Uint16Array;
  whole: Uint16Array;
  /** From a state and a pattern to the next state of an expression; state 0 is the start. */
  steps: Steps;
  /** By state: the mark of the expression that ends there. */
  markOfState: Uint16Array;
  weight: Int16Array;
  weighted: Uint8Array;
  role: Uint16Array;
  aspect: Uint8Array;
  intent: Uint8Array;
  /** By mark a hash of its name, the same whatever else the lexicon holds. */
  nameHash: Int32Array;
  aspects: string[];
  intents: string[];
  /** By mark: bits of `meanings`. */
  means: Uint8Array;
  /** By pattern: the state after it, 0 where no expression begins with it. */
  first: Uint16Array;
  /** By state: bits of `meanings`, of all expressions that pass it; none for the start. */
  leads: Uint8Array;
  /** By pattern: bits of `meanings`, of all expressions in which it stands behind the first place. */
  follows: Uint8Array;
}

export interface Tables {
  weighted: readonly Weighted[];
  roles: Marked;
  aspects: Marked;
  intents: Marked;
}

interface Meaning {
  weight?: number;
  role?: number;
  aspect?: number;
  intent?: number;
}

/** Nodes and marks have ids of 16 bits, states of expressions of 15. */
const most = 65_535;
const mostStates = 32_767;

/** Grows the trie and the tables; used once while compiling. */
class Compiler {
  readonly alphabet = buildAlphabet();
  readonly column = buildColumns();
  next = new Uint16Array(most * columns.count);
  nodeCount = 3;
  readonly anyEnding = new Uint16Array(most);
  readonly shortEnding = new Uint16Array(most);
  readonly whole = new Uint16Array(most);
  readonly patterns = new Map<string, number>();
  readonly meanings = new Map<string, Meaning>();

  mean(entry: string, meaning: Meaning): void {
    const known = this.meanings.get(entry);
    const role = (known?.role ?? 0) | (meaning.role ?? 0);
    this.meanings.set(entry, { ...known, ...meaning, ...(role === 0 ? {} : { role }) });
  }

  pattern(word: string): number {
    const known = this.patterns.get(word);
    if (known !== undefined) return known;
    const id = this.patterns.size + 1;
    this.patterns.set(word, id);
    const ending = word.at(-1);
    const stem = ending === "*" || ending === "~" ? word.slice(0, -1) : word;
    const node = this.node(stem);
    const slot = ending === "*" ? this.anyEnding : ending === "~" ? this.shortEnding : this.whole;
    slot[node] = id;
    return id;
  }

  node(stem: string): number {
    let node = 0;
    for (let i = 0; i < stem.length; i++) {
      const kind = (this.alphabet[stem.charCodeAt(i)] ?? 0) & ~upperBit;
      if (kind === unit.skip) continue;
      if (node === 0) node = kind >= unit.latin && kind < unit.foreign ? 2 : 1;
      const at = node * columns.count + (this.column[kind] ?? columns.dead);
      if (this.next[at] === 0) this.next[at] = this.nodeCount++;
      node = this.next[at] ?? 0;
    }
    return node;
  }
}

const wordsOf = (list: string): string[] => list.split(/\s+/u).filter(entry => entry !== "");
const partsOf = (entry: string): string[] => entry.split(/[_/-]+/u).filter(part => part !== "");

function readTables(compiler: Compiler, tables: Tables): { aspects: string[]; intents: string[] } {
  for (const table of tables.weighted) {
    for (const [level, list] of table) {
      for (const entry of wordsOf(list)) compiler.mean(entry, { weight: level * unitsPerLevel });
    }
  }
  const named = (marked: Marked, field: "aspect" | "intent"): string[] => {
    const names = ["", ...Object.keys(marked)];
    names.forEach((name, index) => {
      for (const entry of wordsOf(marked[name] ?? "")) compiler.mean(entry, { [field]: index });
    });
    return names;
  };
  for (const [name, bit] of Object.entries(roles)) {
    for (const entry of wordsOf(tables.roles[name] ?? "")) compiler.mean(entry, { role: bit });
  }
  return { aspects: named(tables.aspects, "aspect"), intents: named(tables.intents, "intent") };
}

function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** Adds the columns that are not worth their place in a file. */
export function derive(columns: Omit<Vocabulary, "means" | "first" | "leads" | "follows">): Vocabulary {
  const { weighted, role, aspect, intent, steps, markOfState } = columns;
  const means = weighted.map(
    (isWeighted, mark) =>
      (isWeighted !== 0 || ((role[mark] as number) & ~roles.that) !== 0 ? meanings.toned : 0) |
      (aspect[mark] !== 0 || intent[mark] !== 0 ? meanings.named : 0),
  );
  const first = new Uint16Array(weighted.length);
  const leads = Uint8Array.from(markOfState, mark => means[mark] as number);
  const before = new Uint16Array(markOfState.length);
  for (let slot = 0; slot < steps.keys.length; slot++) {
    const key = steps.keys[slot] as number;
    if (key === 0) continue;
    const state = steps.states[slot] as number;
    before[state] = key >>> 16;
    if (before[state] === 0) first[key & 65_535] = state;
  }
  // A state has a higher number than the one before it.
  for (let state = leads.length - 1; state > 0; state--)
    leads[before[state] as number] = (leads[before[state] as number] as number) | (leads[state] as number);
  leads[0] = 0;
  const follows = new Uint8Array(weighted.length);
  for (let slot = 0; slot < steps.keys.length; slot++) {
    const key = steps.keys[slot] as number;
    if (key < 65_536) continue;
    const pattern = key & 65_535;
    follows[pattern] = (follows[pattern] as number) | (leads[steps.states[slot] as number] as number);
  }
  return { ...columns, means, first, leads, follows };
}

/** Compiles the tables; throws on nothing but a lexicon too large for 16-bit ids. */
export function compileVocabulary(tables: Tables): Vocabulary {
  const compiler = new Compiler();
  const { aspects, intents } = readTables(compiler, tables);
  const entries = [...compiler.meanings].map(([entry, meaning]) => {
    const parts = partsOf(entry);
    return { entry, meaning, path: parts.map(part => compiler.pattern(part)) };
  });
  const patternCount = compiler.patterns.size;
  const mostMarks = patternCount + entries.length + 1;
  const steps = new Map<number, number>();
  const markOfState = [0];
  const vocabulary = {
    weight: new Int16Array(mostMarks),
    weighted: new Uint8Array(mostMarks),
    role: new Uint16Array(mostMarks),
    aspect: new Uint8Array(mostMarks),
    intent: new Uint8Array(mostMarks),
    nameHash: new Int32Array(mostMarks),
  };
  let markCount = patternCount;
  const stateAfter = (path: number[]): number => {
    let state = 0;
    for (const pattern of path) {
      const key = state * 65_536 + pattern;
      state = steps.get(key) ?? markOfState.push(0) - 1;
      steps.set(key, state);
    }
    return state;
  };
  for (const { entry, meaning, path } of entries) {
    const single = path.length === 1;
    const mark = single ? (path[0] ?? 0) : ++markCount;
    if (!single) markOfState[stateAfter(path)] = mark;
    vocabulary.nameHash[mark] = hashName(entry.replaceAll("_", " "));
    vocabulary.weight[mark] = meaning.weight ?? 0;
    vocabulary.weighted[mark] = meaning.weight === undefined ? 0 : 1;
    vocabulary.role[mark] = meaning.role ?? 0;
    vocabulary.aspect[mark] = meaning.aspect ?? 0;
    vocabulary.intent[mark] = meaning.intent ?? 0;
  }
  const counts = { nodes: compiler.nodeCount, marks: markCount, states: markOfState.length };
  if (counts.nodes > most || counts.marks > most || counts.states > mostStates)
    throw new RangeError(
      `the lexicon is too large for its ids: ${JSON.stringify(counts)}; take words out or make ids wider`,
    );
  return derive({
    weight: vocabulary.weight.slice(0, markCount + 1),
    weighted: vocabulary.weighted.slice(0, markCount + 1),
    role: vocabulary.role.slice(0, markCount + 1),
    aspect: vocabulary.aspect.slice(0, markCount + 1),
    intent: vocabulary.intent.slice(0, markCount + 1),
    nameHash: vocabulary.nameHash.slice(0, markCount + 1),
    roots: { cyrillic: 1, latin: 2 },
    next: compiler.next.slice(0, compiler.nodeCount * columns.count),
    anyEnding: compiler.anyEnding.slice(0, compiler.nodeCount),
    shortEnding: compiler.shortEnding.slice(0, compiler.nodeCount),
    whole: compiler.whole.slice(0, compiler.nodeCount),
    steps: hashSteps(Int32Array.from(steps.keys()), Uint16Array.from(steps.values())),
    markOfState: Uint16Array.from(markOfState),
    aspects,
    intents,
  });
}
