import { Readable } from "node:stream";
import * as zlib from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBody } from "#net/decode.ts";

const coders: Record<string, (bytes: Uint8Array) => Buffer> = {
  gzip: bytes => zlib.gzipSync(bytes),
  "x-gzip": bytes => zlib.gzipSync(bytes),
  deflate: bytes => zlib.deflateSync(bytes),
  br: bytes => zlib.brotliCompressSync(bytes),
  zstd: bytes => zlib.zstdCompressSync(bytes),
  identity: bytes => Buffer.from(bytes),
};

const limits = { maxBytes: 100_000, larger: "refuse" as const, signal: new AbortController().signal };
const inPieces = (bytes: Buffer, size: number): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    ),
  );

describe("content codings", () => {
  it("come off in the order they were put on, whatever the pieces", async () => {
    const codings = fc.array(fc.constantFrom(...Object.keys(coders)), { maxLength: 5 });
    const body = fc.uint8Array({ minLength: 1, maxLength: 5000 });
    await fc.assert(
      fc.asyncProperty(codings, body, fc.integer({ min: 1, max: 2000 }), async (names, bytes, size) => {
        const wire = names.reduce<Buffer>((inner, name) => coders[name]!(inner), Buffer.from(bytes));
        const read = await readBody(inPieces(wire, size), names.join(", ").toUpperCase(), limits);
        expect(read.equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("named deflate may be raw", async () => {
    const wire = zlib.deflateRawSync(Buffer.from("text"));
    expect((await readBody(inPieces(wire, 3), "deflate", limits)).toString()).toBe("text");
  });

  it.each(["gzip", "br, gzip", "zstd"])("leave an empty body empty (%s)", async coding => {
    expect(await readBody(Readable.from([Buffer.alloc(0)]), coding, limits)).toHaveLength(0);
  });

  it.each([
    ["compress", "transport-broken-reply"],
    ["constructor", "transport-broken-reply"],
    ["gzip, gzip, gzip, gzip, gzip, gzip", "too-much"],
  ])("%s are refused", async (coding, code) => {
    await expect(readBody(Readable.from([Buffer.from("x")]), coding, limits)).rejects.toMatchObject({ code });
  });

  it.each(Object.keys(coders).filter(name => name !== "identity"))(
    "cut in the middle are broken (%s)",
    async name => {
      const bytes = Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * index) % 251));
      const wire = coders[name]!(bytes);
      const cut = wire.subarray(0, wire.length >> 1);
      await expect(readBody(inPieces(cut, 64), name, limits)).rejects.toMatchObject({
        code: "transport-broken-reply",
      });
    },
  );
});

describe("the byte limit", () => {
  it("holds between the codings too", async () => {
    const inner = Buffer.concat(Array.from({ length: 6000 }, () => zlib.gzipSync(Buffer.alloc(0))));
    const wire = zlib.gzipSync(inner);
    await expect(readBody(Readable.from([wire]), "gzip, gzip", limits)).rejects.toMatchObject({
      code: "too-much",
    });
  });

  it("gives the beginning to who wants no more", async () => {
    const wire = zlib.gzipSync(Buffer.alloc(1_000_000, "x"));
    const read = await readBody(Readable.from([wire]), "gzip", { ...limits, larger: "cut" });
    expect(read.equals(Buffer.alloc(100_000, "x"))).toBe(true);
  });
});
