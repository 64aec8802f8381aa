import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";
import type { DB } from "./tables.ts";

export type MentionVersion = Selectable<DB["mention_version"]>;

/** Keeps how texts were judged until their authors changed them. */
export async function insertMentionVersions(tx: Tx, rows: readonly MentionVersion[]): Promise<void> {
  if (rows.length === 0) return;
  const shape =
    "r(mention_id uuid, version int, tone text, score real, rating5 real, text_changed boolean, replaced_at timestamptz)";
  await sql`
    insert into mention_version (mention_id, version, tone, score, rating5, text_changed, replaced_at)
    select * from ${rowsAs(rows, shape)} on conflict do nothing`.execute(tx);
}

/** One change that an author made to a text of a case, with the judgements before and after it. */
export interface AuthorEdit {
  mention_id: string;
  /** The document's version that it made. */
  version: number;
  edited_at: Date;
  text_changed: boolean;
  rating_before: number | null;
  rating_after: number | null;
  tone_before: MentionVersion["tone"];
  tone_after: MentionVersion["tone"];
  score_before: number;
  score_after: number;
  after_answer: boolean;
}

/** What authors changed in the texts of a case, oldest first. */
export async function caseEdits(db: Db, caseId: string): Promise<AuthorEdit[]> {
  const { rows } = await sql<AuthorEdit>`
    select v.mention_id, v.version + 1 as version, v.replaced_at as edited_at, v.text_changed,
      v.rating5 as rating_before, v.tone as tone_before, v.score as score_before,
      case when n.mention_id is null then m.rating5 else n.rating5 end as rating_after,
      coalesce(n.tone, m.model_tone) as tone_after, coalesce(n.score, m.score) as score_after,
      coalesce(d.answer_at <= v.replaced_at, false) as after_answer
    from mention m
    join document d on d.id = m.document_id
    join mention_version v on v.mention_id = m.id
    left join lateral (
      select * from mention_version x where x.mention_id = v.mention_id and x.version > v.version
      order by x.version limit 1) n on true
    where m.case_id = ${caseId}::uuid order by v.replaced_at, v.mention_id, v.version`.execute(db);
  return rows;
}

/** A text that somebody wrote where a text of his has a case. */
export interface Followup {
  document_id: string;
  author_id: string;
  source_kind: string;
  site: string;
  thread_id: string | null;
  parent_external_id: string | null;
  occurred_at: Date;
}

/**
 * Cases whose author has written again in the same thread, or under his own text or its answer: each with the
 * newest of the texts given, and whether an answer of ours came before it.
 */
export async function casesOfAuthors(
  tx: Tx,
  texts: readonly Followup[],
): Promise<{ case_id: string; mention_id: string; document_id: string; after_answer: boolean }[]> {
  if (texts.length === 0) return [];
  const shape =
    "r(document_id uuid, author_id uuid, source_kind text, site text, thread_id text, parent_external_id text, occurred_at timestamptz)";
  const { rows } = await sql<{
    case_id: string;
    mention_id: string;
    document_id: string;
    after_answer: boolean;
  }>`
    select distinct on (m.case_id) m.case_id, m.id as mention_id, r.document_id,
      coalesce(d.answer_at <= r.occurred_at, false) as after_answer
    from ${rowsAs(texts, shape)}
    join document d on d.author_id = r.author_id and d.source_kind = r.source_kind and d.site = r.site
      and d.id <> r.document_id and d.occurred_at <= r.occurred_at
      and (d.thread_id = r.thread_id or r.parent_external_id in (d.external_id, d.answer ->> 'externalId'))
    join mention m on m.document_id = d.id
    where m.case_id is not null
    order by m.case_id, r.occurred_at desc, r.document_id`.execute(tx);
  return rows;
}
