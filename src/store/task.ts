import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import { newId } from "./id.ts";
import type { DB } from "./tables.ts";

export type TaskRow = Selectable<DB["task"]>;

/** Written out, not as a parameter: so the condition of the unique index is known to hold. */
const stillWaiting = sql<boolean>`state = 'waiting'`;

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
        .where(stillWaiting)
        .doUpdateSet({ position: null, done_count: 0, updated_at: now }),
    )
    .execute();
}

/** What a rescoring is asked for. */
export interface RescoreWish {
  brandId: string;
  /** Only mentions from then on. */
  since: Date | null;
  modelVersion: string;
}

/** The waiting rescoring of a brand: the same wish goes on where it stopped, another one begins anew. */
export async function resumeRescore(
  tx: Tx,
  { brandId, since, modelVersion }: RescoreWish,
  now: Date,
): Promise<TaskRow> {
  const started = { position: null, position_at: null, done_count: 0, since, model_version: modelVersion };
  return tx
    .insertInto("task")
    .values({
      id: newId(),
      kind: "rescore",
      brand_id: brandId,
      ...started,
      state: "waiting",
      created_at: now,
      updated_at: now,
    })
    .onConflict(oc =>
      oc
        .columns(["kind", "brand_id"])
        .where(stillWaiting)
        .doUpdateSet(eb => {
          const same = eb.and([
            eb("task.model_version", "=", modelVersion),
            sql<boolean>`task.since is not distinct from ${since}::timestamptz`,
          ]);
          const kept = <Name extends "position" | "position_at" | "done_count">(name: Name) =>
            sql`case when ${same} then ${sql.ref(`task.${name}`)} else ${sql.ref(`excluded.${name}`)} end`;
          return {
            position: kept("position") as never,
            position_at: kept("position_at") as never,
            done_count: kept("done_count") as never,
            since,
            model_version: modelVersion,
            updated_at: now,
          };
        }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Locks a task that is not done; undefined when it is. */
export async function lockTask(tx: Tx, id: string): Promise<TaskRow | undefined> {
  return tx
    .selectFrom("task")
    .selectAll()
    .where("id", "=", id)
    .where("state", "=", "waiting")
    .forUpdate()
    .executeTakeFirst();
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
  step: { position: string | null; positionAt?: Date | null; done: number; finished: boolean },
  now: Date,
): Promise<void> {
  await tx
    .updateTable("task")
    .set({
      position: step.position,
      position_at: step.positionAt ?? null,
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
