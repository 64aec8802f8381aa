import { InputError } from "#domain/errors.ts";
import { moveTexts } from "#pipeline/case-moves.ts";
import { endStep } from "#pipeline/cases.ts";
import { type CaseRow, lockCases } from "#store/case.ts";
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
      await moveTexts(tx, row, into, scope.actor, now);
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
