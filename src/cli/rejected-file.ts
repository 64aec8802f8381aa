import { type FileHandle, open } from "node:fs/promises";
import { stringify } from "csv-stringify/sync";
import type { Rejected } from "#pipeline/import/run.ts";

export interface RejectedFile {
  write(one: Rejected): Promise<void>;
  end(): Promise<void>;
}

/**
 * Rows that did not fit, with their number and the reason before their own columns, so that they can be
 * mended and imported: a table as CSV, JSON lines as JSON lines. The file appears with the first of them.
 */
export function openRejected(path: string | null, columns: readonly string[] | null): RejectedFile {
  let file: FileHandle | null = null;
  const lineOf = ({ row, reason }: Rejected): string =>
    columns === null
      ? `${JSON.stringify({ row: row.row, reason, ...row.cells })}\n`
      : csvLine([row.row, reason, ...columns.map(name => cellText(row.cells[name]))]);
  return {
    write: async one => {
      if (path === null) return;
      if (file === null) {
        file = await open(path, "w");
        if (columns !== null) await file.write(`\uFEFF${csvLine(["row", "reason", ...columns])}`);
      }
      await file.write(lineOf(one));
    },
    end: async () => {
      await file?.close();
    },
  };
}

const cellText = (cell: unknown): unknown => (cell instanceof Date ? cell.toISOString().slice(0, -1) : cell);

/** A cell that a spreadsheet would take for a formula is shown as the text that it is. */
const csvLine = (cells: readonly unknown[]): string => stringify([[...cells]], { escape_formulas: true });
