import { type RawBuilder, sql } from "kysely";

/**
 * Rows as one parameter: `from ${rowsAs(rows, "r(id uuid, n int)")}`. One round trip and one plan however
 * many rows; dates travel as ISO text. The definition is SQL of ours, never input.
 */
export function rowsAs(rows: readonly object[], definition: string): RawBuilder<unknown> {
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as ${sql.raw(definition)}`;
}
