import type { Selectable } from "kysely";
import type { Db, Tx } from "./db.ts";
import { newId } from "./id.ts";
import type { DB } from "./tables.ts";

export type TaskRow = Selectable<DB["task"]>;

/** Asks for a task; one that waits already starts over. */
export async function startTask(tx: Tx, kind: TaskRow["kind"], brandId: string, now: Date): Promise<void> {
  await tx
    .insertInto("task")
    .values({
      id: newId(),
      kind,
      brand_id: brandId,
      position: null,
      done_count: 0,
      state: "waiting",
      created_at: now,
      updated_at: now,
    })
    .onConflict(oc =>
      oc
        .columns(["kind", "brand_id"])
        .where("state", "=", "waiting")
        .doUpdateSet({ position: null, done_count: 0, updated_at: now }),
    )
    .execute();
}

/** Locks one waiting task; one that another process works on is left to it. */
export async function lockWaitingTask(tx: Tx, kind: TaskRow["kind"]): Promise<TaskRow | undefined> {
  return tx
    .selectFrom("task")
    .selectAll()
    .where("kind", "=", kind)
    .where("state", "=", "waiting")
    .orderBy("updated_at")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** Writes how far a task is; it commits with the batch that it describes. */
export async function advanceTask(
  tx: Tx,
  task: TaskRow,
  step: { position: string | null; done: number; finished: boolean },
  now: Date,
): Promise<void> {
  await tx
    .updateTable("task")
    .set({
      position: step.position,
      done_count: task.done_count + step.done,
      state: step.finished ? "done" : "waiting",
      updated_at: now,
    })
    .where("id", "=", task.id)
    .execute();
}

/** The newest task of a brand. */
export async function lastTask(db: Db, kind: TaskRow["kind"], brandId: string): Promise<TaskRow | undefined> {
  return db
    .selectFrom("task")
    .selectAll()
    .where("kind", "=", kind)
    .where("brand_id", "=", brandId)
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
}
