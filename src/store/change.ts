import { sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";

/** One entry of the log that `/v1/stream` reads; texts and names never stand in it. */
export interface Change {
  event: string;
  brandId: string | null;
  subjectId: string;
  /** Whom it is about: who is given a case, called by a note, or writing now. */
  personIds?: readonly string[];
  /** Present when the subject carries the same number, as a mention does. */
  seq?: number;
}

/** The next number of the log, for statements that write many rows: the transaction's part is read once. */
export const nextSeq = sql<number>`((select seq_base()) | nextval('seq_ordinal'))`;

/** Appends to the log, in the transaction that made the change. */
export async function logChanges(tx: Tx, changes: readonly Change[], now: Date): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    insert into change (seq, at, event, brand_id, subject_id, person_ids)
    select coalesce(seq, ${nextSeq}), ${now}, event, "brandId", "subjectId", "personIds"
    from ${rowsAs(changes, 'r(seq bigint, event text, "brandId" uuid, "subjectId" uuid, "personIds" uuid[])')}`.execute(
    tx,
  );
}

/** Entries above `after` that no older one can join any more, in order. */
export async function readChanges(db: Db, after: number, limit: number) {
  return db
    .selectFrom("change")
    .selectAll()
    .where("seq", ">", after)
    .where("seq", "<", sql<number>`seq_visible()`)
    .orderBy("seq")
    .limit(limit)
    .execute();
}

/** The oldest kept number and the newest settled one; both 0 when the log is empty. */
export async function changeRange(db: Db): Promise<{ oldest: number; newest: number }> {
  const { rows } = await sql<{ oldest: number; newest: number }>`
    select coalesce(min(seq), 0) as oldest, coalesce(max(seq) filter (where seq < seq_visible()), 0) as newest from change`.execute(
    db,
  );
  return rows[0] ?? { oldest: 0, newest: 0 };
}
