import { sql } from "kysely";
import type { TrackedPhrase } from "#domain/alerts/serp-entry.ts";
import type { Db } from "./db.ts";
import { rowsAs } from "./rows.ts";
import { type LookPair, previousLook } from "./serp-look.ts";

/** A look of a brand with the query that it answers. */
export interface PastLook extends LookPair, TrackedPhrase {
  sourceKind: string;
}

/** Looks of a stretch at any query of a brand, oldest first, after a position. */
export async function pastLooks(
  db: Db,
  { brandId, from, to }: { brandId: string; from: Date; to: Date },
  after: readonly [Date, string] | null,
  limit: number,
): Promise<PastLook[]> {
  const further =
    after === null ? sql`` : sql`and (s.taken_at, s.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const { rows } = await sql<PastLook>`
    select s.id, s.query_id as "queryId", s.taken_at as "takenAt", ${previousLook}, q.source_id as "sourceId",
      source.kind as "sourceKind", q.query, q.region, q.device
    from serp_query q join source on source.id = q.source_id join serp_snapshot s on s.query_id = q.id
    where q.brand_id = ${brandId} and s.taken_at >= ${from} and s.taken_at < ${to} ${further}
    order by s.taken_at, s.id limit ${limit}`.execute(db);
  return rows;
}

/** The mentions that pages are in the results of queries, by "query:page"; a result that speaks of no brand has none. */
export async function mentionsOfPages(
  db: Db,
  places: readonly { queryId: string; pageId: string }[],
): Promise<Map<string, { mentionId: string; caseId: string | null }>> {
  if (places.length === 0) return new Map();
  const { rows } = await sql<{ key: string; mentionId: string; caseId: string | null }>`
    select distinct on (q.id, p.id) q.id || ':' || p.id as key, m.id as "mentionId", m.case_id as "caseId"
    from ${rowsAs(places, 'r("queryId" uuid, "pageId" uuid)')}
    join serp_query q on q.id = r."queryId"
    join source on source.id = q.source_id
    join serp_page p on p.id = r."pageId"
    join document d on d.kind = 'search-result' and d.url = p.url and d.source_kind = source.kind
      and d.observation @> jsonb_build_object('query', q.query, 'region', q.region, 'device', q.device)
    join mention m on m.document_id = d.id and m.brand_id = q.brand_id and m.deleted_at is null and not m.spam
    order by q.id, p.id, m.first_seen_at desc, m.id`.execute(db);
  return new Map(rows.map(({ key, ...mention }) => [key, mention]));
}
