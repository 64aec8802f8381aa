import { sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { Identity } from "./document.ts";
import { newId } from "./id.ts";
import { rowsAs } from "./rows.ts";

/** An author as an item shows him; `key` is the site's id, or the name where there is none. */
export interface AuthorInput {
  key: string;
  name: string | null;
  url: string | null;
  reach: number | null;
}

/** Stores the authors of a page and returns their ids by key. */
export async function upsertAuthors(
  tx: Tx,
  { sourceKind, site }: Identity,
  authors: readonly AuthorInput[],
  now: Date,
): Promise<Map<string, string>> {
  if (authors.length === 0) return new Map();
  const rows = [...authors]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(author => ({ id: newId(), ...author }));
  const { rows: stored } = await sql<{ key: string; id: string }>`
    insert into author (id, source_kind, site, external_id, name, url, reach, first_seen_at)
    select id, ${sourceKind}, ${site}, key, name, url, reach, ${now}
    from ${rowsAs(rows, "r(id uuid, key text, name text, url text, reach int)")}
    on conflict (source_kind, site, external_id) do update set
      name = coalesce(excluded.name, author.name), url = coalesce(excluded.url, author.url),
      reach = coalesce(excluded.reach, author.reach)
    returning external_id as key, id`.execute(tx);
  return new Map(stored.map(row => [row.key, row.id]));
}

/** Which of these keyed hashes were erased, with the time of the erasure. */
export async function erasedHashes(
  db: Db,
  sourceKind: string,
  hashes: readonly Buffer[],
): Promise<Map<string, Date>> {
  if (hashes.length === 0) return new Map();
  const rows = await db
    .selectFrom("erasure")
    .select(["author_hash", "erased_at"])
    .where("source_kind", "=", sourceKind)
    .where("author_hash", "in", hashes)
    .execute();
  return new Map(rows.map(row => [row.author_hash.toString("hex"), row.erased_at]));
}
