import { hash } from "node:crypto";
import { type Selectable, sql } from "kysely";
import type { Standing } from "#domain/serp.ts";
import type { Db, Tx } from "./db.ts";
import { newId } from "./id.ts";
import { rowsAs } from "./rows.ts";
import type { DB } from "./tables.ts";

/** A result of a look as the source gave it. */
interface SeenResult {
  externalId: string;
  url: string;
  title: string | null;
  position: number;
}

interface NewLook {
  query: { id: string; brand_id: string };
  runId: string;
  /** Of the documents that the results are stored as. */
  identity: { sourceKind: string; site: string };
  depth: number;
  foundCount: number | null;
  results: readonly SeenResult[];
}

/**
 * Stores one look at a query with the tone that its texts have toward the brand now; the texts must be stored
 * already. Returns its id; null when this run has looked before.
 */
export async function insertLook(tx: Tx, look: NewLook, now: Date): Promise<string | null> {
  const { query, runId, depth, foundCount } = look;
  const made = await tx
    .insertInto("serp_snapshot")
    .values({ id: newId(), query_id: query.id, run_id: runId, taken_at: now, depth, found_count: foundCount })
    .onConflict(oc => oc.columns(["query_id", "run_id"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!made) return null;
  if (look.results.length > 0) await insertResults(tx, made.id, look, now);
  return made.id;
}

async function insertResults(tx: Tx, snapshotId: string, look: NewLook, now: Date): Promise<void> {
  const rows = look.results
    .map(result => ({ ...result, id: newId(), hash: hash("sha256", result.url) }))
    .toSorted((one, other) => (one.hash < other.hash ? -1 : 1));
  const shape = `r("externalId" text, url text, title text, position int, id uuid, hash text)`;
  await sql`
    insert into serp_page (id, brand_id, url, url_hash, first_seen_at)
    select id, ${look.query.brand_id}::uuid, url, decode(hash, 'hex'), ${now}::timestamptz
    from ${rowsAs(rows, shape)} order by hash
    on conflict (brand_id, url_hash) do nothing`.execute(tx);
  await sql`
    insert into serp_result (snapshot_id, page_id, position, title, tone, score)
    select distinct on (p.id) ${snapshotId}::uuid, p.id, r.position, r.title, m.tone, m.score
    from ${rowsAs(rows, shape)}
    join serp_page p on p.brand_id = ${look.query.brand_id} and p.url_hash = decode(r.hash, 'hex')
    left join document d on d.source_kind = ${look.identity.sourceKind} and d.site = ${look.identity.site}
      and d.external_id = r."externalId"
    left join mention m on m.document_id = d.id and m.brand_id = ${look.query.brand_id}
      and m.deleted_at is null and not m.spam
    order by p.id, r.position`.execute(tx);
}

/** A result of a stored look with what is known of its page. */
export interface StoredResult {
  snapshotId: string;
  pageId: string;
  url: string;
  title: string | null;
  position: number;
  tone: "positive" | "neutral" | "negative" | null;
  score: number | null;
  verdict: Standing | null;
}

export interface StoredLook extends Selectable<DB["serp_snapshot"]> {
  results: StoredResult[];
}

/** Looks by their ids, with their results by position. */
export async function readLooks(db: Db, ids: readonly string[]): Promise<Map<string, StoredLook>> {
  if (ids.length === 0) return new Map();
  const snapshots = await db.selectFrom("serp_snapshot").selectAll().where("id", "in", ids).execute();
  const { rows } = await sql<StoredResult>`
    select r.snapshot_id as "snapshotId", r.page_id as "pageId", p.url, r.title, r.position, r.tone, r.score, p.verdict
    from serp_result r join serp_page p on p.id = r.page_id
    where r.snapshot_id = any(${[...ids]}::uuid[]) order by r.position, r.page_id`.execute(db);
  const results = Map.groupBy(rows, row => row.snapshotId);
  return new Map(snapshots.map(one => [one.id, { ...one, results: results.get(one.id) ?? [] }]));
}

/** A look and the one before it. */
export interface LookPair {
  id: string;
  queryId: string;
  takenAt: Date;
  previousId: string | null;
}

/** The id of the look before look `s` at the same query. */
export const previousLook = sql`(
  select b.id from serp_snapshot b where b.query_id = s.query_id and (b.taken_at, b.id) < (s.taken_at, s.id)
  order by b.taken_at desc, b.id desc limit 1) as "previousId"`;

/** These looks, each with the one before it. */
export async function pairLooks(db: Db, ids: readonly string[]): Promise<LookPair[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<LookPair>`
    select s.id, s.query_id as "queryId", s.taken_at as "takenAt", ${previousLook}
    from serp_snapshot s where s.id = any(${[...ids]}::uuid[])`.execute(db);
  return rows;
}

/** Looks at a query, newest first, after a position. */
export async function listLooks(
  db: Db,
  asked: { queryId: string; from: Date | null; to: Date | null },
  { after, limit }: { after: readonly [Date, string] | null; limit: number },
): Promise<LookPair[]> {
  const conditions = [
    sql`s.query_id = ${asked.queryId}`,
    ...(asked.from === null ? [] : [sql`s.taken_at >= ${asked.from}`]),
    ...(asked.to === null ? [] : [sql`s.taken_at < ${asked.to}`]),
    ...(after === null ? [] : [sql`(s.taken_at, s.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`]),
  ];
  const { rows } = await sql<LookPair>`
    select s.id, s.query_id as "queryId", s.taken_at as "takenAt", ${previousLook}
    from serp_snapshot s where ${sql.join(conditions, sql` and `)}
    order by s.taken_at desc, s.id desc limit ${limit}`.execute(db);
  return rows;
}

/** What a range of time holds for a query. */
export interface QueryRange {
  queryId: string;
  /** The last look before the end; null: none yet. */
  latestId: string | null;
  /** The last look at or before the beginning, else the first one within. */
  baselineId: string | null;
  /** Ended runs of the query's source within the range, and those of them that went well. */
  runCount: number;
  okCount: number;
}

export async function readRanges(
  db: Db,
  queryIds: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<QueryRange[]> {
  const { rows } = await sql<QueryRange>`
    select q.id as "queryId", latest.id as "latestId", coalesce(before.id, first.id) as "baselineId",
      runs.n as "runCount", runs.ok as "okCount"
    from serp_query q
    left join lateral (select id from serp_snapshot s where s.query_id = q.id and s.taken_at < ${to}
      order by taken_at desc, id desc limit 1) latest on true
    left join lateral (select id from serp_snapshot s where s.query_id = q.id and s.taken_at <= ${from}
      order by taken_at desc, id desc limit 1) before on true
    left join lateral (select id from serp_snapshot s where s.query_id = q.id and s.taken_at > ${from} and s.taken_at < ${to}
      order by taken_at, id limit 1) first on true
    cross join lateral (select count(*)::int as n, (count(*) filter (where r.outcome = 'ok'))::int as ok from run r
      where r.source_id = q.source_id and r.started_at >= ${from} and r.started_at < ${to} and r.outcome is not null) runs
    where q.id = any(${[...queryIds]}::uuid[])`.execute(db);
  return rows;
}

/** A place that a page had in a look at a query. */
export interface PagePlace {
  queryId: string;
  pageId: string;
  takenAt: Date;
  position: number;
}

/** Places of pages within a range of time, oldest first. */
export async function readPlaces(
  db: Db,
  queryIds: readonly string[],
  pageIds: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<PagePlace[]> {
  const { rows } = await sql<PagePlace>`
    select s.query_id as "queryId", r.page_id as "pageId", s.taken_at as "takenAt", r.position
    from serp_snapshot s join serp_result r on r.snapshot_id = s.id
    where s.query_id = any(${[...queryIds]}::uuid[]) and s.taken_at >= ${from} and s.taken_at < ${to}
      and r.page_id = any(${[...pageIds]}::uuid[])
    order by s.taken_at, s.id`.execute(db);
  return rows;
}
