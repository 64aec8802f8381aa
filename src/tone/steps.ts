/** A hash table with open addressing: keys state · 65536 + pattern (0 for none) and the states beside them. */
export interface Steps {
  keys: Int32Array;
  states: Uint16Array;
}

const slotOf = (key: number, mask: number): number => (Math.imul(key, 0x9e3779b1) >>> 15) & mask;

/** Builds the table from its entries in the order that is given. */
export function hashSteps(keys: Int32Array, states: Uint16Array): Steps {
  const size = 2 ** Math.ceil(Math.log2(2 * keys.length + 2));
  const table = { keys: new Int32Array(size), states: new Uint16Array(size) };
  for (const [i, key] of keys.entries()) {
    let slot = slotOf(key, size - 1);
    while (table.keys[slot] !== 0) slot = (slot + 1) & (size - 1);
    table.keys[slot] = key;
    table.states[slot] = states[i] as number;
  }
  return table;
}

/** The state after a pattern, 0 when no expression goes on with it. */
export function stepOn({ keys, states }: Steps, state: number, pattern: number): number {
  const key = state * 65_536 + pattern;
  const mask = keys.length - 1;
  let slot = slotOf(key, mask);
  for (let known = keys[slot] as number; known !== 0; known = keys[slot] as number) {
    if (known === key) return states[slot] as number;
    slot = (slot + 1) & mask;
  }
  return 0;
}
