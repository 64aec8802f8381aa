import { sql } from "kysely";
import type { CaseRow } from "./case.ts";
import type { Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";

/** Snoozed cases whose time has come, locked; those of another tick are left to it. */
export async function lockSnoozedUntil(tx: Tx, now: Date, limit: number): Promise<CaseRow[]> {
  return tx
    .selectFrom("case")
    .selectAll()
    .where("status", "=", "snoozed")
    .where("snoozed_until", "<=", now)
    .orderBy("snoozed_until")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** A text of an author that was written or changed now. */
export interface AuthorText {
  documentId: string;
  authorId: string | null;
  threadId: string | null;
  parentExternalId: string | null;
}

/**
 * Locks the cases that wait for the author of one of these texts: the text is one of the case's own, or the
 * same author wrote it in the same thread or in answer to it.
 */
export async function lockCasesAwaiting(
  tx: Tx,
  { sourceKind, site }: { sourceKind: string; site: string },
  texts: readonly AuthorText[],
): Promise<CaseRow[]> {
  if (texts.length === 0) return [];
  const shape = 'r("documentId" uuid, "authorId" uuid, "threadId" text, "parentExternalId" text)';
  // The waiting are few: they are read first, whatever the planner thinks of a page's many texts.
  const { rows } = await sql<CaseRow>`
    with waiting as materialized (
      select c.id, d.id as document_id, d.author_id, d.thread_id, d.external_id
      from "case" c cross join lateral (select document_id from mention where case_id = c.id offset 0) m
      cross join lateral (
        select id, author_id, thread_id, external_id from document
        where id = m.document_id and source_kind = ${sourceKind} and site = ${site} offset 0) d
      where c.status = 'awaiting-author'),
    written as materialized (select * from ${rowsAs(texts, shape)}),
    woken as (
      select w.id from waiting w join written r on w.document_id = r."documentId"
      union select w.id from waiting w join written r on w.author_id = r."authorId" and w.thread_id = r."threadId"
      union select w.id from waiting w join written r
        on w.author_id = r."authorId" and w.external_id = r."parentExternalId")
    select c.* from "case" c
    where c.id = any(array(select id from woken)) and c.status = 'awaiting-author' order by c.id for update of c`.execute(
    tx,
  );
  return rows;
}
