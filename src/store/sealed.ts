import { sql } from "kysely";
import type { Db, Tx } from "./db.ts";

/** Where something sealed is stored. */
export const sealedColumns = [
  { table: "source", column: "credentials" },
  { table: "alert_channel", column: "secrets" },
] as const;
export type SealedColumn = (typeof sealedColumns)[number];

/** Ids of the rows of a table that hold something sealed, archived ones too. */
export async function sealedIds(db: Db, { table, column }: SealedColumn): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(table)} where ${sql.ref(column)} is not null order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** What is sealed in one row; undefined when it is gone by now. */
export async function readSealed(
  db: Db,
  { table, column }: SealedColumn,
  id: string,
): Promise<Buffer | undefined> {
  const { rows } = await sql<{ sealed: Buffer | null }>`
    select ${sql.ref(column)} as sealed from ${sql.table(table)} where id = ${id}`.execute(db);
  return rows[0]?.sealed ?? undefined;
}

/** Replaces what is sealed in one row, unless somebody else has done so. */
export async function replaceSealed(
  tx: Tx,
  { table, column }: SealedColumn,
  { id, before, after }: { id: string; before: Buffer; after: Buffer },
): Promise<boolean> {
  const result = await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${after}
    where id = ${id} and ${sql.ref(column)} = ${before}`.execute(tx);
  return result.numAffectedRows === 1n;
}
