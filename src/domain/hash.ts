const rotl = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** The finalizer of MurmurHash3: every input bit reaches every output bit. */
export function mix32(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const c1 = 0x239b961b;
const c2 = 0xab0e9789 | 0;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93 | 0;

/**
 * MurmurHash3_x86_128 of bytes as four unsigned 32-bit words. Fast and well spread, but not cryptographic:
 * who knows the seed can make two inputs meet.
 */
export function murmur128(bytes: Uint8Array, seed = 0): [number, number, number, number] {
  let [h1, h2, h3, h4] = [seed | 0, seed | 0, seed | 0, seed | 0];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bodyEnd = bytes.length - (bytes.length % 16);
  for (let at = 0; at < bodyEnd; at += 16) {
    h1 ^= Math.imul(rotl(Math.imul(view.getInt32(at, true), c1), 15), c2);
    h1 = (Math.imul((rotl(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotl(Math.imul(view.getInt32(at + 4, true), c2), 16), c3);
    h2 = (Math.imul((rotl(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotl(Math.imul(view.getInt32(at + 8, true), c3), 17), c4);
    h3 = (Math.imul((rotl(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotl(Math.imul(view.getInt32(at + 12, true), c4), 18), c1);
    h4 = (Math.imul((rotl(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  const tail = new DataView(new ArrayBuffer(16));
  for (let at = bodyEnd; at < bytes.length; at++) tail.setUint8(at - bodyEnd, bytes[at]!);
  h4 ^= Math.imul(rotl(Math.imul(tail.getInt32(12, true), c4), 18), c1);
  h3 ^= Math.imul(rotl(Math.imul(tail.getInt32(8, true), c3), 17), c4);
  h2 ^= Math.imul(rotl(Math.imul(tail.getInt32(4, true), c2), 16), c3);
  h1 ^= Math.imul(rotl(Math.imul(tail.getInt32(0, true), c1), 15), c2);
  return finish(h1 ^ bytes.length, h2 ^ bytes.length, h3 ^ bytes.length, h4 ^ bytes.length);
}

function finish(h1: number, h2: number, h3: number, h4: number): [number, number, number, number] {
  const sum = (h1 + h2 + h3 + h4) | 0;
  const m1 = mix32(sum);
  const [m2, m3, m4] = [mix32((sum + h2) | 0), mix32((sum + h3) | 0), mix32((sum + h4) | 0)];
  const total = (m1 + m2 + m3 + m4) >>> 0;
  return [total, (total + m2) >>> 0, (total + m3) >>> 0, (total + m4) >>> 0];
}

const hex = (word: number): string => word.toString(16).padStart(8, "0");

/** 32 hex digits that tell one text from another: a document's new version has another one. */
export function contentHash(text: string): string {
  return murmur128(new TextEncoder().encode(text)).map(hex).join("");
}
