import type { CaseRow } from "#store/case.ts";
import { findCase } from "#store/case-read.ts";
import { logChanges } from "#store/change.ts";
import { type Db, inTransaction, type Tx } from "#store/db.ts";
import { beginWriting, forgetStopped, stopWriting, whoWrites } from "#store/presence.ts";

interface Place {
  id: string;
  brand_id: string;
}

/**
 * Somebody is writing in a case for so many seconds, or stops at 0. The stream tells who writes when that
 * changes: a repeated call only prolongs. Undefined for a case that the caller may not see.
 */
export async function writing(
  tx: Tx,
  { personId, brandIds }: { personId: string; brandIds: readonly string[] | null },
  caseId: string,
  seconds: number,
  now: Date,
): Promise<CaseRow | undefined> {
  const row = await findCase(tx, caseId);
  if (!row || !(brandIds?.includes(row.brand_id) ?? true)) return undefined;
  const until = new Date(now.getTime() + seconds * 1_000);
  const changed =
    seconds === 0
      ? await stopWriting(tx, row.id, personId)
      : await beginWriting(tx, { case_id: row.id, person_id: personId, until }, now);
  if (changed) await tell(tx, [row], now);
  return row;
}

/** Tells of those whose time ran out without a word. Returns in how many cases. */
export const endWriting = (db: Db, now: Date): Promise<number> =>
  inTransaction(db, async tx => {
    const places = await forgetStopped(tx, now);
    await tell(tx, places, now);
    return places.length;
  });

async function tell(tx: Tx, places: readonly Place[], now: Date): Promise<void> {
  const rows = await whoWrites(
    tx,
    places.map(({ id }) => id),
    now,
  );
  await logChanges(
    tx,
    places.map(({ id, brand_id }) => ({
      event: "case.writing",
      brandId: brand_id,
      subjectId: id,
      personIds: rows.filter(row => row.case_id === id).map(row => row.person_id),
    })),
    now,
  );
}
