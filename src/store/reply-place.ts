import { sql } from "kysely";
import type { TextKind } from "#domain/item.ts";
import type { Db } from "./db.ts";
import type { MentionRow } from "./mention.ts";
import type { StoredAnswer } from "./tables.ts";

/** A text of a case as its answer needs to know it. */
export interface ReplyPlace {
  mention_id: string;
  document_id: string;
  external_id: string;
  source_kind: string;
  /** The source that answers: the one that the text came from, or another living one of the mention. */
  source_id: string;
  kind: TextKind;
  language: string;
  title: string | null;
  text: string;
  product: string | null;
  url: string | null;
  occurred_at: Date;
  rating5: number | null;
  tone: MentionRow["tone"];
  intents: string[];
  /** What the text is about, the most blamed first. */
  aspects: string[];
  author_name: string | null;
  answer: StoredAnswer | null;
  answer_state: string;
  /** Whether the mention asks for an answer. */
  in_need: boolean;
  gone: boolean;
}

/** The texts of a case, oldest first. */
export async function replyPlaces(db: Db, caseId: string): Promise<ReplyPlace[]> {
  const { rows } = await sql<ReplyPlace>`
    select m.id as mention_id, d.id as document_id, d.external_id, d.source_kind,
      case when own.archived_at is not null and other.archived_at is null then other.id else own.id end as source_id,
      d.kind, m.language, d.title, d.text, d.product, d.url, m.occurred_at, m.rating5, m.tone, m.intents,
      array(select x.aspect from mention_aspect x where x.mention_id = m.id group by x.aspect order by min(x.score), x.aspect) as aspects,
      a.name as author_name, d.answer, d.answer_state,
      m.tone = 'negative' and not m.spam and not m.answered and m.deleted_at is null and d.erased_at is null as in_need,
      m.deleted_at is not null or d.erased_at is not null as gone
    from mention m
    join document d on d.id = m.document_id
    join source own on own.id = d.source_id
    join source other on other.id = m.source_id
    left join author a on a.id = d.author_id
    where m.case_id = ${caseId}::uuid
    order by m.occurred_at, m.id`.execute(db);
  return rows;
}

/** An answer of the past with the text that it answered. */
export interface PastAnswer {
  id: string;
  template_id: string | null;
  text: string;
  question: string;
  tone: MentionRow["tone"];
  aspects: string[];
  product: string | null;
  author_name: string | null;
}

/** Released answers of a brand in one language to other texts than those of a case, the newest first. */
export async function pastAnswers(
  db: Db,
  brandId: string,
  language: string,
  { besideCaseId, limit }: { besideCaseId: string; limit: number },
): Promise<PastAnswer[]> {
  const { rows } = await sql<PastAnswer>`
    select r.id, r.template_id, r.text, d.text as question, m.tone, d.product, a.name as author_name,
      array(select distinct x.aspect from mention_aspect x where x.mention_id = m.id) as aspects
    from reply r
    join "case" c on c.id = r.case_id
    join document d on d.id = r.document_id
    join mention m on m.document_id = d.id and m.brand_id = c.brand_id
    left join author a on a.id = d.author_id
    where c.brand_id = ${brandId}::uuid and r.case_id <> ${besideCaseId}::uuid and m.language = ${language}
      and r.decided_at is not null and r.state in ('approved', 'sending', 'sent', 'published') and r.text <> ''
      and d.erased_at is null
    order by r.decided_at desc, r.id desc limit ${limit}`.execute(db);
  return rows;
}
