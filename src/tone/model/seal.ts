import { createHash } from "node:crypto";

/** Bytes at the end of a model's file: a hash of all before them. */
export const sealBytes = 32;

const hashOf = (bytes: Uint8Array): Uint8Array =>
  createHash("sha256").update(bytes.subarray(0, -sealBytes)).digest();

/** Writes the hash of what is there into the last bytes. */
export function seal(bytes: Uint8Array): Uint8Array {
  bytes.set(hashOf(bytes), bytes.length - sealBytes);
  return bytes;
}

/** Whether the last bytes are the hash of all before them. */
export function isSealed(bytes: Uint8Array): boolean {
  const written = bytes.subarray(-sealBytes);
  return hashOf(bytes).every((byte, at) => byte === written[at]);
}
