import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { InputError } from "#domain/errors.ts";
import { type Line, lineBatches } from "#domain/lines.ts";

/** A text of 1 MB with everything that JSON may escape in it. */
const maxLineChars = 32 * 1024 * 1024;
const onlyOwner = 0o600;

/** Writes lines into a gzip file that appears under its name when it is whole; only its owner may read it. */
export async function writeGzip(path: string, lines: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const out = createWriteStream(partial, { mode: onlyOwner, flush: true });
    await pipeline(Readable.from(lines), createGzip({ level: 6 }), out);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Lines of a gzip file; one that is cut off or no gzip is an InputError. */
export async function* readGzip(path: string): AsyncGenerator<readonly Line[]> {
  const unpacked = createGunzip();
  const file = createReadStream(path);
  file.on("error", error => unpacked.destroy(error));
  try {
    yield* lineBatches(file.pipe(unpacked), maxLineChars);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES")
      throw new InputError(`"${path}" cannot be read; expected a file that \`molva backup\` wrote`);
    if (code.startsWith("Z_"))
      throw new InputError(`"${path}" is damaged or no backup (${code}); nothing was restored`);
    throw error;
  } finally {
    file.destroy();
    unpacked.destroy();
  }
}
