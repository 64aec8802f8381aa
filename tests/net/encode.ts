/** Bytes of a text in a single-byte encoding: the decoder's table, turned around. Throws for what it cannot write. */
export function encode(text: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return Buffer.from(
    Array.from(text, character => {
      const byte = bytes.get(character);
      if (byte === undefined) throw new Error(`${encoding} has no "${character}"`);
      return byte;
    }),
  );
}
