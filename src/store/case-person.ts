import type { CaseRow } from "./case.ts";
import type { Tx } from "./db.ts";

/** Locks the living cases that a person holds or is given. */
export async function lockCasesOf(tx: Tx, personId: string): Promise<CaseRow[]> {
  return tx
    .selectFrom("case")
    .selectAll()
    .where("status", "<>", "ended")
    .where(eb =>
      eb.or([
        eb("assignee_id", "=", personId),
        eb.and([eb("status", "=", "claimed"), eb("claimed_by", "=", personId)]),
      ]),
    )
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Locks the living cases of a department's queue. */
export async function lockCasesIn(tx: Tx, departmentId: string): Promise<CaseRow[]> {
  return tx
    .selectFrom("case")
    .selectAll()
    .where("status", "<>", "ended")
    .where("department_id", "=", departmentId)
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Nobody of that id writes anywhere any more. */
export async function endPresence(tx: Tx, personId: string): Promise<void> {
  await tx.deleteFrom("presence").where("person_id", "=", personId).execute();
}
