import { type Selectable, sql } from "kysely";
import { nextSeq } from "./change.ts";
import type { Db, Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";
import type { DB } from "./tables.ts";

export type CaseRow = Selectable<DB["case"]>;

/** What the clock keeps in a case. */
export type ClockColumns = Pick<
  CaseRow,
  | "sla_started_at"
  | "sla_target_ms"
  | "sla_always"
  | "sla_used_ms"
  | "sla_running_at"
  | "sla_next_at"
  | "due_at"
  | "breached_at"
>;

/** A case as it is born. */
export type NewCase = Pick<
  CaseRow,
  | "id"
  | "mention_id"
  | "brand_id"
  | "cluster_id"
  | "previous_case_id"
  | "status"
  | "priority"
  | "priority_factors"
  | "next_priority_at"
  | "version"
  | "created_at"
  | "updated_at"
> &
  ClockColumns;

/** Writes new cases, each with the first entry of its history and of the log; a second case for one mention is a unique violation. */
export async function insertCases(tx: Tx, rows: readonly NewCase[]): Promise<void> {
  if (rows.length === 0) return;
  const shape = `r(id uuid, mention_id uuid, brand_id uuid, cluster_id uuid, previous_case_id uuid, status text, priority smallint,
    priority_factors jsonb, next_priority_at timestamptz, sla_started_at timestamptz, due_at timestamptz, sla_target_ms double precision,
    sla_always boolean, sla_running_at timestamptz, sla_next_at timestamptz, version int,
    created_at timestamptz, updated_at timestamptz)`;
  const columns =
    sql.raw(`id, mention_id, brand_id, cluster_id, previous_case_id, status, priority, priority_factors,
    next_priority_at, sla_started_at, due_at, sla_target_ms, sla_always, sla_running_at, sla_next_at, version, created_at, updated_at`);
  await sql`
    with born as (
      insert into "case" (${columns}) select ${columns} from ${rowsAs(rows, shape)}
      returning id, brand_id, previous_case_id, version, created_at, sla_started_at, sla_target_ms),
    told as (
      insert into case_event (id, case_id, at, kind, version, data)
      select uuid_v7(), id, created_at, 'opened', version, jsonb_strip_nulls(jsonb_build_object(
        'previousCaseId', previous_case_id, 'startedAt', sla_started_at, 'targetMs', sla_target_ms))
      from born)
    insert into change (seq, at, event, brand_id, subject_id)
    select ${nextSeq}, created_at, 'case.opened', brand_id, id from born`.execute(tx);
}

/** Locks cases by id, in one order for all callers. */
export async function lockCases(tx: Tx, ids: readonly string[]): Promise<CaseRow[]> {
  if (ids.length === 0) return [];
  return tx.selectFrom("case").selectAll().where("id", "in", ids).orderBy("id").forUpdate().execute();
}

/** Locks the newest case of each of these clusters and brands, ended or not. */
export async function lockClusterCases(
  tx: Tx,
  clusterIds: readonly string[],
  brandIds: readonly string[],
): Promise<CaseRow[]> {
  if (clusterIds.length === 0) return [];
  return tx
    .selectFrom("case")
    .selectAll()
    .where("cluster_id", "in", clusterIds)
    .where("brand_id", "in", brandIds)
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** The other living case of the same story and brand, locked. */
export async function lockLivingTwin(tx: Tx, row: CaseRow): Promise<CaseRow | undefined> {
  if (row.cluster_id === null) return undefined;
  return tx
    .selectFrom("case")
    .selectAll()
    .where("cluster_id", "=", row.cluster_id)
    .where("brand_id", "=", row.brand_id)
    .where("status", "<>", "ended")
    .where("id", "<>", row.id)
    .orderBy("id")
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
}

/** A workflow step: the columns it sets; `version` is the new one. */
export type CaseStep = Partial<
  Omit<CaseRow, "id" | "mention_id" | "brand_id" | "version" | "priority" | "priority_factors" | "created_at">
> & { updated_at: Date };

/** Takes one step on a locked case and returns the row after it. */
export async function stepCase(tx: Tx, id: string, step: CaseStep): Promise<CaseRow> {
  return tx
    .updateTable("case")
    .set({ ...step, version: sql<number>`version + 1` })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export interface CaseEventInput {
  id: string;
  case_id: string;
  at: Date;
  kind: string;
  version: number;
  person_id: string | null;
  key_id: string | null;
  data: Record<string, unknown>;
}

/** Appends to the history; `data` holds ids and field names, never texts or personal names. */
export async function insertCaseEvents(tx: Tx, rows: readonly CaseEventInput[]): Promise<void> {
  if (rows.length === 0) return;
  const shape =
    "r(id uuid, case_id uuid, at timestamptz, kind text, version int, person_id uuid, key_id text, data jsonb)";
  await sql`insert into case_event (id, case_id, at, kind, version, person_id, key_id, data) select * from ${rowsAs(rows, shape)}`.execute(
    tx,
  );
}

/** Which of these cases still hold a mention that asks for an answer; a text that an erasure emptied asks for none. */
export async function casesInNeed(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom("mention")
    .innerJoin("document", "document.id", "mention.document_id")
    .select("mention.case_id")
    .distinct()
    .where("mention.case_id", "in", ids)
    .where("mention.tone", "=", "negative")
    .where("mention.spam", "=", false)
    .where("mention.answered", "=", false)
    .where("mention.deleted_at", "is", null)
    .where("document.erased_at", "is", null)
    .execute();
  return new Set(rows.map(row => row.case_id as string));
}

/**
 * When the answers to the texts of these cases were given: the first and the last by case. Keeps the first one
 * where none was known.
 */
export async function markFirstAnswers(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { firstAt: Date; lastAt: Date }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; firstAt: Date; lastAt: Date }>`
    with answers as (
      select m.case_id as id, min(d.answer_at) as first_at, max(d.answer_at) as last_at
      from mention m join document d on d.id = m.document_id
      where m.case_id = any(${[...ids]}::uuid[]) and m.answered and d.answer_at is not null group by 1),
    marked as (
      update "case" c set first_answer_at = a.first_at from answers a
      where c.id = a.id and c.first_answer_at is null returning c.id)
    select a.id, coalesce(c.first_answer_at, a.first_at) as "firstAt", a.last_at as "lastAt"
    from answers a join "case" c on c.id = a.id`.execute(tx);
  return new Map(rows.map(({ id, ...answer }) => [id, answer]));
}

/** History of a case, oldest first. */
export async function caseEvents(db: Db, caseId: string) {
  return db
    .selectFrom("case_event")
    .selectAll()
    .where("case_id", "=", caseId)
    .orderBy("at")
    .orderBy("version")
    .orderBy("id")
    .execute();
}

/** Keeps a person's note beside the case, out of its history. */
export async function insertCaseNote(tx: Tx, row: Selectable<DB["case_note"]>): Promise<void> {
  await tx.insertInto("case_note").values(row).execute();
}
