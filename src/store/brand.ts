import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type BrandRow = Selectable<DB["brand"]>;

/**
 * The living brands of a source, share-locked: their zone, which makes the day of a count, cannot change
 * until the transaction ends.
 */
export async function shareBrands(tx: Tx, sourceId: string): Promise<BrandRow[]> {
  return tx
    .selectFrom("brand")
    .innerJoin("source_brand", "source_brand.brand_id", "brand.id")
    .selectAll("brand")
    .where("source_brand.source_id", "=", sourceId)
    .where("brand.archived_at", "is", null)
    .orderBy("brand.id")
    .forShare("brand")
    .execute();
}

/** Living brands by id, share-locked in the same way. */
export async function shareBrandsById(tx: Tx, ids: readonly string[]): Promise<BrandRow[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("brand")
    .selectAll()
    .where("id", "in", ids)
    .where("archived_at", "is", null)
    .orderBy("id")
    .forShare()
    .execute();
}

/** One brand, share-locked in the same way. */
export async function shareBrand(tx: Tx, id: string): Promise<BrandRow | undefined> {
  return tx.selectFrom("brand").selectAll().where("id", "=", id).forShare().executeTakeFirst();
}

/** One brand, archived or not. */
export async function findBrand(db: Db, id: string): Promise<BrandRow | undefined> {
  return db.selectFrom("brand").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Brands that are watched. */
export async function livingBrands(db: Db): Promise<BrandRow[]> {
  return db.selectFrom("brand").selectAll().where("archived_at", "is", null).orderBy("name").execute();
}

/** Brands by the time they were made, after a position. */
export async function listBrands(
  db: Db,
  {
    brandIds,
    after,
    limit,
  }: { brandIds: readonly string[] | null; after: readonly [Date, string] | null; limit: number },
): Promise<BrandRow[]> {
  let query = db.selectFrom("brand").selectAll().orderBy("created_at").orderBy("id").limit(limit);
  if (brandIds !== null) query = query.where("id", "in", brandIds.length > 0 ? [...brandIds] : [noId]);
  if (after !== null)
    query = query.where(sql<boolean>`(created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

const noId = "00000000-0000-0000-0000-000000000000";

export type BrandColumns = Omit<BrandRow, "id" | "created_at" | "query_version" | "archived_at">;

const json = (value: unknown) => JSON.stringify(value);

export async function insertBrand(tx: Tx, id: string, columns: BrandColumns): Promise<BrandRow> {
  const { official_accounts, sla, desk, business_hours, ...rest } = columns;
  return tx
    .insertInto("brand")
    .values({
      ...rest,
      id,
      created_at: columns.updated_at,
      official_accounts: json(official_accounts),
      sla: json(sla),
      desk: json(desk),
      business_hours: business_hours === null ? null : json(business_hours),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Locks one living brand against everything that counts for it. */
export async function lockBrand(tx: Tx, id: string): Promise<BrandRow | undefined> {
  return tx
    .selectFrom("brand")
    .selectAll()
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

export async function updateBrand(
  tx: Tx,
  id: string,
  columns: Partial<BrandColumns> & { query_version?: number },
): Promise<BrandRow> {
  const { official_accounts, sla, desk, business_hours, ...rest } = columns;
  return tx
    .updateTable("brand")
    .set({
      ...rest,
      ...(official_accounts === undefined ? {} : { official_accounts: json(official_accounts) }),
      ...(sla === undefined ? {} : { sla: json(sla) }),
      ...(desk === undefined ? {} : { desk: json(desk) }),
      ...(business_hours === undefined
        ? {}
        : { business_hours: business_hours === null ? null : json(business_hours) }),
    })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** As people read names, in Latin letters before Cyrillic ones; a server may know no such order. */
const byName = new Intl.Collator("en");

/** An own brand, first, and those that compete with it by their names, archived or not. */
export async function listRivals(db: Db, ownId: string): Promise<BrandRow[]> {
  const rows = await db
    .selectFrom("brand")
    .selectAll()
    .where(eb => eb.or([eb("id", "=", ownId), eb("competitor_of", "=", ownId)]))
    .orderBy("id")
    .execute();
  const isRival = (row: BrandRow) => Number(row.id !== ownId);
  return rows.toSorted((a, b) => isRival(a) - isRival(b) || byName.compare(a.name, b.name));
}
