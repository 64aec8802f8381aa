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
  const { rows } = await sql<CaseRow>`
    select c.* from "case" c
    where c.status = 'awaiting-author' and exists (
      select 1 from mention m join document d on d.id = m.document_id, ${rowsAs(texts, shape)}
      where m.case_id = c.id and d.source_kind = ${sourceKind} and d.site = ${site}
        and (d.id = r."documentId" or (d.author_id = r."authorId"
          and (d.thread_id = r."threadId" or d.external_id = r."parentExternalId"))))
    order by c.id for update of c`.execute(tx);
  return rows;
}
