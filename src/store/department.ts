import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type DepartmentRow = Selectable<DB["department"]>;

/** One department that is still there. */
export async function findDepartment(db: Db, id: string): Promise<DepartmentRow | undefined> {
  return db
    .selectFrom("department")
    .selectAll()
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .executeTakeFirst();
}

/** Departments by the time they were made, after a position. */
export async function listDepartments(
  db: Db,
  { after, limit }: { after: readonly [Date, string] | null; limit: number },
): Promise<DepartmentRow[]> {
  let query = db
    .selectFrom("department")
    .selectAll()
    .where("archived_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit);
  if (after !== null)
    query = query.where(sql<boolean>`(created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

export async function insertDepartment(tx: Tx, row: DepartmentRow): Promise<DepartmentRow> {
  return tx.insertInto("department").values(row).returningAll().executeTakeFirstOrThrow();
}

/** Changes a living department; undefined for another. */
export async function updateDepartment(
  tx: Tx,
  id: string,
  columns: Partial<Pick<DepartmentRow, "name" | "archived_at">>,
): Promise<DepartmentRow | undefined> {
  return tx
    .updateTable("department")
    .set(columns)
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .returningAll()
    .executeTakeFirst();
}

/** Takes its people out of a department. */
export async function leaveDepartment(tx: Tx, id: string): Promise<void> {
  await tx.updateTable("person").set({ department_id: null }).where("department_id", "=", id).execute();
}

/** People who lead a department. */
export async function leadsOf(db: Db, departmentId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("person")
    .select("id")
    .where("department_id", "=", departmentId)
    .where("role", "=", "lead")
    .where("archived_at", "is", null)
    .orderBy("id")
    .execute();
  return rows.map(row => row.id);
}
