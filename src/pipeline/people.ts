import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { insertPerson, type PersonRow } from "#store/person.ts";

/** Adds somebody who can hold cases; keys are given to people. */
export async function addPerson(tx: Tx, name: string, now: Date): Promise<PersonRow> {
  const row: PersonRow = { id: newId(), name, created_at: now, archived_at: null };
  await insertPerson(tx, row);
  return row;
}
