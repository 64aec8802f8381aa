import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type KeyRow = Selectable<DB["api_key"]>;

export async function findKey(db: Db, id: string): Promise<KeyRow | undefined> {
  return db.selectFrom("api_key").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function insertKey(tx: Tx, row: KeyRow): Promise<void> {
  await tx.insertInto("api_key").values(row).execute();
}

/** Ends a key; false when there is no living one under that id. */
export async function revokeKey(tx: Tx, id: string, now: Date): Promise<boolean> {
  const result = await tx
    .updateTable("api_key")
    .set({ revoked_at: now })
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Remembers the last use; told at most once a minute for a key. */
export async function touchKey(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable("api_key").set({ last_used_at: now }).where("id", "=", id).execute();
}

/** Whether some living admin key sees all brands: somebody can get in. */
export async function hasWideAdminKey(db: Db, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom("api_key")
    .select("id")
    .where("role", "=", "admin")
    .where("brand_ids", "is", null)
    .where("revoked_at", "is", null)
    .where(eb => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
    .executeTakeFirst();
  return row !== undefined;
}

/** Keys within these brands by the time they were made, after a position; the newest last. */
export async function listKeys(
  db: Db,
  {
    brandIds,
    after,
    limit,
  }: { brandIds: readonly string[] | null; after: readonly [Date, string] | null; limit: number },
): Promise<KeyRow[]> {
  let query = db.selectFrom("api_key").selectAll().orderBy("created_at").orderBy("id").limit(limit);
  if (brandIds !== null) query = query.where(sql<boolean>`brand_ids <@ ${[...brandIds]}::uuid[]`);
  if (after !== null)
    query = query.where(sql<boolean>`(created_at, id) > (${after[0]}::timestamptz, ${after[1]})`);
  return query.execute();
}
