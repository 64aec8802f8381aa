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

/** Stores the new and changed authors of a page and returns the ids of all by key. */
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
    with shown as materialized (
      select * from ${rowsAs(rows, "r(id uuid, key text, name text, url text, reach int)")}),
    same as (
      select s.key, a.id from shown s cross join lateral (
        select id from author a
        where a.source_kind = ${sourceKind} and a.site = ${site} and a.external_id = s.key
          and coalesce(s.name, a.name) is not distinct from a.name and coalesce(s.url, a.url) is not distinct from a.url
          and coalesce(s.reach, a.reach) is not distinct from a.reach
        for key share) a),
    written as (
      insert into author (id, source_kind, site, external_id, name, url, reach, first_seen_at)
      select id, ${sourceKind}, ${site}, key, name, url, reach, ${now} from shown
      where key not in (select key from same) order by key
      on conflict (source_kind, site, external_id) do update set
        name = coalesce(excluded.name, author.name), url = coalesce(excluded.url, author.url),
        reach = coalesce(excluded.reach, author.reach)
      returning external_id as key, id)
    select key, id from same union all select key, id from written`.execute(tx);
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
    .where(sql<boolean>`author_hash = any(${[...hashes]}::bytea[])`)
    .execute();
  return new Map(rows.map(row => [row.author_hash.toString("hex"), row.erased_at]));
}
