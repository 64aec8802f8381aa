import { inflateRawSync } from "node:zlib";

/** The files of an archive by their paths, read from its directory at the end. */
export function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const count = archive.readUInt16LE(end + 10);
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    const [packed, size, nameLength] = [20, 24, 28].map(offset => archive.readUInt32LE(at + offset) & ~0);
    const length = (nameLength as number) & 0xffff;
    const path = archive.toString("utf8", at + 46, at + 46 + length);
    const head = archive.readUInt32LE(at + 42);
    const start = head + 30 + archive.readUInt16LE(head + 26) + archive.readUInt16LE(head + 28);
    const bytes = inflateRawSync(archive.subarray(start, start + (packed as number)));
    if (bytes.length !== size)
      throw new Error(`${path} is ${bytes.length} bytes, its directory says ${size}`);
    files.set(path, bytes);
    at += 46 + length + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}
