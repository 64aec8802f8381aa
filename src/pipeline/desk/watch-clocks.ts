import { alarmSla } from "#pipeline/case-alerts.ts";
import { eventOf, nobody } from "#pipeline/cases.ts";
import type { Deps } from "#pipeline/deps.ts";
import { insertCaseEvents } from "#store/case.ts";
import { deskBrands, lockDueClocks, writeClocks } from "#store/case-clock.ts";
import { logChanges } from "#store/change.ts";
import { type Db, inTransaction } from "#store/db.ts";
import { lookedAt, openCalendars } from "./clock-columns.ts";

const perBatch = 500;
/** Business hours make many cases due at one moment; the rest of them is told at the next tick. */
const batchesPerTick = 20;

/**
 * Looks at the clocks that come near to their due time or pass it: `case.sla-near` and `case.sla-breached`, once
 * each for a due time. A miss is dated by the due time, not by when it was found. Returns how many were looked at.
 */
export async function watchClocks({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  const now = clock();
  let count = 0;
  for (let batch = 0; batch < batchesPerTick; batch++) {
    const looked = await watchBatch(db, now);
    count += looked;
    if (looked < perBatch) break;
  }
  return count;
}

const watchBatch = (db: Db, now: Date): Promise<number> =>
  inTransaction(db, async tx => {
    const due = await lockDueClocks(tx, now, perBatch);
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
    await alarmSla(
      tx,
      looked.flatMap(({ row, after, reading }) =>
        reading.state === "near" || reading.state === "breached"
          ? [{ caseId: row.id, state: reading.state, dueAt: after.due_at }]
          : [],
      ),
      now,
    );
    return due.length;
  });
