import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import { newId } from "./id.ts";
import type { DB, RunOutcome, RunTrigger } from "./tables.ts";

export type RunRow = Selectable<DB["run"]>;

/** The open run of a source, or a new one: a source has at most one, whoever asks. */
export async function openRun(tx: Tx, sourceId: string, trigger: RunTrigger, now: Date): Promise<RunRow> {
  return (await findOpenRun(tx, sourceId)) ?? insertRun(tx, sourceId, trigger, now);
}

/** The run of a source that has not ended. */
export async function findOpenRun(tx: Tx, sourceId: string): Promise<RunRow | undefined> {
  return tx
    .selectFrom("run")
    .selectAll()
    .where("source_id", "=", sourceId)
    .where("outcome", "is", null)
    .orderBy("started_at", "desc")
    .limit(1)
    .executeTakeFirst();
}

export async function insertRun(tx: Tx, sourceId: string, trigger: RunTrigger, now: Date): Promise<RunRow> {
  return tx
    .insertInto("run")
    .values({ id: newId(), source_id: sourceId, trigger, started_at: now })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What one page adds to its run. */
export interface RunCounts {
  found: number;
  new: number;
  updated: number;
  duplicates: number;
  pages: number;
  bytes: number;
}

export async function addToRun(tx: Tx, id: string, counts: RunCounts): Promise<void> {
  await tx
    .updateTable("run")
    .set({
      found_count: sql`found_count + ${counts.found}`,
      new_count: sql`new_count + ${counts.new}`,
      updated_count: sql`updated_count + ${counts.updated}`,
      duplicate_count: sql`duplicate_count + ${counts.duplicates}`,
      page_count: sql`page_count + ${counts.pages}`,
      byte_count: sql`byte_count + ${counts.bytes}`,
    })
    .where("id", "=", id)
    .execute();
}

/** Ends a run once; a second end changes nothing and returns undefined. */
export async function endRun(
  tx: Tx,
  id: string,
  end: { outcome: RunOutcome; errorCode: string | null; error: string | null },
  now: Date,
): Promise<RunRow | undefined> {
  return tx
    .updateTable("run")
    .set({ outcome: end.outcome, ended_at: now, error_code: end.errorCode, error: end.error })
    .where("id", "=", id)
    .where("outcome", "is", null)
    .returningAll()
    .executeTakeFirst();
}

/** Runs that were claimed and whose job never began: their message was lost between commit and queue. */
export async function unstartedRuns(db: Db, before: Date): Promise<{ id: string; sourceId: string }[]> {
  return db
    .selectFrom("run")
    .innerJoin("source", "source.id", "run.source_id")
    .select(["run.id", "run.source_id as sourceId"])
    .where("run.outcome", "is", null)
    .where("run.attempt_count", "=", 0)
    .where("run.started_at", "<", before)
    .where("source.enabled", "=", true)
    .limit(100)
    .execute();
}

/** The brands that each run's source serves. */
export async function brandIdsOfRuns(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("run")
    .innerJoin("source_brand", "source_brand.source_id", "run.source_id")
    .select(["run.id", "source_brand.brand_id"])
    .where("run.id", "in", ids)
    .execute();
  const grouped = Map.groupBy(rows, row => row.id);
  return new Map([...grouped].map(([id, group]) => [id, group.map(row => row.brand_id)]));
}
