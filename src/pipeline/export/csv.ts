import { stringify } from "csv-stringify/sync";
import { defused } from "#domain/export/defuse.ts";
import type { LocalTime } from "#domain/export/local-time.ts";
import type { Cell, Table } from "#domain/export/table.ts";

/** How a table is written as text. */
export interface CsvDialect {
  delimiter: "," | ";" | "\t";
  /** Begins with the mark that has Excel read UTF-8. */
  bom: boolean;
}

/** Texts are quoted whatever is in them: a reader that splits elsewhere keeps them whole. */
const notNumber = /^(?!-?\d+(?:[.,]\d+)?$).+/s;

/**
 * A table as CSV (RFC 4180), in steady memory: texts are quoted and defused, numbers are bare. Behind a semicolon
 * numbers have a decimal comma, because spreadsheets that split at semicolons expect one.
 */
export async function* csvOf(
  table: Table,
  { delimiter, bom }: CsvDialect,
  time: LocalTime,
): AsyncGenerator<string> {
  const options = { delimiter, record_delimiter: "windows", quoted_match: notNumber } as const;
  const written = (rows: readonly (readonly string[])[]) => stringify(rows as string[][], options);
  const text = (cell: Cell): string => {
    if (cell === null) return "";
    if (cell instanceof Date) return time.plain(cell);
    if (typeof cell === "number") return delimiter === ";" ? String(cell).replace(".", ",") : String(cell);
    return typeof cell === "boolean" ? String(cell) : defused(cell);
  };
  yield `${bom ? "\uFEFF" : ""}${written([table.columns])}`;
  for await (const rows of table.rows) yield written(rows.map(row => row.map(text)));
}
