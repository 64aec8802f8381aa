import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type SourceRow = Selectable<DB["source"]>;

/** One source, archived or not. */
export async function findSource(db: Db, id: string): Promise<SourceRow | undefined> {
  return db.selectFrom("source").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The living source of a kind and title that serves a brand. */
export async function findSourceByTitle(
  db: Db,
  kind: string,
  title: string,
  brandId: string,
): Promise<SourceRow | undefined> {
  return db
    .selectFrom("source")
    .innerJoin("source_brand", "source_brand.source_id", "source.id")
    .selectAll("source")
    .where("source.kind", "=", kind)
    .where("source.title", "=", title)
    .where("source_brand.brand_id", "=", brandId)
    .where("source.archived_at", "is", null)
    .orderBy("source.id")
    .executeTakeFirst();
}

/** Sources that are not archived, oldest first. */
export async function livingSources(db: Db): Promise<SourceRow[]> {
  return db.selectFrom("source").selectAll().where("archived_at", "is", null).orderBy("id").execute();
}

/** Locks one source. */
export async function lockSource(tx: Tx, id: string): Promise<SourceRow | undefined> {
  return tx.selectFrom("source").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

/** Ids of the brands a source serves, in one order. */
export async function brandIdsOf(db: Db, sourceId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("source_brand")
    .select("brand_id")
    .where("source_id", "=", sourceId)
    .orderBy("brand_id")
    .execute();
  return rows.map(row => row.brand_id);
}

/** Sources that are due and unclaimed, locked; those locked by another tick are left to it. */
export async function lockDueSources(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<Pick<SourceRow, "id" | "hosts">[]> {
  return tx
    .selectFrom("source")
    .select(["id", "hosts"])
    .where("enabled", "=", true)
    .where("archived_at", "is", null)
    .where("next_run_at", "<=", now)
    .where(eb => eb.or([eb("claimed_until", "is", null), eb("claimed_until", "<=", now)]))
    .orderBy("next_run_at")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** How many claimed sources ask each host. */
export async function busyHosts(db: Db, now: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ host: string; count: number }>`
    select host, count(*)::int as count from source, unnest(hosts) as host where claimed_until > ${now} group by host`.execute(
    db,
  );
  return new Map(rows.map(row => [row.host, row.count]));
}

/** Changes columns of one source. */
export async function updateSource(
  tx: Tx,
  id: string,
  columns: Partial<
    Pick<
      SourceRow,
      | "claimed_until"
      | "lease"
      | "next_run_at"
      | "failure_count"
      | "health"
      | "last_ok_at"
      | "stale_since"
      | "cursor"
    >
  >,
): Promise<void> {
  const { cursor, ...rest } = columns;
  await tx
    .updateTable("source")
    .set({ ...rest, ...(cursor === undefined ? {} : { cursor: JSON.stringify(cursor) }) })
    .where("id", "=", id)
    .execute();
}

/** What a site said of a page's version, for the next conditional request. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

export async function findValidators(db: Db, sourceId: string, url: string): Promise<Validators | null> {
  const row = await db
    .selectFrom("source_validator")
    .select(["etag", "last_modified"])
    .where("source_id", "=", sourceId)
    .where("url", "=", url)
    .executeTakeFirst();
  return row ? { etag: row.etag, lastModified: row.last_modified } : null;
}

/** Keeps them in the transaction that stored the page: a 304 later never hides what was lost. */
export async function keepValidators(
  tx: Tx,
  sourceId: string,
  url: string,
  { etag, lastModified }: Validators,
  now: Date,
): Promise<void> {
  const row = { source_id: sourceId, url, etag, last_modified: lastModified, seen_at: now };
  await tx
    .insertInto("source_validator")
    .values(row)
    .onConflict(oc =>
      oc.columns(["source_id", "url"]).doUpdateSet({ etag, last_modified: lastModified, seen_at: now }),
    )
    .execute();
}

/** Sources that are asked by schedule and not yet known to be stale. */
export async function staleCandidates(db: Db) {
  return db
    .selectFrom("source")
    .select(["id", "kind", "last_ok_at", "created_at"])
    .where("enabled", "=", true)
    .where("archived_at", "is", null)
    .where("stale_since", "is", null)
    .where("next_run_at", "is not", null)
    .execute();
}
