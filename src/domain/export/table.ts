/** What a cell holds; a date is an instant. */
export type Cell = string | number | boolean | Date | null;

/** A table on its way out: names of its columns, and batches of rows that are read as they are written. */
export interface Table {
  /** Of the sheet, at most 31 characters. */
  name: string;
  columns: readonly string[];
  rows: AsyncIterable<readonly (readonly Cell[])[]>;
}
