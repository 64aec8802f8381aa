import { type Insertable, type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type AnnotationRow = Selectable<DB["annotation"]>;

export async function findAnnotation(db: Db, id: string): Promise<AnnotationRow | undefined> {
  return db.selectFrom("annotation").selectAll().where("id", "=", id).executeTakeFirst();
}

/** An absent filter lets everything through; null for brands is all. */
export interface AnnotationFilters {
  brandIds: readonly string[] | null;
  kind?: readonly AnnotationRow["kind"][] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Marks that touch the range, by their time, after a position. */
export async function listAnnotations(
  db: Db,
  { brandIds, kind, from, to }: AnnotationFilters,
  { after, limit }: { after: readonly [Date, string] | null; limit: number },
): Promise<AnnotationRow[]> {
  let query = db.selectFrom("annotation").selectAll().orderBy("at").orderBy("id").limit(limit);
  if (brandIds !== null) query = query.where(sql<boolean>`brand_id = any(${[...brandIds]}::uuid[])`);
  if (kind !== undefined) query = query.where("kind", "in", kind);
  if (from !== undefined) query = query.where(sql<boolean>`coalesce(until, at) >= ${from}`);
  if (to !== undefined) query = query.where("at", "<", to);
  if (after !== null)
    query = query.where(sql<boolean>`(at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

/** Marks of a brand that touch a range, the first 500. */
export const annotationsOf = (db: Db, brandId: string, range: { from: Date; to: Date }) =>
  listAnnotations(db, { brandIds: [brandId], ...range }, { after: null, limit: 500 });

export async function insertAnnotation(tx: Tx, row: Insertable<DB["annotation"]>): Promise<AnnotationRow> {
  return tx.insertInto("annotation").values(row).returningAll().executeTakeFirstOrThrow();
}

export async function updateAnnotation(
  tx: Tx,
  id: string,
  columns: Partial<Omit<AnnotationRow, "id" | "created_at">>,
): Promise<AnnotationRow | undefined> {
  return tx.updateTable("annotation").set(columns).where("id", "=", id).returningAll().executeTakeFirst();
}

/** False for an unknown one. */
export async function deleteAnnotation(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom("annotation").where("id", "=", id).executeTakeFirst();
  return numDeletedRows > 0n;
}
