import { eventOf, nobody } from "#pipeline/cases.ts";
import type { Deps } from "#pipeline/deps.ts";
import { insertCaseEvents } from "#store/case.ts";
import { deskBrands, lockDueClocks, writeClocks } from "#store/case-clock.ts";
import { logChanges } from "#store/change.ts";
import { inTransaction } from "#store/db.ts";
import { lookedAt, openCalendars } from "./clock-columns.ts";

const perTick = 500;

/**
 * Looks at the clocks that come near to their due time or pass it: `case.sla-near` and `case.sla-breached`, once
 * each for a due time. A miss is dated by the due time, not by when it was found. Returns how many were looked at.
 */
export async function watchClocks({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  const now = clock();
  return inTransaction(db, async tx => {
    const due = await lockDueClocks(tx, now, perTick);
    if (due.length === 0) return 0;
    const brands = await deskBrands(
      tx,
      due.map(row => row.brand_id),
    );
    const calendars = new Map([...brands].map(([id, brand]) => [id, openCalendars(brand)]));
    const looked = due.map(row => {
      const of = calendars.get(row.brand_id);
      if (of === undefined) throw new Error(`case ${row.id} has no brand`);
      return { row, ...lookedAt(row, of, now) };
    });
    await writeClocks(
      tx,
      looked.map(({ row, after }) => ({ id: row.id, ...after })),
    );
    const told = looked.flatMap(({ row, after, reading }) =>
      reading.state === "near" || reading.state === "breached"
        ? [{ row, kind: `sla-${reading.state}`, dueAt: after.due_at }]
        : [],
    );
    await insertCaseEvents(
      tx,
      told.map(({ row, kind, dueAt }) => eventOf(row, kind, nobody, now, { dueAt })),
    );
    await logChanges(
      tx,
      told.map(({ row, kind }) => ({ event: `case.${kind}`, brandId: row.brand_id, subjectId: row.id })),
      now,
    );
    return due.length;
  });
}
