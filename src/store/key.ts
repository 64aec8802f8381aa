import type { Selectable } from "kysely";
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
