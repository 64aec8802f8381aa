import { readSheet } from "read-excel-file/node";
import { InputError } from "#domain/errors.ts";
import { type FileRow, type FileRows, rowsAtOnce } from "./define.ts";

/** A sheet is unpacked and read as a whole, so larger ones had better be CSV. */
const maxBytes = 50 * 1024 * 1024;

/** Rows of the first sheet; the first row names the columns. */
export async function xlsxRows(path: string, size: number): Promise<FileRows> {
  if (size > maxBytes)
    throw new InputError(
      `"${path}" is larger than ${maxBytes} bytes; save it as CSV, which is read piece by piece`,
    );
  const sheet = await readSheet(path).catch(error => {
    throw new InputError(
      `"${path}" cannot be read as XLSX: ${error instanceof Error ? error.message : error}`,
    );
  });
  const [heading, ...records] = sheet as unknown[][];
  if (heading === undefined)
    throw new InputError(`"${path}" has no rows; expected a heading that names the columns`);
  const columns = heading.map(cell => String(cell ?? "").trim());
  let doneCount = 0;
  async function* batches(): AsyncGenerator<FileRow[]> {
    for (; doneCount < records.length; doneCount += rowsAtOnce) {
      yield records.slice(doneCount, doneCount + rowsAtOnce).flatMap((record, index) => {
        const cells = Object.fromEntries(
          columns.flatMap((name, at) => (name === "" ? [] : [[name, record[at] ?? ""]])),
        );
        const isEmpty = Object.values(cells).every(cell => cell === "");
        return isEmpty ? [] : [{ row: doneCount + index + 2, cells, problem: null }];
      });
    }
  }
  return { columns, batches: batches(), share: () => doneCount / Math.max(records.length, 1) };
}
