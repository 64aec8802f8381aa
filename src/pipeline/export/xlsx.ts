import type { LocalTime } from "#domain/export/local-time.ts";
import {
  headXml,
  rowXml,
  sheetEnd,
  sheetLimits,
  sheetStart,
  workbookParts,
} from "#domain/export/sheet-xml.ts";
import type { Cell, Table } from "#domain/export/table.ts";
import { type ZipFile, zip } from "./zip.ts";

/** A sheet ends before its unpacked size comes near what the archive can say. */
const sheetBytes = 2 ** 31;

/** A table as XLSX, in steady memory; what does not fit into one sheet goes on in the next one. */
export function xlsxOf(table: Table, time: LocalTime): AsyncGenerator<Uint8Array> {
  return zip(files(table, time));
}

async function* files(table: Table, time: LocalTime): AsyncGenerator<ZipFile> {
  const rows = new RowReader(table.rows);
  const names: string[] = [];
  try {
    do {
      const number = names.length + 1;
      names.push(number === 1 ? table.name : `${table.name.slice(0, 27)} ${number}`);
      yield { path: `xl/worksheets/sheet${number}.xml`, bytes: sheet(rows, table.columns, time) };
    } while (await rows.more());
    for (const [path, xml] of workbookParts(names)) yield { path, bytes: once(Buffer.from(xml)) };
  } finally {
    await rows.end();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* sheet(
  rows: RowReader,
  columns: readonly string[],
  time: LocalTime,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(sheetStart + headXml(columns));
  let [rowCount, byteCount] = [1, 0];
  while (rowCount < sheetLimits.rows && byteCount < sheetBytes) {
    const batch = await rows.take(sheetLimits.rows - rowCount);
    if (batch.length === 0) break;
    const first = rowCount + 1;
    const bytes = Buffer.from(batch.map((row, index) => rowXml(row, first + index, time)).join(""));
    rowCount += batch.length;
    byteCount += bytes.length;
    yield bytes;
  }
  yield Buffer.from(sheetEnd);
}

/** Hands rows out in portions, whatever the batches they come in. */
class RowReader {
  readonly #batches: AsyncIterator<readonly (readonly Cell[])[]>;
  #left: readonly (readonly Cell[])[] = [];

  constructor(batches: AsyncIterable<readonly (readonly Cell[])[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  async more(): Promise<boolean> {
    while (this.#left.length === 0) {
      const next = await this.#batches.next();
      if (next.done) return false;
      this.#left = next.value;
    }
    return true;
  }

  async take(most: number): Promise<readonly (readonly Cell[])[]> {
    if (!(await this.more())) return [];
    const taken = this.#left.slice(0, most);
    this.#left = this.#left.slice(most);
    return taken;
  }

  async end(): Promise<void> {
    await this.#batches.return?.();
  }
}
