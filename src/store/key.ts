import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type KeyRow = Selectable<DB["api_key"]>;

export async function findKey(db: Db, id: string): Promise<KeyRow | undefined> {
  return db.selectFrom("api_key").selectAll().where("id", "=", id).executeTakeFirst();
}

/** What a claim asks of the person whose key it is. */
export type Skills = Pick<
  Selectable<DB["person"]>,
  "role" | "department_id" | "languages" | "brand_ids" | "source_kinds"
>;

/** A key with the skills of its person; null for a service's. */
export async function findCallerKey(
  db: Db,
  id: string,
): Promise<(KeyRow & { skills: Skills | null }) | undefined> {
  const row = await db
    .selectFrom("api_key")
    .leftJoin("person", "person.id", "api_key.person_id")
    .selectAll("api_key")
    .select([
      "person.role as person_role",
      "person.department_id",
      "person.languages",
      "person.brand_ids as person_brand_ids",
      "person.source_kinds",
    ])
    .where("api_key.id", "=", id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { person_role, department_id, languages, person_brand_ids, source_kinds, ...key } = row;
  if (person_role === null) return { ...key, skills: null };
  const skills = { role: person_role, department_id, languages: languages ?? [], source_kinds };
  return { ...key, skills: { ...skills, brand_ids: person_brand_ids } };
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

/** Ends every living key of a person; returns their ids. */
export async function revokeKeysOf(tx: Tx, personId: string, now: Date): Promise<string[]> {
  const rows = await tx
    .updateTable("api_key")
    .set({ revoked_at: now })
    .where("person_id", "=", personId)
    .where("revoked_at", "is", null)
    .returning("id")
    .execute();
  return rows.map(row => row.id);
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
    personId,
    after,
    limit,
  }: {
    brandIds: readonly string[] | null;
    personId?: string | undefined;
    after: readonly [Date, string] | null;
    limit: number;
  },
): Promise<KeyRow[]> {
  let query = db.selectFrom("api_key").selectAll().orderBy("created_at").orderBy("id").limit(limit);
  if (personId !== undefined) query = query.where("person_id", "=", personId);
  if (brandIds !== null) query = query.where(sql<boolean>`brand_ids <@ ${[...brandIds]}::uuid[]`);
  if (after !== null)
    query = query.where(sql<boolean>`(created_at, id) > (${after[0]}::timestamptz, ${after[1]})`);
  return query.execute();
}
