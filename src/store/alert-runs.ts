import { sql } from "kysely";
import type { EndedRun } from "#domain/alerts/run-health.ts";
import type { Db } from "./db.ts";

/** A source of a brand with its runs of a stretch, oldest first. */
export interface SourceRuns {
  sourceId: string;
  kind: string;
  createdAt: Date;
  /** The last good run before the stretch. */
  lastOkAt: Date | null;
  runs: EndedRun[];
}

/** Runs of the sources that serve a brand, as they ended; sources that nobody plans are left out. */
export async function pastRuns(
  db: Db,
  { brandId, from, to }: { brandId: string; from: Date; to: Date },
): Promise<SourceRuns[]> {
  const { rows } = await sql<Omit<SourceRuns, "runs"> & { runs: (Omit<EndedRun, "at"> & { at: string })[] }>`
    select s.id as "sourceId", s.kind, s.created_at as "createdAt",
      (select max(r.ended_at) from run r where r.source_id = s.id and r.started_at < ${from} and r.error_code is null) as "lastOkAt",
      coalesce((select json_agg(json_build_object('at', r.ended_at, 'outcome', r.outcome, 'errorCode', r.error_code,
          'error', r.error) order by r.ended_at)
        from run r where r.source_id = s.id and r.started_at >= ${from} and r.ended_at < ${to}), '[]') as runs
    from source_brand sb join source s on s.id = sb.source_id
    where sb.brand_id = ${brandId} and s.enabled and s.archived_at is null and s.next_run_at is not null`.execute(
    db,
  );
  return rows.map(({ runs, ...source }) => ({
    ...source,
    runs: runs.map(({ at, ...run }) => ({ ...run, at: new Date(at) })),
  }));
}
