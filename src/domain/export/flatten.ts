import type { Cell } from "./table.ts";

type Flat = Record<string, Cell>;

/** Fields of an answer's row as columns: `share.low` for a field within a field, lists of words joined by `; `. */
function flat(row: object, prefix = ""): Flat {
  const cells: Flat = {};
  for (const [name, value] of Object.entries(row)) {
    const column = prefix + name;
    if (value === undefined) continue;
    if (Array.isArray(value))
      cells[column] = value.map(one => (isPlain(one) ? String(one) : JSON.stringify(one))).join("; ");
    else if (isPlain(value)) cells[column] = value;
    else Object.assign(cells, flat(value as object, `${column}.`));
  }
  return cells;
}

const isPlain = (value: unknown): value is Cell =>
  value === null || value instanceof Date || typeof value !== "object";

/** Rows as a table: a column for each field of any of them, in the order met; a field that is an object somewhere has its parts alone. */
export function flatTable(rows: readonly object[]): { columns: string[]; rows: Cell[][] } {
  const all = rows.map(row => flat(row));
  const met = [...new Set(all.flatMap(row => Object.keys(row)))];
  const columns = met.filter(column => !met.some(other => other.startsWith(`${column}.`)));
  return { columns, rows: all.map(row => columns.map(column => row[column] ?? null)) };
}
