import { type Insertable, type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DB } from "./tables.ts";

export type ReplyRow = Selectable<DB["reply"]>;

/** States after somebody's word that the text may go out. */
const releasedStates = sql.raw("('approved', 'sending', 'sent', 'unknown', 'published')");

const placesOf = (caseId: string) =>
  sql`(r.case_id = ${caseId}::uuid or r.document_id in (select document_id from mention where case_id = ${caseId}::uuid))`;

/** Locks the replies to the texts of a case, its own and those that another brand's case shares, oldest first. */
export async function lockReplies(tx: Tx, caseId: string): Promise<ReplyRow[]> {
  const { rows } = await sql<ReplyRow>`
    select r.* from reply r where ${placesOf(caseId)} order by r.id for update of r`.execute(tx);
  return rows;
}

/** The same for reading. */
export async function caseReplies(db: Db, caseId: string): Promise<ReplyRow[]> {
  const { rows } = await sql<ReplyRow>`
    select r.* from reply r where ${placesOf(caseId)} order by r.created_at, r.id`.execute(db);
  return rows;
}

/** A second living reply for one place is a unique violation. */
export async function insertReply(tx: Tx, row: Insertable<DB["reply"]>): Promise<ReplyRow> {
  return tx.insertInto("reply").values(row).returningAll().executeTakeFirstOrThrow();
}

/** Changes a locked reply. */
export async function updateReply(
  tx: Tx,
  id: string,
  columns: Partial<Omit<ReplyRow, "id" | "document_id" | "account" | "created_at">> & { updated_at: Date },
): Promise<ReplyRow> {
  return tx.updateTable("reply").set(columns).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

/** Whether a person has ever written, changed or submitted this reply: the history says so. */
export async function hasWritten(tx: Tx, reply: ReplyRow, personId: string): Promise<boolean> {
  if (reply.drafted_by === personId || reply.submitted_by === personId) return true;
  const { rows } = await sql`
    select 1 from case_event where case_id in (select id from "case" where id = ${reply.case_id}::uuid or merged_into = ${reply.case_id}::uuid)
      and person_id = ${personId}::uuid and data ->> 'replyId' = ${reply.id} and data ? 'wrote' limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Texts of the last answers of a brand that somebody released, but for those of one case; the newest first. */
export async function lastAnswers(
  db: Db,
  brandId: string,
  besideCaseId: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select r.text from reply r join "case" c on c.id = r.case_id
    where c.brand_id = ${brandId}::uuid and r.case_id <> ${besideCaseId}::uuid and r.decided_at is not null
      and r.state in ${releasedStates} and r.text <> ''
    order by r.decided_at desc, r.id desc limit ${limit}`.execute(db);
  return rows.map(row => row.text);
}

/**
 * Lets go of what a case that has ended did not send: drafts, and texts that wait for approval or for their time.
 * An answer that a person was to post waits to be seen where the text is answered by now.
 */
export async function dropUnsent(tx: Tx, caseId: string, now: Date): Promise<void> {
  await sql`
    update reply r set state = 'removed', next_attempt_at = null, updated_at = ${now}
    from document d
    where r.case_id = ${caseId}::uuid and d.id = r.document_id and r.state in ('draft', 'submitted', 'approved')
      and not (r.assisted and r.state = 'approved' and d.answer_state in ('published', 'stale'))
      and exists (select 1 from mention m where m.document_id = r.document_id and m.case_id = r.case_id)`.execute(
    tx,
  );
}

/** Whether a model proposed this text for a case: its history keeps the hash, never the text. */
export async function isModelText(tx: Tx, caseId: string, textHash: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from case_event where case_id = ${caseId}::uuid and kind = 'suggested' and data ->> 'textHash' = ${textHash}
    limit 1`.execute(tx);
  return rows.length > 0;
}
