import { type RawBuilder, sql } from "kysely";
import type { Tx } from "./db.ts";

/** Deletes the rows that a query of keys selects, or counts them. */
async function remove(
  tx: Tx,
  table: string,
  key: string,
  chosen: RawBuilder<unknown>,
  dryRun: boolean,
): Promise<number> {
  if (dryRun) {
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::int as count from (${chosen}) chosen`.execute(tx);
    return rows[0]?.count ?? 0;
  }
  const result = await sql`delete from ${sql.table(table)} where ${sql.raw(key)} in (${chosen})`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}

/** The last entry always stays: it tells a reader who comes back later that others were forgotten before it. */
export const deleteOldChanges = (tx: Tx, before: Date, limit: number, dryRun: boolean) =>
  remove(
    tx,
    "change",
    "seq",
    sql`select seq from change where at < ${before} and seq < (select max(seq) from change) order by at limit ${limit}`,
    dryRun,
  );

export const deleteOldStoredAnswers = (tx: Tx, before: Date, limit: number, dryRun: boolean) =>
  remove(
    tx,
    "idempotency",
    "(key_id, key)",
    sql`select key_id, key from idempotency where created_at < ${before} limit ${limit}`,
    dryRun,
  );

/** Documents of no mention that were first seen before; their versions go with them. */
export const deleteUnmatched = (tx: Tx, before: Date, limit: number, dryRun: boolean) =>
  remove(
    tx,
    "document",
    "id",
    sql`select d.id from document d where d.first_seen_at < ${before} and d.erased_at is null
      and not exists (select 1 from mention m where m.document_id = d.id)
      and not exists (select 1 from reply r where r.document_id = d.id) limit ${limit}`,
    dryRun,
  );

export const deleteValidatorsOfArchived = (tx: Tx, limit: number, dryRun: boolean) =>
  remove(
    tx,
    "source_validator",
    "(source_id, url)",
    sql`select v.source_id, v.url from source_validator v join source s on s.id = v.source_id
      where s.archived_at is not null limit ${limit}`,
    dryRun,
  );
