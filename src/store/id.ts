import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const bytesPerId = 16;
/** Asking the system for random bytes is the dearest part of an id, so they are taken for 256 ids at once. */
const pool = new Uint8Array(256 * bytesPerId);
const state = { used: pool.length, msecs: 0, seq: 0 };

/** A new UUIDv7: ids sort by the time they were made; those of one millisecond, by their order. */
export function newId(): string {
  if (state.used === pool.length) {
    randomFillSync(pool);
    state.used = 0;
  }
  const random = pool.subarray(state.used, state.used + bytesPerId);
  state.used += bytesPerId;
  const now = Date.now();
  if (now > state.msecs) {
    state.msecs = now;
    // The upper half of the 32 bits is left free to count up in.
    state.seq = ((random[6]! & 0x7f) << 24) | (random[7]! << 16) | (random[8]! << 8) | random[9]!;
  } else {
    state.seq++;
  }
  return v7({ random, msecs: state.msecs, seq: state.seq });
}
