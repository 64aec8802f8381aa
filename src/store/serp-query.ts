import { type Insertable, type Selectable, sql } from "kysely";
import type { Standing } from "#domain/serp.ts";
import type { Db, Tx } from "./db.ts";
import type { DB, Health, OfficialAccount } from "./tables.ts";

export type SerpQueryRow = Selectable<DB["serp_query"]>;

/** A tracked query with the state of the source that asks for it. */
export interface SerpQueryView extends SerpQueryRow {
  sourceKind: string;
  health: Health;
  lastOkAt: Date | null;
  nextRunAt: Date | null;
  /** When it was last looked at with success. */
  lookedAt: Date | null;
}

const views = (db: Db) =>
  db
    .selectFrom("serp_query")
    .innerJoin("source", "source.id", "serp_query.source_id")
    .selectAll("serp_query")
    .select(["source.kind as sourceKind", "source.health", "source.last_ok_at as lastOkAt"])
    .select("source.next_run_at as nextRunAt")
    .select(eb =>
      eb
        .selectFrom("serp_snapshot")
        .select(({ fn }) => fn.max("taken_at").as("at"))
        .whereRef("query_id", "=", "serp_query.id")
        .as("lookedAt"),
    )
    .where("serp_query.archived_at", "is", null);

/** One tracked query. */
export async function findSerpQuery(db: Db, id: string): Promise<SerpQueryView | undefined> {
  return views(db).where("serp_query.id", "=", id).executeTakeFirst();
}

/** Tracked queries of brands (null: of all) by the time they were made, after a position. */
export async function listSerpQueries(
  db: Db,
  brandIds: readonly string[] | null,
  { after, limit }: { after: readonly [Date, string] | null; limit: number },
): Promise<SerpQueryView[]> {
  let query = views(db).orderBy("serp_query.created_at").orderBy("serp_query.id").limit(limit);
  if (brandIds !== null) query = query.where("serp_query.brand_id", "in", brandIds);
  if (after !== null)
    query = query.where(
      sql<boolean>`(serp_query.created_at, serp_query.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`,
    );
  return query.execute();
}

/** Adds a tracked query; undefined when the same one is tracked already. */
export async function insertSerpQuery(
  tx: Tx,
  row: Insertable<DB["serp_query"]>,
): Promise<SerpQueryRow | undefined> {
  return tx
    .insertInto("serp_query")
    .values(row)
    .onConflict(oc =>
      oc
        .columns(["source_id", "query", "region", "device", "brand_id"])
        .where("archived_at", "is", null)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** The query is looked at no more; its looks stay. False for an unknown one. */
export async function archiveSerpQuery(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("serp_query")
    .set({ archived_at: now })
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Queries that a look of a source answers: one for each living brand that tracks it and that the source still serves. */
export async function queriesOfLook(
  tx: Tx,
  sourceId: string,
  { query, region, device }: { query: string; region: string; device: string },
): Promise<{ id: string; brand_id: string; official_accounts: OfficialAccount[] }[]> {
  return tx
    .selectFrom("serp_query")
    .innerJoin("brand", "brand.id", "serp_query.brand_id")
    .innerJoin("source_brand", join =>
      join
        .onRef("source_brand.brand_id", "=", "serp_query.brand_id")
        .onRef("source_brand.source_id", "=", "serp_query.source_id"),
    )
    .select(["serp_query.id", "serp_query.brand_id", "brand.official_accounts"])
    .where("serp_query.source_id", "=", sourceId)
    .where("serp_query.query", "=", query)
    .where("region", "=", region)
    .where("device", "=", device)
    .where("serp_query.archived_at", "is", null)
    .where("brand.archived_at", "is", null)
    .orderBy("serp_query.brand_id")
    .execute();
}

/** One page of a brand's search results. */
export async function findSerpPage(db: Db, id: string): Promise<Selectable<DB["serp_page"]> | undefined> {
  return db.selectFrom("serp_page").selectAll().where("id", "=", id).executeTakeFirst();
}

/** What a person says of a page; null takes it back. */
export async function judgeSerpPage(
  tx: Tx,
  id: string,
  verdict: Standing | null,
  { personId, now }: { personId: string | null; now: Date },
): Promise<Selectable<DB["serp_page"]>> {
  const by =
    verdict === null ? { verdict_at: null, verdict_by: null } : { verdict_at: now, verdict_by: personId };
  return tx
    .updateTable("serp_page")
    .set({ verdict, ...by })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
