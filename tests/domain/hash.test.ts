import { describe, expect, it } from "vitest";
import { contentHash, murmur128 } from "#domain/hash.ts";

describe("murmur128", () => {
  it("has the verification value that SMHasher publishes for MurmurHash3_x86_128", () => {
    const all = new Uint8Array(256 * 16);
    const view = new DataView(all.buffer);
    for (let length = 0; length < 256; length++) {
      const key = Uint8Array.from({ length }, (_, index) => index);
      for (const [index, word] of murmur128(key, 256 - length).entries())
        view.setUint32(length * 16 + index * 4, word, true);
    }
    expect(murmur128(all)[0]).toBe(0xb3ece62a);
  });
});

describe("contentHash", () => {
  it("tells texts apart by every character", () => {
    expect(contentHash("")).toBe("0".repeat(32));
    expect(contentHash("Волна")).toMatch(/^[0-9a-f]{32}$/);
    const texts = ["Волна", "волна", "Волна ", "Волнa", "Вoлна"];
    expect(new Set(texts.map(contentHash)).size).toBe(texts.length);
  });
});
