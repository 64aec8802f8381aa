import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { insertPerson, type PersonRow } from "#store/person.ts";

/** Adds somebody who can hold cases; keys are given to people. */
export const addPerson = (tx: Tx, name: string, now: Date): Promise<PersonRow> =>
  insertPerson(tx, { id: newId(), name, created_at: now });
