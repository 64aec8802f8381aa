import { awayUntil } from "#domain/absence.ts";
import { InputError } from "#domain/errors.ts";
import type { CaseRow } from "#store/case.ts";
import type { Tx } from "#store/db.ts";
import { findDepartment, leadsOf } from "#store/department.ts";
import { newId } from "#store/id.ts";
import { livingPeople } from "#store/person.ts";
import { livingStatuses, type Scope, type StepRequest, stepOf, unheld } from "./steps.ts";
import { keepNote } from "./words.ts";

/** What a person gave to nobody is given to nobody by the program either. */
const never = new Date("9999-01-01T00:00:00Z");

/** To whom a case is given: an absent department stays as it is, null is everybody's queue. */
export interface Receiver {
  personId: string | null;
  departmentId?: string | null | undefined;
}

/** Gives a case to a person or a department, or to nobody. It is no claim: who holds it goes on holding it. */
export const assign = (tx: Tx, scope: Scope, request: StepRequest, to: Receiver) =>
  stepOf(tx, scope, request, {
    kind: "assigned",
    from: livingStatuses,
    overHolder: true,
    step: {
      assignee_id: to.personId,
      assign_after: to.personId === null && to.departmentId === undefined ? never : null,
      ...(to.departmentId === undefined ? {} : { department_id: to.departmentId }),
      updated_at: request.now,
    },
    data: {
      personId: to.personId,
      ...(to.departmentId === undefined ? {} : { departmentId: to.departmentId }),
    },
    personIds: to.personId === null ? [] : [to.personId],
    also: row => assertReceiver(tx, row, to, request.now),
  });

/**
 * Hands a case over to those who can decide: it leaves its holder, gains priority and stands in their queue.
 * A person is told, of a department its leads; the reason is a note that calls them.
 */
export async function escalate(
  tx: Tx,
  scope: Scope,
  request: StepRequest,
  to: { personId: string | null; departmentId?: string | undefined; reason: string },
): Promise<CaseRow | undefined> {
  const { now } = request;
  const noteId = newId();
  const told = to.personId === null ? await leadsOf(tx, to.departmentId as string) : [to.personId];
  return stepOf(tx, scope, request, {
    kind: "escalated",
    from: ["open", "claimed", "snoozed", "awaiting-author"],
    overHolder: scope.lead ?? false,
    step: {
      status: "open",
      ...unheld,
      snoozed_until: null,
      assignee_id: to.personId,
      ...(to.departmentId === undefined ? {} : { department_id: to.departmentId }),
      escalated_at: now,
      next_priority_at: now,
      updated_at: now,
    },
    data: { personId: to.personId, departmentId: to.departmentId ?? null, noteId },
    personIds: told,
    also: async row => {
      await assertReceiver(tx, row, to, now);
      await keepNote(tx, row, { id: noteId, text: to.reason, mentioned: told, scope, now });
    },
  });
}

async function assertReceiver(tx: Tx, row: CaseRow, to: Receiver, now: Date): Promise<void> {
  if (to.departmentId && !(await findDepartment(tx, to.departmentId)))
    throw new InputError(`There is no department ${to.departmentId}`, "departmentId");
  if (to.personId === null) return;
  const [person] = await livingPeople(tx, [to.personId]);
  if (!person) throw new InputError(`There is no person ${to.personId}`, "personId");
  if (person.brand_ids !== null && !person.brand_ids.includes(row.brand_id))
    throw new InputError(`Person ${to.personId} does not answer for the brand of this case`, "personId");
  const back = awayUntil(person.absences, now);
  if (back !== null)
    throw new InputError(
      `Person ${to.personId} is away until ${back.toISOString()}; give the case to somebody else or to a department`,
      "personId",
    );
}
