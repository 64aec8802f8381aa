import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { extname } from "node:path";
import { InputError } from "#domain/errors.ts";
import { lineBatches } from "#domain/lines.ts";
import { decodeText } from "#net/charset.ts";
import { csvRows } from "./csv.ts";
import { type FileFormat, type FileRow, type FileRows, fileFormats, rowsAtOnce } from "./define.ts";
import { xlsxRows } from "./xlsx.ts";

/** Enough of a file to know how it is written. */
const sampleBytes = 1024 * 1024;
const maxLineChars = 8 * 1024 * 1024;

const byExtension: Readonly<Record<string, FileFormat>> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".xlsx": "xlsx",
};

/** Opens a file of mentions; the format is that of its name unless given. */
export async function openRows(path: string, given?: FileFormat): Promise<FileRows> {
  const format = given ?? byExtension[extname(path).toLowerCase()];
  if (format === undefined)
    throw new InputError(`"${path}": expected ${fileFormats.join(", ")}; say which with --format`);
  const { size } = await stat(path).catch(() => {
    throw new InputError(`"${path}" cannot be read; expected a file`);
  });
  if (format === "xlsx") return xlsxRows(path, size);
  const sample = await readSample(path);
  let readBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      readBytes += chunk.length;
      yield chunk;
    }
  }
  const share = () => (size === 0 ? 1 : readBytes / size);
  if (format === "jsonl") return { columns: null, batches: jsonRows(counted()), share };
  const { encoding, text } = decodeText(sample, {});
  return { ...(await csvRows(counted(), encoding, text)), share };
}

async function readSample(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* jsonRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileRow[]> {
  let rows: FileRow[] = [];
  for await (const lines of lineBatches(chunks, maxLineChars)) {
    for (const { number, text } of lines) {
      if (text?.trim() === "") continue;
      rows.push(jsonRow(number, text));
      if (rows.length < rowsAtOnce) continue;
      yield rows;
      rows = [];
    }
  }
  if (rows.length > 0) yield rows;
}

function jsonRow(row: number, text: string | null): FileRow {
  if (text === null) return { row, cells: {}, problem: `longer than ${maxLineChars} characters` };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return { row, cells: value as FileRow["cells"], problem: null };
  } catch {
    // Said below, as for any other line that holds no object.
  }
  return { row, cells: { line: text.slice(0, 1000) }, problem: "no JSON object" };
}
