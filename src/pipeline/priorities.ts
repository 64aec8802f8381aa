import { type CaseEventInput, type CaseRow, insertCaseEvents } from "#store/case.ts";
import { deskBrands } from "#store/case-clock.ts";
import { lockDuePriorities, priorityFacts, type StoredFacts, writePriorities } from "#store/case-priority.ts";
import { inTransaction } from "#store/db.ts";
import { eventOf, nobody } from "./cases.ts";
import type { Deps } from "./deps.ts";
import { type Judge, openJudges } from "./desk/priority.ts";

const perTick = 500;

/**
 * Recomputes the priority of cases one of whose facts has changed, or for which time has passed a step; another
 * time to answer follows from it, and stands in the history. Returns how many.
 */
export async function raisePriorities({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  const now = clock();
  return inTransaction(db, async tx => {
    const due = await lockDuePriorities(tx, now, perTick);
    if (due.length === 0) return 0;
    const facts = await priorityFacts(
      tx,
      due.map(row => row.mention_id),
      now,
    );
    const judges = openJudges(
      await deskBrands(
        tx,
        due.map(row => row.brand_id),
      ),
    );
    const updates = due.map(row => {
      const judge = judges.get(row.brand_id) as Judge;
      const { clock: after, ...rest } = judge.again(facts.get(row.mention_id) as StoredFacts, row, now);
      return { id: row.id, ...after, ...rest };
    });
    await writePriorities(tx, updates);
    await insertCaseEvents(
      tx,
      due.flatMap((row, n) => retargeting(row, updates[n] as (typeof updates)[number], now)),
    );
    return updates.length;
  });
}

function retargeting(
  row: CaseRow,
  after: { sla_target_ms: number; due_at: Date },
  now: Date,
): CaseEventInput[] {
  if (row.sla_target_ms === after.sla_target_ms) return [];
  const data = { targetMs: after.sla_target_ms, dueAt: after.due_at };
  return [eventOf(row, "sla-changed", nobody, now, data)];
}
