import type { Absence } from "#domain/absence.ts";
import { InputError } from "#domain/errors.ts";
import { findSourceKind } from "#sources/registry.ts";
import { findBrand } from "#store/brand.ts";
import { endPresence, lockCasesOf } from "#store/case-person.ts";
import { type ChatUser, setChatsOf } from "#store/chat.ts";
import type { Tx } from "#store/db.ts";
import { findDepartment } from "#store/department.ts";
import { newId } from "#store/id.ts";
import { revokeKeysOf } from "#store/key.ts";
import { insertPerson, lockPerson, type PersonColumns, type PersonRow, updatePerson } from "#store/person.ts";
import type { personRoles } from "#store/tables.ts";
import type { Changes } from "./brands.ts";
import { type Actor, takeStep } from "./cases.ts";

/** A person as people describe them. */
export interface PersonInput {
  name: string;
  role: (typeof personRoles)[number];
  departmentId: string | null;
  /** Languages that they answer in; empty is any. */
  languages: string[];
  /** Brands that they answer for; null is all. */
  brandIds: string[] | null;
  /** Source kinds that they answer at; null is all. */
  sourceKinds: string[] | null;
  /** Open cases that automatic assignment may give them at once. */
  capacity: number;
  timezone: string;
  absences: Absence[];
  /** The users of chats that they are. */
  chats: ChatUser[];
}

/** Adds somebody who can hold cases, whatever their skills; keys are given to people. */
export const addPerson = (tx: Tx, name: string, now: Date): Promise<PersonRow> =>
  insertPerson(tx, { id: newId(), name, created_at: now });

/** Adds somebody with their skills, where they are given; an unknown department, brand or source kind is an InputError. */
export async function createPerson(
  tx: Tx,
  input: Changes<PersonInput> & Pick<PersonInput, "name">,
  now: Date,
): Promise<PersonRow> {
  await check(tx, input);
  const { id } = await addPerson(tx, input.name, now);
  await setChats(tx, id, input.chats);
  return updatePerson(tx, id, columnsOf(input));
}

/** Changes somebody; undefined for an unknown or archived person. */
export async function changePerson(
  tx: Tx,
  id: string,
  changes: Changes<PersonInput>,
): Promise<PersonRow | undefined> {
  const before = await lockPerson(tx, id);
  if (!before) return undefined;
  await check(tx, changes);
  await setChats(tx, id, changes.chats);
  const columns = columnsOf(changes);
  return Object.keys(columns).length === 0 ? before : updatePerson(tx, id, columns);
}

/**
 * Somebody leaves: what they hold goes back to the queue, what they are given is nobody's, their keys end.
 * Their name stays in the history. Returns the ids of the keys; undefined for an unknown or archived person.
 */
export async function archivePerson(
  tx: Tx,
  id: string,
  actor: Actor,
  now: Date,
): Promise<string[] | undefined> {
  if (!(await lockPerson(tx, id))) return undefined;
  await updatePerson(tx, id, { archived_at: now });
  for (const row of await lockCasesOf(tx, id)) {
    const held = row.status === "claimed" && row.claimed_by === id;
    const step = {
      ...(held ? { status: "open" as const, claimed_by: null, claim_expires_at: null } : {}),
      ...(row.assignee_id === id ? { assignee_id: null } : {}),
      updated_at: now,
    };
    const kind = held ? "released" : "assigned";
    await takeStep(tx, row, step, { kind, actor, data: { personId: null, archived: id } });
  }
  await setChats(tx, id, []);
  await endPresence(tx, id);
  return revokeKeysOf(tx, id, now);
}

async function setChats(tx: Tx, personId: string, chats: readonly ChatUser[] | undefined): Promise<void> {
  if (chats === undefined) return;
  const taken = await setChatsOf(tx, personId, chats);
  if (taken !== undefined)
    throw new InputError(
      `The ${taken.kind} user ${taken.userId} is somebody already; a chat user is one person, take it from the other one first`,
      `chats.${chats.lastIndexOf(taken)}`,
    );
}

async function check(
  tx: Tx,
  { departmentId, brandIds, sourceKinds, absences }: Changes<PersonInput>,
): Promise<void> {
  if (departmentId && !(await findDepartment(tx, departmentId)))
    throw new InputError(
      `There is no department ${departmentId}; POST /v1/departments adds one`,
      "departmentId",
    );
  for (const [index, brandId] of (brandIds ?? []).entries())
    if (!(await findBrand(tx, brandId)))
      throw new InputError(`There is no brand ${brandId}`, `brandIds.${index}`);
  for (const kind of sourceKinds ?? []) findSourceKind(kind);
  for (const [index, { from, to }] of (absences ?? []).entries())
    if (Date.parse(from) >= Date.parse(to))
      throw new InputError(
        `The absence ends at ${to}, not after its beginning at ${from}; "to" is when they are back`,
        `absences.${index}.to`,
      );
}

function columnsOf(input: Changes<PersonInput>): PersonColumns {
  const renamed = {
    name: input.name,
    role: input.role,
    department_id: input.departmentId,
    languages: input.languages,
    brand_ids: input.brandIds,
    source_kinds: input.sourceKinds,
    capacity: input.capacity,
    timezone: input.timezone,
    absences: input.absences === undefined ? undefined : JSON.stringify(input.absences),
  };
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined));
}
