import { casePriority, nextPriorityAt } from "#domain/priority.ts";
import { lockDuePriorities, writePriorities } from "#store/case-priority.ts";
import { inTransaction } from "#store/db.ts";
import type { Deps } from "./deps.ts";

const perTick = 500;

/** Recomputes the priority of cases for which time has passed a step, or that gained a place. Returns how many. */
export async function raisePriorities({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  const now = clock();
  return inTransaction(db, async tx => {
    const due = await lockDuePriorities(tx, now, perTick);
    const updates = due.map(({ id, ...facts }) => {
      const { priority, factors } = casePriority(facts, now);
      return { id, priority, factors, nextAt: nextPriorityAt(facts.slaStartedAt, facts.dueAt, now) };
    });
    await writePriorities(tx, updates);
    return updates.length;
  });
}
