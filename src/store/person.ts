import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type PersonRow = Selectable<DB["person"]>;
export type PersonColumns = Omit<Updateable<DB["person"]>, "id" | "created_at">;

/** One person, archived or not. */
export async function findPerson(db: Db, id: string): Promise<PersonRow | undefined> {
  return db.selectFrom("person").selectAll().where("id", "=", id).executeTakeFirst();
}

/** People of these ids who are still there. */
export async function livingPeople(db: Db, ids: readonly string[]): Promise<PersonRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("person")
    .selectAll()
    .where("id", "in", ids)
    .where("archived_at", "is", null)
    .orderBy("id")
    .execute();
}

/** Locks one living person. */
export async function lockPerson(tx: Tx, id: string): Promise<PersonRow | undefined> {
  return tx
    .selectFrom("person")
    .selectAll()
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

export interface PeopleFilters {
  /** People who answer for at least one of these brands; null is everybody. */
  brandIds: readonly string[] | null;
  departmentId?: string | undefined;
  archived?: boolean | undefined;
}

/** People by the time they were added, after a position. */
export async function listPeople(
  db: Db,
  filters: PeopleFilters,
  { after, limit }: { after: readonly [Date, string] | null; limit: number },
): Promise<PersonRow[]> {
  const { brandIds, departmentId, archived = false } = filters;
  let query = db
    .selectFrom("person")
    .selectAll()
    .where("archived_at", archived ? "is not" : "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit);
  if (departmentId !== undefined) query = query.where("department_id", "=", departmentId);
  if (brandIds !== null)
    query = query.where(sql<boolean>`(brand_ids is null or brand_ids && ${[...brandIds]}::uuid[])`);
  if (after !== null)
    query = query.where(sql<boolean>`(created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

export async function insertPerson(tx: Tx, row: Insertable<DB["person"]>): Promise<PersonRow> {
  return tx.insertInto("person").values(row).returningAll().executeTakeFirstOrThrow();
}

export async function updatePerson(tx: Tx, id: string, columns: PersonColumns): Promise<PersonRow> {
  return tx.updateTable("person").set(columns).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}
