import type { Selectable } from "kysely";
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

/** One brand, archived or not. */
export async function findBrand(db: Db, id: string): Promise<BrandRow | undefined> {
  return db.selectFrom("brand").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Brands that are watched. */
export async function livingBrands(db: Db): Promise<BrandRow[]> {
  return db.selectFrom("brand").selectAll().where("archived_at", "is", null).orderBy("name").execute();
}
