import type { CaseRow } from "#store/case.ts";
import { moveMentions } from "#store/case-merge.ts";
import { logChanges } from "#store/change.ts";
import type { Tx } from "#store/db.ts";
import { type Actor, takeStep } from "./cases.ts";

/**
 * Moves every text of a case, with its replies, into another living one of its brand; the caller ends the first.
 * It never wins time: the other case takes over the clock that is due first.
 */
export async function moveTexts(tx: Tx, row: CaseRow, into: CaseRow, actor: Actor, now: Date): Promise<void> {
  const moved = await moveMentions(tx, row.id, into.id);
  await logChanges(
    tx,
    moved.map(({ id: subjectId, brand_id, seq }) => ({
      event: "mention.updated",
      brandId: brand_id,
      subjectId,
      seq,
    })),
    now,
  );
  const step = { ...(isDueBefore(row, into) ? clockOf(row) : {}), next_priority_at: now, updated_at: now };
  await takeStep(tx, into, step, { kind: "place-added", actor, data: { mergedFrom: row.id } });
}

/** A clock that stands is due at no time, and one that waits for its author does not run by a merge. */
const isDueBefore = (row: CaseRow, into: CaseRow): boolean =>
  row.sla_running_at !== null && into.sla_running_at !== null && row.due_at < into.due_at;

const clockOf = (row: CaseRow) => ({
  sla_started_at: row.sla_started_at,
  due_at: row.due_at,
  sla_target_ms: row.sla_target_ms,
  sla_used_ms: row.sla_used_ms,
  sla_always: row.sla_always,
  sla_running_at: row.sla_running_at,
  sla_next_at: row.sla_next_at,
  breached_at: row.breached_at,
});
