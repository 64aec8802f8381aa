import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { SourceRow } from "./source.ts";
import type { Health, RunOutcome, RunTrigger } from "./tables.ts";

/** A source as people see it: with its brands and its last run, without its secrets. */
export interface SourceView
  extends Omit<SourceRow, "credentials" | "cursor" | "lease" | "claimed_until" | "hosts"> {
  hasCredentials: boolean;
  brandIds: string[];
  lastRun: {
    id: string;
    trigger: RunTrigger;
    outcome: RunOutcome | null;
    startedAt: string;
    endedAt: string | null;
    error: string | null;
  } | null;
}

/** `brandIds`: sources that serve at least one of these; null is all. */
export interface SourceFilter {
  brandIds: readonly string[] | null;
  kind?: string | undefined;
  health?: Health | undefined;
  archived: boolean;
  after: readonly [Date, string] | null;
  limit: number;
}

const columns = sql`
  s.id, s.kind, s.title, s.settings, s.schedule, s.enabled, s.act_from, s.next_run_at, s.failure_count, s.health,
  s.last_ok_at, s.stale_since, s.created_at, s.updated_at, s.archived_at,
  s.credentials is not null as "hasCredentials",
  (select coalesce(json_agg(sb.brand_id order by sb.brand_id), '[]') from source_brand sb where sb.source_id = s.id) as "brandIds",
  (select json_build_object('id', r.id, 'trigger', r.trigger, 'outcome', r.outcome, 'startedAt', r.started_at,
     'endedAt', r.ended_at, 'error', r.error)
   from run r where r.source_id = s.id order by r.started_at desc, r.id desc limit 1) as "lastRun"`;

const serves = (brandIds: readonly string[]) =>
  sql`exists (select 1 from source_brand sb where sb.source_id = s.id and sb.brand_id = any(${[...brandIds]}::uuid[]))`;

/** Sources by the time they were made, after a position. */
export async function listSources(db: Db, filter: SourceFilter): Promise<SourceView[]> {
  const { brandIds, kind, health, archived, after, limit } = filter;
  const conditions = [
    archived ? sql`s.archived_at is not null` : sql`s.archived_at is null`,
    ...(brandIds === null ? [] : [serves(brandIds)]),
    ...(kind === undefined ? [] : [sql`s.kind = ${kind}`]),
    ...(health === undefined ? [] : [sql`s.health = ${health}`]),
    ...(after === null ? [] : [sql`(s.created_at, s.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`]),
  ];
  const { rows } = await sql<SourceView>`
    select ${columns} from source s where ${sql.join(conditions, sql` and `)}
    order by s.created_at, s.id limit ${limit}`.execute(db);
  return rows;
}

/** One source, archived or not, when it serves one of these brands. */
export async function findSourceView(
  db: Db,
  id: string,
  brandIds: readonly string[] | null,
): Promise<SourceView | undefined> {
  const scope = brandIds === null ? sql`true` : serves(brandIds);
  const { rows } = await sql<SourceView>`
    select ${columns} from source s where s.id = ${id} and ${scope}`.execute(db);
  return rows[0];
}
