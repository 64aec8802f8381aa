import { type CaseEventInput, type CaseRow, type CaseStep, insertCaseEvents, stepCase } from "#store/case.ts";
import { logChanges } from "#store/change.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { dropUnsent } from "#store/reply.ts";
import type { Outcome } from "#store/tables.ts";
import { followClock } from "./desk/clock.ts";

/** Who takes a step: a person, a service's key, both, or the program itself (both null). */
export interface Actor {
  personId: string | null;
  keyId: string | null;
}

export const nobody: Actor = { personId: null, keyId: null };

export const endStep = (outcome: Outcome, answeredAt: Date | null, now: Date): CaseStep => ({
  status: "ended",
  outcome,
  ended_at: now,
  updated_at: now,
  claim_expires_at: null,
  next_priority_at: null,
  ...(answeredAt === null ? {} : { answered_at: answeredAt }),
});

export const reopenStep = (now: Date): CaseStep => ({
  status: "open",
  outcome: null,
  ended_at: null,
  claimed_by: null,
  claim_expires_at: null,
  next_priority_at: now,
  updated_at: now,
});

/**
 * One step with its history and its entry in the log, in one transaction. The clock follows the state: it stands
 * while the case waits for the author and once it has ended.
 */
export async function takeStep(
  tx: Tx,
  row: CaseRow,
  step: CaseStep,
  told: { kind: string; actor: Actor; data: Record<string, unknown>; personIds?: readonly string[] },
): Promise<CaseRow> {
  const clock = await followClock(tx, row, step);
  const after = await stepCase(tx, row.id, { ...clock, ...firstAnswer(row, step), ...urged(step), ...step });
  await insertCaseEvents(tx, [eventOf(after, told.kind, told.actor, step.updated_at, told.data)]);
  await logChanges(
    tx,
    [
      {
        event: `case.${told.kind}`,
        brandId: row.brand_id,
        subjectId: row.id,
        ...(told.personIds ? { personIds: told.personIds } : {}),
      },
    ],
    step.updated_at,
  );
  await tellMiss(tx, row, after, step.updated_at);
  if (step.status === "ended") await dropUnsent(tx, row.id, step.updated_at);
  return after;
}

const firstAnswer = (row: CaseRow, { answered_at }: CaseStep): Partial<CaseStep> =>
  answered_at && row.first_answer_at === null ? { first_answer_at: answered_at } : {};

/** An escalation is a factor of the priority. */
const urged = ({ escalated_at, updated_at }: CaseStep): Partial<CaseStep> =>
  escalated_at ? { next_priority_at: updated_at } : {};

/** Tells of a miss that a step brought to light, or of one that an earlier answer has taken back. */
async function tellMiss(tx: Tx, before: CaseRow, after: CaseRow, now: Date): Promise<void> {
  if ((before.breached_at === null) === (after.breached_at === null)) return;
  const kind = after.breached_at === null ? "sla-kept" : "sla-breached";
  await insertCaseEvents(tx, [eventOf(after, kind, nobody, now, { dueAt: after.due_at })]);
  await logChanges(tx, [{ event: `case.${kind}`, brandId: after.brand_id, subjectId: after.id }], now);
}

/** One entry of a case's history. */
export function eventOf(
  row: CaseRow,
  kind: string,
  actor: Actor,
  now: Date,
  data: Record<string, unknown>,
): CaseEventInput {
  return {
    id: newId(),
    case_id: row.id,
    at: now,
    kind,
    version: row.version,
    person_id: actor.personId,
    key_id: actor.keyId,
    data,
  };
}
