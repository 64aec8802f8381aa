import { sql } from "kysely";
import type { ReplyFact, SlaFact } from "#domain/alerts/events.ts";
import type { Db } from "./db.ts";

interface CaseFact extends Pick<SlaFact, "caseId" | "mentionId" | "sourceId" | "sourceKind" | "priority"> {
  brandId: string;
}

/** Cases as alerts name them. */
export async function caseFacts(db: Db, caseIds: readonly string[]): Promise<Map<string, CaseFact>> {
  const { rows } = await sql<CaseFact>`
    select c.id as "caseId", c.brand_id as "brandId", c.mention_id as "mentionId", c.priority,
      m.source_id as "sourceId", m.source_kind as "sourceKind"
    from "case" c join mention m on m.id = c.mention_id
    where c.id = any(${[...caseIds]}::uuid[])`.execute(db);
  return new Map(rows.map(row => [row.caseId, row]));
}

interface Past {
  brandId: string;
  from: Date;
  to: Date;
}

/** When answers of a brand's cases came near to their due time or passed it. */
export async function pastSlaFacts(db: Db, { brandId, from, to }: Past, limit: number): Promise<SlaFact[]> {
  const { rows } = await sql<Omit<SlaFact, "dueAt"> & { dueAt: string }>`
    select c.id as "caseId", c.mention_id as "mentionId", m.source_id as "sourceId", m.source_kind as "sourceKind",
      c.priority, e.at, substr(e.kind, 5) as state, e.data ->> 'dueAt' as "dueAt"
    from case_event e join "case" c on c.id = e.case_id join mention m on m.id = c.mention_id
    where c.brand_id = ${brandId} and e.kind in ('sla-near', 'sla-breached') and e.at >= ${from} and e.at < ${to}
    order by e.at, e.id limit ${limit}`.execute(db);
  return rows.map(row => ({ ...row, dueAt: new Date(row.dueAt) }));
}

/** Replies of a brand that did not arrive, or were taken away. */
export async function pastReplyFacts(
  db: Db,
  { brandId, from, to }: Past,
  limit: number,
): Promise<ReplyFact[]> {
  const { rows } = await sql<ReplyFact>`
    select c.id as "caseId", c.mention_id as "mentionId", m.source_id as "sourceId", e.at,
      substr(e.kind, 7) as state, e.data ->> 'replyId' as "replyId"
    from case_event e join "case" c on c.id = e.case_id join mention m on m.id = c.mention_id
    where c.brand_id = ${brandId} and e.kind in ('reply-refused', 'reply-removed', 'reply-unknown')
      and e.at >= ${from} and e.at < ${to}
    order by e.at, e.id limit ${limit}`.execute(db);
  return rows;
}
