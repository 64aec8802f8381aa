import { type Insertable, type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type TemplateRow = Selectable<DB["template"]>;

/** An absent filter lets everything through. */
export interface TemplateFilters {
  /** Brands whose own templates are seen, beside those for all brands; null is all. */
  brandIds: readonly string[] | null;
  language?: string | undefined;
  aspect?: string | undefined;
  tone?: TemplateRow["tone"] | undefined;
}

const forBrands = (brandIds: readonly string[]) =>
  sql<boolean>`(brand_id is null or brand_id = any(${[...brandIds]}::uuid[]))`;

/** One living template. */
export async function findTemplate(db: Db, id: string): Promise<TemplateRow | undefined> {
  return db
    .selectFrom("template")
    .selectAll()
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .executeTakeFirst();
}

/** Living templates by the time they were made, after a position. */
export async function listTemplates(
  db: Db,
  { brandIds, language, aspect, tone }: TemplateFilters,
  { after, limit }: { after: readonly [Date, string] | null; limit: number },
): Promise<TemplateRow[]> {
  let query = db
    .selectFrom("template")
    .selectAll()
    .where("archived_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit);
  if (brandIds !== null) query = query.where(forBrands(brandIds));
  if (language !== undefined) query = query.where("language", "=", language);
  if (aspect !== undefined) query = query.where("aspect", "=", aspect);
  if (tone) query = query.where("tone", "=", tone);
  if (after !== null)
    query = query.where(sql<boolean>`(created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

export async function insertTemplate(tx: Tx, row: Insertable<DB["template"]>): Promise<TemplateRow> {
  return tx.insertInto("template").values(row).returningAll().executeTakeFirstOrThrow();
}

/** Changes a living template. */
export async function updateTemplate(
  tx: Tx,
  id: string,
  columns: Partial<Omit<TemplateRow, "id" | "created_at">>,
): Promise<TemplateRow | undefined> {
  return tx
    .updateTable("template")
    .set(columns)
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .returningAll()
    .executeTakeFirst();
}
