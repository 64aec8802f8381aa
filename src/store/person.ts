import { type Insertable, type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type PersonRow = Selectable<DB["person"]>;

export async function findPerson(db: Db, id: string): Promise<PersonRow | undefined> {
  return db.selectFrom("person").selectAll().where("id", "=", id).executeTakeFirst();
}

/** People by the time they were added, after a position. */
export async function listPeople(
  db: Db,
  { after, limit }: { after: readonly [Date, string] | null; limit: number },
): Promise<PersonRow[]> {
  let query = db.selectFrom("person").selectAll().orderBy("created_at").orderBy("id").limit(limit);
  if (after !== null)
    query = query.where(sql<boolean>`(created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

export async function insertPerson(tx: Tx, row: Insertable<DB["person"]>): Promise<PersonRow> {
  return tx.insertInto("person").values(row).returningAll().executeTakeFirstOrThrow();
}
