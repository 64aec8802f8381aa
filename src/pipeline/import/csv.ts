import { Readable } from "node:stream";
import { type CsvError, type Info, type Parser, parse } from "csv-parse";
import { InputError } from "#domain/errors.ts";
import type { FileRow, FileRows } from "./define.ts";
import { rowsAtOnce } from "./define.ts";

const delimiters = [",", ";", "\t"] as const;
const maxRecordBytes = 4 * 1024 * 1024;
const maxColumns = 500;

/** Rows of a CSV in any of the usual encodings and delimiters; the first row that is not empty names the columns. */
export async function csvRows(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  sample: string,
): Promise<Pick<FileRows, "columns" | "batches">> {
  const skipped: FileRow[] = [];
  const parser = parse({
    delimiter: delimiterOf(sample),
    bom: true,
    info: true,
    relax_column_count: true,
    // A stray quote stays in its text; read strictly, it would swallow the rows after it.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: maxRecordBytes,
    on_skip: error => void skipped.push(unreadable(error)),
  });
  Readable.from(decoded(chunks, encoding))
    .on("error", error => parser.destroy(error))
    .pipe(parser);
  const records = (parser as Parser & AsyncIterable<Entry>)[Symbol.asyncIterator]();
  const first = await records.next().catch(error => {
    throw new InputError(`The file cannot be read as CSV: ${error instanceof Error ? error.message : error}`);
  });
  if (first.done) throw new InputError("The file has no rows; expected a heading that names the columns");
  const columns = headingOf(first.value.record);
  return { columns, batches: batches(records, columns, skipped) };
}

interface Entry {
  record: string[];
  info: Info;
}

async function* decoded(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** The delimiter that the first line has most of, outside of quotes. */
function delimiterOf(sample: string): string {
  const bare = sample.replace(/"[^"]*"/g, "");
  const line = bare.split(/\r?\n|\r/).find(text => text.trim() !== "") ?? "";
  const counts = delimiters.map(delimiter => ({ delimiter, count: line.split(delimiter).length }));
  return counts.reduce((a, b) => (b.count > a.count ? b : a)).delimiter;
}

function headingOf(record: readonly string[]): string[] {
  const columns = record.map(name => name.trim());
  const twice = columns.find((name, index) => name !== "" && columns.indexOf(name) !== index);
  if (twice !== undefined)
    throw new InputError(`The heading has the column "${twice}" twice; name each once`);
  if (columns.length > maxColumns) throw new InputError(`The heading has more than ${maxColumns} columns`);
  return columns;
}

async function* batches(
  records: AsyncIterator<Entry>,
  columns: readonly string[],
  skipped: FileRow[],
): AsyncGenerator<FileRow[]> {
  let rows: FileRow[] = [];
  for (;;) {
    const { done, value } = await records.next();
    rows.push(...skipped.splice(0));
    if (!done) rows.push(rowOf(value, columns));
    if (done && rows.length === 0) return;
    if (!done && rows.length < rowsAtOnce) continue;
    yield rows;
    rows = [];
    if (done) return;
  }
}

function rowOf({ record, info }: Entry, columns: readonly string[]): FileRow {
  const cells = Object.fromEntries(
    columns.flatMap((name, index) => (name === "" ? [] : [[name, record[index] ?? ""]])),
  );
  const extra = record.slice(columns.length).some(cell => cell.trim() !== "");
  const problem = extra
    ? `${record.length} cells under ${columns.length} columns: is a quote missing?`
    : null;
  return { row: info.lines, cells, problem };
}

function unreadable(error: CsvError | undefined): FileRow {
  const line = error && "lines" in error ? Number(error["lines"]) : 0;
  return { row: line, cells: {}, problem: error?.message ?? "not readable as CSV" };
}
