import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { RunRow } from "./run.ts";
import type { RunOutcome } from "./tables.ts";

/** `brandIds`: runs of sources that serve at least one of these; null is all. */
export interface RunFilter {
  brandIds: readonly string[] | null;
  sourceId?: string | undefined;
  outcome?: RunOutcome | "running" | undefined;
  after: readonly [Date, string] | null;
  limit: number;
}

const visible = (brandIds: readonly string[] | null) =>
  brandIds === null
    ? sql`true`
    : sql`exists (select 1 from source_brand sb where sb.source_id = r.source_id and sb.brand_id = any(${[...brandIds]}::uuid[]))`;

/** Runs, the latest first, after a position. */
export async function listRuns(db: Db, filter: RunFilter): Promise<RunRow[]> {
  const { brandIds, sourceId, outcome, after, limit } = filter;
  const conditions = [
    visible(brandIds),
    ...(sourceId === undefined ? [] : [sql`r.source_id = ${sourceId}`]),
    ...(outcome === undefined
      ? []
      : [outcome === "running" ? sql`r.outcome is null` : sql`r.outcome = ${outcome}`]),
    ...(after === null ? [] : [sql`(r.started_at, r.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`]),
  ];
  const { rows } = await sql<RunRow>`
    select r.* from run r where ${sql.join(conditions, sql` and `)}
    order by r.started_at desc, r.id desc limit ${limit}`.execute(db);
  return rows;
}

/** One run, when its source serves one of these brands. */
export async function findRun(
  db: Db,
  id: string,
  brandIds: readonly string[] | null,
): Promise<RunRow | undefined> {
  const { rows } =
    await sql<RunRow>`select r.* from run r where r.id = ${id} and ${visible(brandIds)}`.execute(db);
  return rows[0];
}
