import { type Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import { TooMuchError } from "#domain/errors.ts";
import { TransportError } from "./faults.ts";

type Bytes = AsyncIterable<Buffer>;

/** More codings than this is an attack (CVE-2026-22036), not a server. */
const maxCodings = 5;

const zlibOptions = { chunkSize: 64 * 1024 };

/** Value of `Accept-Encoding` that fits what `readBody` can undo. */
export const acceptedCodings = "gzip, deflate, br, zstd";

type Decoder = (firstByte: number) => Duplex;

const decoders = new Map<string, Decoder>([
  ["gzip", () => zlib.createGunzip(zlibOptions)],
  ["x-gzip", () => zlib.createGunzip(zlibOptions)],
  ["deflate", inflaterFor],
  ["br", () => zlib.createBrotliDecompress(zlibOptions)],
  ["zstd", () => zlib.createZstdDecompress(zlibOptions)],
]);

export interface BodyLimits {
  maxBytes: number;
  /** What happens to a larger body: an error, or only its beginning is read. */
  larger: "refuse" | "cut";
  signal: AbortSignal;
}

/**
 * Reads a body, undoing its content codings; bytes are counted on the wire and after every coding, and more than
 * `maxBytes` anywhere ends the reading. A cut or wrong stream is a `TransportError`.
 */
export async function readBody(body: Bytes, contentEncoding: string, limits: BodyLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let seen = 0;
  const stage = {
    ...limits,
    maxBytes: limits.larger === "refuse" ? limits.maxBytes : Number.POSITIVE_INFINITY,
  };
  try {
    let bytes = limited(body, stage);
    for (const decoder of decodersFor(contentEncoding)) bytes = limited(decoded(bytes, decoder), stage);
    for await (const chunk of bytes) {
      chunks.push(chunk);
      seen += chunk.length;
      if (seen >= limits.maxBytes && limits.larger === "cut") break;
    }
  } catch (cause) {
    const isOurs = cause instanceof TooMuchError || cause instanceof TransportError;
    throw limits.signal.aborted || isOurs ? cause : brokenStream(cause);
  }
  return Buffer.concat(chunks).subarray(0, limits.maxBytes);
}

/** In the order of undoing: the header names the innermost coding first. */
function decodersFor(contentEncoding: string): Decoder[] {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map(coding => coding.trim())
    .filter(coding => coding !== "" && coding !== "identity");
  if (codings.length > maxCodings) {
    throw new TooMuchError(
      `The reply is encoded ${codings.length} times over; at most ${maxCodings} are undone.`,
    );
  }
  return codings.reverse().map(coding => {
    const decoder = decoders.get(coding);
    if (decoder !== undefined) return decoder;
    const shown = JSON.stringify(coding.slice(0, 40));
    throw new TransportError("broken-reply", `The reply has the content coding ${shown}, which is unknown.`);
  });
}

async function* limited(bytes: Bytes, limits: { maxBytes: number; signal: AbortSignal }): Bytes {
  let seen = 0;
  for await (const chunk of bytes) {
    limits.signal.throwIfAborted();
    seen += chunk.length;
    if (seen > limits.maxBytes) {
      throw new TooMuchError(`The reply is larger than ${limits.maxBytes} bytes; it was not read further.`);
    }
    if (chunk.length > 0) yield chunk;
  }
}

/** An empty body stays empty, whatever coding it claims (204, 304 and HEAD replies do). */
async function* decoded(bytes: Bytes, decoder: Decoder): Bytes {
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) return;
  const stream = decoder(first.value[0] ?? 0);
  const feeding = pipeline(Readable.from(startingWith(first.value, source)), stream);
  feeding.catch(() => undefined);
  yield* stream as Bytes;
  await feeding;
}

async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): Bytes {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** "deflate" is zlib by the book and raw deflate by some servers: the first byte tells which. */
function inflaterFor(firstByte: number): Duplex {
  return (firstByte & 0x0f) === 8 ? zlib.createInflate(zlibOptions) : zlib.createInflateRaw(zlibOptions);
}

function brokenStream(cause: unknown): TransportError {
  const message = "The reply was cut or damaged on the way: its body could not be read to the end.";
  return new TransportError("broken-reply", message, { cause });
}
