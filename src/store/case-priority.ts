import { sql } from "kysely";
import { countedRepeats, type PriorityFactor } from "#domain/priority.ts";
import type { CaseRow, ClockColumns } from "./case.ts";
import type { Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";

const dayMs = 86_400_000;
/** Texts of one author that are looked through for earlier negatives. */
const readOfAuthor = 1_000;

/** What the store knows of a case's priority; the clock adds the rest. */
export interface StoredFacts {
  mentionId: string;
  sourceKind: string;
  score: number;
  confidence: number;
  byHand: boolean;
  rating5: number | null;
  intents: string[];
  reach: number | null;
  views: number | null;
  reactionCount: number;
  serpPosition: number | null;
  placeCount: number;
  recentCopyCount: number;
  recentUntil: Date | null;
  earlierNegativeCount: number;
}

/**
 * Facts of the cases that these mentions lead, by the mention. A name without an id may be many people's: its
 * repeats do not count. Each part has one index that can serve it, so that it is quick in a database that has no
 * statistics yet.
 */
export async function priorityFacts(
  tx: Tx,
  mentionIds: readonly string[],
  now: Date,
): Promise<Map<string, StoredFacts>> {
  if (mentionIds.length === 0) return new Map();
  const since = new Date(now.getTime() - dayMs);
  const { rows } = await sql<StoredFacts>`
    select m.id as "mentionId", m.source_kind as "sourceKind", m.score, m.confidence, m.rating5, m.intents, a.reach,
      coalesce(m.human_tone = 'negative', false) as "byHand",
      (d.engagement ->> 'views')::float8 as views,
      coalesce((d.engagement ->> 'likes')::float8, 0) + coalesce((d.engagement ->> 'replies')::float8, 0)
        + coalesce((d.engagement ->> 'shares')::float8, 0) as "reactionCount",
      serp.position as "serpPosition", places.n as "placeCount", copies.n as "recentCopyCount",
      copies.first_seen_at + interval '1 day' as "recentUntil", repeats.n as "earlierNegativeCount"
    from mention m join document d on d.id = m.document_id left join author a on a.id = d.author_id
    cross join lateral (
      select greatest(count(*) filter (where p.deleted_at is null), 1)::int as n
      from mention p where p.case_id = m.case_id) places
    cross join lateral (
      select count(*)::int as n, min(c.first_seen_at) as first_seen_at from document c
      where c.cluster_id = d.cluster_id and c.id <> d.id and c.first_seen_at > ${since} and c.erased_at is null) copies
    cross join lateral (
      select count(*)::int as n from (
        select from (select id, cluster_id from document where author_id = d.author_id and id <> d.id limit ${readOfAuthor}) od
        cross join lateral (
          select * from mention where document_id = od.id and brand_id = m.brand_id offset 0) o
        where a.external_id not like 'name:%' and od.cluster_id is distinct from coalesce(d.cluster_id, d.id)
          and o.tone = 'negative' and not o.spam and o.deleted_at is null
          and (o.occurred_at, o.id) < (m.occurred_at, m.id)
        limit ${countedRepeats}) o) repeats
    left join lateral (
      select min((s.observation ->> 'position')::float8)::int as position from document s
      where s.kind = 'search-result' and s.url = d.url) serp on d.url is not null
    where m.id = any(${[...mentionIds]}::uuid[])`.execute(tx);
  return new Map(rows.map(row => [row.mentionId, row]));
}

/** Cases whose priority is to be computed again, locked; those of another tick are left to it. */
export async function lockDuePriorities(tx: Tx, now: Date, limit: number): Promise<CaseRow[]> {
  return tx
    .selectFrom("case")
    .selectAll()
    .where("status", "<>", "ended")
    .where("next_priority_at", "<=", now)
    .orderBy("next_priority_at")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

export interface PriorityUpdate extends Pick<ClockColumns, "sla_target_ms" | "sla_always" | "sla_used_ms"> {
  id: string;
  priority: number;
  factors: PriorityFactor[];
  nextAt: Date | null;
  sla_running_at: Date | null;
  sla_next_at: Date | null;
  due_at: Date;
  breached_at: Date | null;
}

/** Writes priorities and the clocks that follow from them; the version of the case stays, because no step was taken. */
export async function writePriorities(tx: Tx, rows: readonly PriorityUpdate[]): Promise<void> {
  if (rows.length === 0) return;
  const shape = `r(id uuid, priority smallint, factors jsonb, "nextAt" timestamptz, sla_target_ms double precision,
    sla_always boolean, sla_used_ms double precision, sla_running_at timestamptz, sla_next_at timestamptz,
    due_at timestamptz, breached_at timestamptz)`;
  await sql`
    update "case" c set priority = r.priority, priority_factors = r.factors, next_priority_at = r."nextAt",
      sla_target_ms = r.sla_target_ms, sla_always = r.sla_always, sla_used_ms = r.sla_used_ms,
      sla_running_at = r.sla_running_at, sla_next_at = r.sla_next_at, due_at = r.due_at, breached_at = r.breached_at
    from ${rowsAs(rows, shape)} where c.id = r.id`.execute(tx);
}

/** Facts that have changed, told by what they belong to. */
export interface ChangedFacts {
  caseIds?: readonly string[];
  /** Clusters that have grown. */
  clusterIds?: readonly string[];
  /** Negatives that an author has written, or has not written after all: they count for his later ones. */
  authors?: readonly { mentionId: string; brandId: string; authorId: string; occurredAt: Date }[];
  /** Pages whose place in search results was seen, with the brands that watch it. */
  searched?: readonly { brandId: string; url: string }[];
}

/** Has the tick compute the priority of those living cases again whose facts have changed. */
export async function touchPriorities(tx: Tx, changed: ChangedFacts, now: Date): Promise<void> {
  const { caseIds = [], clusterIds = [], authors = [], searched = [] } = changed;
  const parts = [
    ...(caseIds.length > 0 ? [sql`select id from "case" where id = any(${[...caseIds]}::uuid[])`] : []),
    ...(clusterIds.length > 0
      ? [sql`select id from "case" where cluster_id = any(${[...clusterIds]}::uuid[])`]
      : []),
    ...(authors.length > 0
      ? [
          sql`
      select m.case_id from ${rowsAs(authors, 'r("mentionId" uuid, "brandId" uuid, "authorId" uuid, "occurredAt" timestamptz)')}
      cross join lateral (select id from document where author_id = r."authorId" offset 0) d
      cross join lateral (
        select case_id, id, occurred_at from mention
        where document_id = d.id and brand_id = r."brandId" offset 0) m
      where m.case_id is not null and m.id <> r."mentionId" and m.occurred_at >= r."occurredAt"`,
        ]
      : []),
    ...(searched.length > 0
      ? [
          sql`
      select c.id from ${rowsAs(searched, 'r("brandId" uuid, url text)')}
      join "case" c on c.brand_id = r."brandId" and c.status <> 'ended'
      join mention m on m.id = c.mention_id join document d on d.id = m.document_id and d.url = r.url`,
        ]
      : []),
  ];
  if (parts.length === 0) return;
  await sql`
    with touched as (
      select id from "case" where id = any(array(${sql.join(parts, sql` union `)})) and status <> 'ended'
        and (next_priority_at is null or next_priority_at > ${now})
      order by id for no key update)
    update "case" c set next_priority_at = ${now} from touched where c.id = touched.id`.execute(tx);
}

/** Has the tick compute the priority of all living cases of a brand again. */
export async function touchBrandCases(tx: Tx, brandId: string, now: Date): Promise<void> {
  await sql`
    with touched as (
      select id from "case" where brand_id = ${brandId} and status <> 'ended' order by id for no key update)
    update "case" c set next_priority_at = ${now} from touched where c.id = touched.id`.execute(tx);
}
