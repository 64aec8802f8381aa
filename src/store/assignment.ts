import { sql } from "kysely";
import type { Absence } from "#domain/absence.ts";
import type { CaseRow } from "./case.ts";
import type { Db, Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";

/** Somebody who can be given cases, with how many they have. */
export interface Candidate {
  id: string;
  department_id: string | null;
  /** Empty is any. */
  languages: string[];
  brand_ids: string[] | null;
  source_kinds: string[] | null;
  capacity: number;
  absences: Absence[];
  load: number;
}

/** A case that nobody is given. */
export interface Unassigned {
  id: string;
  brand_id: string;
  department_id: string | null;
  language: string;
  source_kind: string;
}

/** Whether this transaction is the one that gives cases out: two at once would fill people beyond their capacity. */
export async function isOnlyAssigner(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('molva.assignment')) as mine`.execute(tx);
  return rows[0]?.mine ?? false;
}

/** Brands whose cases are given out by the program. */
export async function autoAssignedBrands(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from brand where desk ->> 'autoAssign' = 'true' and archived_at is null`.execute(db);
  return rows.map(row => row.id);
}

/** People with room for a case; a held case counts as one. */
export async function candidates(db: Db): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select * from (
      select p.id, p.department_id, p.languages, p.brand_ids, p.source_kinds, p.capacity, p.absences,
        ((select count(*) from "case" c where c.status <> 'ended' and c.assignee_id = p.id)
          + (select count(*) from "case" c where c.status = 'claimed' and c.claimed_by = p.id
              and c.assignee_id is distinct from p.id))::int as load
      from person p where p.archived_at is null) one
    where load < capacity order by id`.execute(db);
  return rows;
}

/** The most urgent open cases of these brands that nobody is given, locked. */
export async function lockUnassigned(
  tx: Tx,
  brandIds: readonly string[],
  now: Date,
  limit: number,
): Promise<Unassigned[]> {
  const { rows } = await sql<Unassigned>`
    select c.id, c.brand_id, c.department_id, m.language, m.source_kind
    from "case" c join mention m on m.id = c.mention_id
    where c.status = 'open' and c.assignee_id is null and c.brand_id = any(${[...brandIds]}::uuid[])
      and (c.assign_after is null or c.assign_after <= ${now})
    order by c.priority desc, c.due_at, c.id limit ${limit} for update of c skip locked`.execute(tx);
  return rows;
}

/** Gives each case to its person, with its history and its entry in the log. */
export async function giveCases(
  tx: Tx,
  given: readonly { id: string; personId: string }[],
  now: Date,
): Promise<void> {
  if (given.length === 0) return;
  await sql`
    with taken as (
      update "case" c set assignee_id = r."personId", assign_after = null, updated_at = ${now}, version = c.version + 1
      from ${rowsAs(given, 'r(id uuid, "personId" uuid)')} where c.id = r.id
      returning c.id, c.brand_id, c.version, c.assignee_id),
    told as (
      insert into case_event (id, case_id, at, kind, version, data)
      select uuid_v7(), id, ${now}, 'assigned', version, jsonb_build_object('personId', assignee_id, 'by', 'skill') from taken)
    insert into change (seq, at, event, brand_id, subject_id, person_ids)
    select seq_next(), ${now}, 'case.assigned', brand_id, id, array[assignee_id] from taken`.execute(tx);
}

/** Nobody can take these now; they are not tried before `until`. */
export async function postponeAssignment(tx: Tx, ids: readonly string[], until: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.updateTable("case").set({ assign_after: until }).where("id", "in", ids).execute();
}

/** People who have an absence written down. */
export async function peopleWithAbsences(db: Db): Promise<{ id: string; absences: Absence[] }[]> {
  return db
    .selectFrom("person")
    .select(["id", "absences"])
    .where(sql<boolean>`absences <> '[]'`)
    .where("archived_at", "is", null)
    .execute();
}

/** Open cases that these people are given, locked. */
export async function lockOpenCasesOf(
  tx: Tx,
  personIds: readonly string[],
  limit: number,
): Promise<CaseRow[]> {
  if (personIds.length === 0) return [];
  return tx
    .selectFrom("case")
    .selectAll()
    .where("status", "=", "open")
    .where("assignee_id", "in", personIds)
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}
