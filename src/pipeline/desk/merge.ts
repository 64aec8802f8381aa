import { InputError } from "#domain/errors.ts";
import { endStep, takeStep } from "#pipeline/cases.ts";
import { type CaseRow, lockCases } from "#store/case.ts";
import { moveMentions } from "#store/case-merge.ts";
import { logChanges } from "#store/change.ts";
import type { Tx } from "#store/db.ts";
import { CaseConflictError, type Scope, type StepRequest, stepOf, visible } from "./steps.ts";

/**
 * Moves every place of a case into another one of its brand and ends it. A merge never wins time: the other
 * case takes over the clock that is due first.
 */
export async function merge(
  tx: Tx,
  scope: Scope,
  request: StepRequest,
  intoId: string,
): Promise<CaseRow | undefined> {
  const { id, now } = request;
  if (intoId === id) throw new InputError("intoId is this very case; expected another one", "intoId");
  // In one order for all, so that two merges toward each other do not wait for each other.
  await lockCases(tx, [id, intoId]);
  return stepOf(tx, scope, request, {
    kind: "ended",
    // An answer on its way is waited for first.
    from: ["open", "claimed", "snoozed", "awaiting-author"],
    overHolder: false,
    step: {
      ...endStep("answered-elsewhere", null, now),
      claimed_by: null,
      snoozed_until: null,
      merged_into: intoId,
    },
    data: { outcome: "answered-elsewhere", mergedInto: intoId },
    also: async row => {
      const into = await target(tx, scope, row, intoId);
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
      const step = {
        ...(isDueBefore(row, into) ? clockOf(row) : {}),
        next_priority_at: now,
        updated_at: now,
      };
      await takeStep(tx, into, step, {
        kind: "place-added",
        actor: scope.actor,
        data: { mergedFrom: row.id },
      });
    },
  });
}

async function target(tx: Tx, scope: Scope, row: CaseRow, intoId: string): Promise<CaseRow> {
  const into = await visible(tx, scope, intoId);
  if (!into || into.brand_id !== row.brand_id)
    throw new InputError(`There is no case ${intoId} of the same brand`, "intoId");
  if (into.status === "ended")
    throw new CaseConflictError(`The case ${intoId} has ended; reopen it first, or merge into another`, row);
  return into;
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
