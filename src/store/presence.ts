import { sql } from "kysely";
import type { Db, Tx } from "./db.ts";

export interface Writing {
  case_id: string;
  person_id: string;
  until: Date;
}

/** Who is writing in these cases at `now`. */
export async function whoWrites(db: Db, caseIds: readonly string[], now: Date): Promise<Writing[]> {
  if (caseIds.length === 0) return [];
  return db
    .selectFrom("presence")
    .selectAll()
    .where("case_id", "in", caseIds)
    .where("until", ">", now)
    .orderBy("case_id")
    .orderBy("person_id")
    .execute();
}

/** Says that somebody writes until then. True when they were not writing before. */
export async function beginWriting(tx: Tx, row: Writing, now: Date): Promise<boolean> {
  const { rows } = await sql<{ fresh: boolean }>`
    with before as (select until from presence where case_id = ${row.case_id} and person_id = ${row.person_id})
    insert into presence (case_id, person_id, until) values (${row.case_id}, ${row.person_id}, ${row.until})
    on conflict (case_id, person_id) do update set until = excluded.until
    returning coalesce((select until <= ${now} from before), true) as fresh`.execute(tx);
  return rows[0]?.fresh ?? false;
}

/** Somebody stops writing. False when they were not. */
export async function stopWriting(tx: Tx, caseId: string, personId: string): Promise<boolean> {
  const result = await tx
    .deleteFrom("presence")
    .where("case_id", "=", caseId)
    .where("person_id", "=", personId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Forgets those whose time has run out; returns the cases, each with its brand. */
export async function forgetStopped(tx: Tx, now: Date): Promise<{ id: string; brand_id: string }[]> {
  const { rows } = await sql<{ id: string; brand_id: string }>`
    with stopped as (
      delete from presence where (case_id, person_id) in (
        select case_id, person_id from presence where until <= ${now} limit 1000 for update skip locked)
      returning case_id)
    select c.id, c.brand_id from "case" c where c.id in (select case_id from stopped) order by c.id`.execute(
    tx,
  );
  return rows;
}
