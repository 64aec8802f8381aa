import { InputError } from "#domain/errors.ts";
import { type CaseRow, insertCaseNote } from "#store/case.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { livingPeople } from "#store/person.ts";
import { caseStatuses } from "#store/tables.ts";
import { type Scope, type StepRequest, stepOf } from "./steps.ts";

/** Adds a note, and calls people to it; the text stays out of the history. */
export const note = (
  tx: Tx,
  scope: Scope,
  request: StepRequest,
  text: string,
  personIds: readonly string[],
) => {
  const noteId = newId();
  const called = [...new Set(personIds)];
  return stepOf(tx, scope, request, {
    kind: called.length > 0 ? "mentioned" : "noted",
    from: caseStatuses,
    overHolder: true,
    step: { updated_at: request.now },
    data: { noteId, ...(called.length > 0 ? { personIds: called } : {}) },
    ...(called.length > 0 ? { personIds: called } : {}),
    also: async row => {
      await assertCallable(tx, row, called);
      await keepNote(tx, row, { id: noteId, text, mentioned: called, scope, now: request.now });
    },
  });
};

/** Writes a note beside a case, for a step that brings one. */
export const keepNote = (
  tx: Tx,
  row: CaseRow,
  {
    id,
    text,
    mentioned,
    scope,
    now,
  }: { id: string; text: string; mentioned: string[]; scope: Scope; now: Date },
): Promise<void> =>
  insertCaseNote(tx, {
    id,
    case_id: row.id,
    person_id: scope.actor.personId,
    text,
    mentioned,
    created_at: now,
  });

async function assertCallable(tx: Tx, row: CaseRow, personIds: readonly string[]): Promise<void> {
  const people = await livingPeople(tx, personIds);
  for (const [index, personId] of personIds.entries()) {
    const person = people.find(({ id }) => id === personId);
    if (!person) throw new InputError(`There is no person ${personId}`, `personIds.${index}`);
    if (person.brand_ids !== null && !person.brand_ids.includes(row.brand_id))
      throw new InputError(
        `Person ${personId} does not answer for the brand of this case`,
        `personIds.${index}`,
      );
  }
}

/** Sets the tags or the root causes of a case, each as a whole; an absent list stays as it is. */
export const tag = (
  tx: Tx,
  scope: Scope,
  request: StepRequest,
  { tags, rootCauses }: { tags?: string[] | undefined; rootCauses?: string[] | undefined },
) =>
  stepOf(tx, scope, request, {
    kind: "tagged",
    from: caseStatuses,
    overHolder: true,
    step: {
      ...(tags === undefined ? {} : { tags: [...new Set(tags)] }),
      ...(rootCauses === undefined ? {} : { root_causes: [...new Set(rootCauses)] }),
      updated_at: request.now,
    },
    data: {
      fields: [...(tags === undefined ? [] : ["tags"]), ...(rootCauses === undefined ? [] : ["rootCauses"])],
    },
  });
