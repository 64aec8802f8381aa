import { crc32, createDeflateRaw } from "node:zlib";

/** A file of an archive, whose bytes are taken as they come. */
export interface ZipFile {
  path: string;
  bytes: AsyncIterable<Uint8Array>;
}

/** Of the specification: sizes of a file follow its bytes (bit 3), its name is UTF-8 (bit 11). */
const flags = 0x0808;
const deflated = 8;
const version = 20;
/** 1980-01-01, the earliest that the format can say. */
const noDate = 0x0021;

interface Entry {
  path: Buffer;
  crc: number;
  packed: number;
  size: number;
  at: number;
}

/**
 * A ZIP archive written as it is read, in steady memory (APPNOTE 6.3, without ZIP64: each file and the whole stay
 * under 4 GiB, which the writer of the files keeps).
 */
export async function* zip(files: AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array> {
  const entries: Entry[] = [];
  let written = 0;
  for await (const file of files) {
    const entry: Entry = { path: Buffer.from(file.path), crc: 0, packed: 0, size: 0, at: written };
    const head = localHead(entry);
    yield head;
    for await (const part of packed(file.bytes, entry)) yield part;
    const sizes = trailer(entry);
    yield sizes;
    written += head.length + entry.packed + sizes.length;
    entries.push(entry);
  }
  const directory = Buffer.concat(entries.map(centralHead));
  yield directory;
  yield directoryEnd(entries.length, directory.length, written);
}

/** Deflates with the stream's own back-pressure, counting on the way. */
async function* packed(bytes: AsyncIterable<Uint8Array>, entry: Entry): AsyncGenerator<Uint8Array> {
  const deflate = createDeflateRaw({ level: 6 });
  let failure: unknown = null;
  const fed = feed(bytes, deflate, entry).catch(error => {
    failure = error;
    deflate.destroy(error as Error);
  });
  try {
    for await (const part of deflate as AsyncIterable<Buffer>) {
      entry.packed += part.length;
      yield part;
    }
    await fed;
    if (failure !== null) throw failure;
  } finally {
    deflate.destroy();
    await fed;
  }
}

async function feed(
  bytes: AsyncIterable<Uint8Array>,
  deflate: ReturnType<typeof createDeflateRaw>,
  entry: Entry,
): Promise<void> {
  for await (const part of bytes) {
    entry.crc = crc32(part, entry.crc);
    entry.size += part.length;
    if (!deflate.write(part) && !(await drained(deflate))) return;
  }
  deflate.end();
}

/** False when nobody will take more. */
const drained = (deflate: ReturnType<typeof createDeflateRaw>): Promise<boolean> =>
  new Promise(resolve => {
    if (deflate.destroyed) return resolve(false);
    const settle = () => {
      deflate.off("drain", settle).off("close", settle);
      resolve(!deflate.destroyed);
    };
    deflate.on("drain", settle).on("close", settle);
  });

/** Numbers in little-endian order, each of so many bytes. */
function fields(...pairs: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(pairs.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of pairs) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}

const localHead = ({ path }: Entry): Buffer =>
  Buffer.concat([
    fields(
      [4, 0x04034b50],
      [2, version],
      [2, flags],
      [2, deflated],
      [2, 0],
      [2, noDate],
      [4, 0],
      [4, 0],
      [4, 0],
    ),
    fields([2, path.length], [2, 0]),
    path,
  ]);

const trailer = ({ crc, packed: length, size }: Entry): Buffer =>
  fields([4, 0x08074b50], [4, crc], [4, length], [4, size]);

const centralHead = ({ path, crc, packed: length, size, at }: Entry): Buffer =>
  Buffer.concat([
    fields([4, 0x02014b50], [2, version], [2, version], [2, flags], [2, deflated], [2, 0], [2, noDate]),
    fields(
      [4, crc],
      [4, length],
      [4, size],
      [2, path.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, at],
    ),
    path,
  ]);

const directoryEnd = (count: number, length: number, at: number): Buffer =>
  fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, length], [4, at], [2, 0]);
