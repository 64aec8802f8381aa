import { sql } from "kysely";
import type { MentionFact } from "#domain/alerts/mention.ts";
import type { Db } from "./db.ts";

interface Row extends Omit<MentionFact, "document"> {
  brandId: string;
  title: string | null;
  text: string;
  author: string | null;
  url: string | null;
  source: string;
}

export type BrandFact = MentionFact & { brandId: string };

const factOf = ({ title, text, author, url, source, ...fact }: Row): BrandFact => ({
  ...fact,
  document: { title, text, author, url, source },
});

const columns = sql`m.id, m.brand_id as "brandId", m.first_seen_at as at, m.case_id as "caseId", m.source_id as "sourceId",
  m.source_kind as "sourceKind", m.kind, m.tone, m.score, m.rating5, m.intents,
  coalesce((select array_agg(distinct a.aspect) from mention_aspect a where a.mention_id = m.id), '{}') as aspects,
  au.reach, m.answered and d.answer_at <= m.first_seen_at as answered,
  d.title, d.text, au.name as author, d.url, s.title as source`;
const joins = sql`join source s on s.id = m.source_id left join author au on au.id = d.author_id`;
const counts = sql`m.acts and not m.spam`;

/** Facts of these living mentions as rules see them; those that may alarm nobody are left out. */
export async function mentionFacts(db: Db, ids: readonly string[]): Promise<BrandFact[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Row>`
    select ${columns} from mention m join document d on d.id = m.document_id ${joins}
    where m.id = any(${[...ids]}::uuid[]) and ${counts}`.execute(db);
  return rows.map(factOf);
}
/** Facts of a brand's mentions first seen in a range, in that order, after a position. */
export async function pastMentionFacts(
  db: Db,
  { brandId, from, to }: { brandId: string; from: Date; to: Date },
  after: readonly [Date, string] | null,
  limit: number,
): Promise<BrandFact[]> {
  const { rows } = await sql<Row>`
    select ${columns} from document d join mention m on m.document_id = d.id ${joins}
    where m.brand_id = ${brandId} and ${counts} and m.deleted_at is null
      and d.first_seen_at >= ${from} and d.first_seen_at < ${to} and m.first_seen_at >= ${from} and m.first_seen_at < ${to}
      and ${after === null ? sql`true` : sql`(m.first_seen_at, m.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    order by m.first_seen_at, m.id limit ${limit}`.execute(db);
  return rows.map(factOf);
}
