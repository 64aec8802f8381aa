import { sql } from "kysely";
import type { AnswerState, TextKind } from "#domain/item.ts";
import type { Db, Tx } from "./db.ts";
import type { ReplyRow } from "./reply.ts";
import type { CaseStatus, ReplyState, StoredAnswer } from "./tables.ts";

/** Replies that the sending has something to do with by their time. */
const dueStates = sql.raw("('approved', 'sending', 'sent', 'unknown') and not assisted");

/**
 * Takes replies that are due, the longest waiting first, a few of each account at a time: an approved one is
 * `sending` from here on, though nothing of it has left. Others pass over what is taken until the lease runs out.
 */
export async function takeDueReplies(
  db: Db,
  { now, lease, limit, perAccount }: { now: Date; lease: Date; limit: number; perAccount: number },
): Promise<ReplyRow[]> {
  const { rows } = await sql<ReplyRow>`
    with ranked as (
      select id, account, row_number() over (partition by account order by next_attempt_at, id) as place
      from reply where next_attempt_at <= ${now} and state in ${dueStates}),
    fitting as (
      select id from ranked where place <= ${perAccount} - (
        select count(*) from reply busy where busy.account = ranked.account and busy.lease > ${now})),
    due as (
      select id from reply where id in (select id from fitting) and next_attempt_at <= ${now} and state in ${dueStates}
      order by next_attempt_at, id limit ${limit} for update skip locked)
    update reply r set lease = ${lease}, next_attempt_at = ${lease}, updated_at = ${now},
      state = case r.state when 'approved' then 'sending' else r.state end,
      posted_at = case r.state when 'approved' then null else r.posted_at end
    from due where r.id = due.id returning r.*`.execute(db);
  return rows;
}

/** Whether anything is to be sent or looked at now. */
export async function hasDueReplies(db: Db, now: Date): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select 1 from reply where next_attempt_at <= ${now} and state in ${dueStates}) as due`.execute(
    db,
  );
  return rows[0]?.due ?? false;
}

/** Locks a reply if the lease is still ours: nobody else has taken it, and nothing has settled it meanwhile. */
export async function holdReply(tx: Tx, id: string, lease: Date): Promise<ReplyRow | undefined> {
  return tx
    .selectFrom("reply")
    .selectAll()
    .where("id", "=", id)
    .where("lease", "=", lease)
    .where("state", "in", ["sending", "sent", "unknown"])
    .forUpdate()
    .executeTakeFirst();
}

/** Keeps, before a request leaves, that it leaves; undefined when the reply is not ours any more. */
export async function markPosted(
  db: Db,
  { id, lease: held, attempt_count }: ReplyRow,
  { postedAt, lease }: { postedAt: Date; lease: Date },
): Promise<ReplyRow | undefined> {
  return db
    .updateTable("reply")
    .set({
      posted_at: postedAt,
      lease,
      next_attempt_at: lease,
      attempt_count: attempt_count + 1,
      look_count: 0,
      updated_at: postedAt,
    })
    .where("id", "=", id)
    .where("lease", "=", held as Date)
    .where("lease", ">", postedAt)
    .where("state", "=", "sending")
    .returningAll()
    .executeTakeFirst();
}

/** What sending needs to know of what is answered, and of the reply that an edit takes the place of. */
export interface ReplyStory {
  external_id: string;
  kind: TextKind;
  source_id: string;
  answer: StoredAnswer | null;
  answer_state: AnswerState;
  erased_at: Date | null;
  case_status: CaseStatus;
  original_text: string | null;
  original_state: ReplyState | null;
  original_sent_at: Date | null;
  /** Changes of that reply which left, beside this one. */
  edit_count: number;
}

/** The reply's source is the answering account, else the one that the text came from. */
export async function replyStory(db: Db, reply: ReplyRow): Promise<ReplyStory> {
  const { rows } = await sql<ReplyStory>`
    select d.external_id, d.kind, coalesce(r.source_id, d.source_id) as source_id, d.answer, d.answer_state, d.erased_at,
      c.status as case_status, o.text as original_text, o.state as original_state,
      coalesce(o.sent_at, o.published_at) as original_sent_at,
      (select count(*)::int from reply e where e.edit_of = r.edit_of and e.id <> r.id and e.attempt_count > 0
        and e.state in ('sending', 'sent', 'unknown', 'published')) as edit_count
    from reply r join document d on d.id = r.document_id join "case" c on c.id = r.case_id
    left join reply o on o.id = r.edit_of
    where r.id = ${reply.id}`.execute(db);
  return rows[0] as ReplyStory;
}

/** A reply beside what the source is known to show under the text that it answers. */
export interface ShownReply extends ReplyRow {
  answer: StoredAnswer | null;
  answer_state: AnswerState;
  answer_at: Date | null;
  original_text: string | null;
}

/** Replies that have left our hands, or that a person was to post. */
const shownStates = sql.raw(`(r.state in ('sending', 'sent', 'unknown', 'published')
  or (r.attempt_count > 0 and r.state in ('refused', 'removed')) or (r.state = 'approved' and r.assisted))`);

/** The cases of such replies to these documents. */
export async function shownReplyCases(tx: Tx, documentIds: readonly string[]): Promise<string[]> {
  if (documentIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select distinct r.case_id as id from reply r
    where r.document_id = any(${[...documentIds]}::uuid[]) and ${shownStates}`.execute(tx);
  return rows.map(row => row.id);
}

/** Locks such replies to these documents. */
export async function lockShownReplies(tx: Tx, documentIds: readonly string[]): Promise<ShownReply[]> {
  const { rows } = await sql<ShownReply>`
    select r.*, d.answer, d.answer_state, d.answer_at, (select o.text from reply o where o.id = r.edit_of) as original_text
    from reply r join document d on d.id = r.document_id
    where r.document_id = any(${[...documentIds]}::uuid[]) and ${shownStates}
    order by r.id for update of r`.execute(tx);
  return rows;
}

/** Whether another reply of this account has the place of this one. */
export async function isPlaceTaken(tx: Tx, reply: ReplyRow): Promise<boolean> {
  const { rows } = await sql`
    select 1 from reply where document_id = ${reply.document_id} and account = ${reply.account} and id <> ${reply.id}
      and state not in ('rejected', 'refused', 'removed') and edit_of is not distinct from ${reply.edit_of}::uuid limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}

/** The texts of a case: whether each still asks for an answer, and how far its reply is. */
export async function placeStates(
  tx: Tx,
  caseId: string,
): Promise<{ inNeed: boolean; reply: ReplyState | null }[]> {
  const { rows } = await sql<{ inNeed: boolean; reply: ReplyState | null }>`
    select m.tone = 'negative' and not m.spam and not m.answered and m.deleted_at is null and d.erased_at is null as "inNeed",
      (select r.state from reply r where r.document_id = d.id and r.state not in ('draft', 'rejected', 'refused', 'removed')
        order by r.created_at desc, r.id desc limit 1) as reply
    from mention m join document d on d.id = m.document_id where m.case_id = ${caseId}::uuid`.execute(tx);
  return rows;
}

/** The language that a case's people read. */
export async function languageOf(tx: Tx, caseId: string): Promise<"ru" | "en"> {
  const row = await tx
    .selectFrom("case")
    .innerJoin("brand", "brand.id", "case.brand_id")
    .select("brand.language")
    .where("case.id", "=", caseId)
    .executeTakeFirstOrThrow();
  return row.language;
}
