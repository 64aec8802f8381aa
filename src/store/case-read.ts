import { type RawBuilder, sql } from "kysely";
import type { CaseRow } from "./case.ts";
import type { DeskBrand } from "./case-clock.ts";
import type { Db } from "./db.ts";
import { type MentionView, mentionColumns, mentionJoins } from "./mention-read.ts";
import type { CaseStatus } from "./tables.ts";

/** An absent filter lets everything through; without `status` ended cases are left out. */
export interface CaseFilters {
  /** null is all brands. */
  brandIds: readonly string[] | null;
  status?: readonly CaseStatus[] | undefined;
  sourceKind?: readonly string[] | undefined;
  /** Who holds or is given the case. */
  assignee?: string | undefined;
  overdue?: boolean | undefined;
  minPriority?: number | undefined;
  /** A tag of the case or of its mention. */
  tag?: string | undefined;
  rootCause?: string | undefined;
  departmentId?: string | undefined;
  /** Whom a note of the case calls. */
  mentioned?: string | undefined;
  escalated?: boolean | undefined;
  unassigned?: boolean | undefined;
}

/** Priority, due time and id of the last case shown. */
export type CasePosition = readonly [number, Date, string];

function conditions(filters: CaseFilters, now: Date): RawBuilder<unknown>[] {
  const { brandIds, status, sourceKind, assignee, overdue, minPriority } = filters;
  const missed = sql`coalesce(c.breached_at >= c.sla_started_at, false)`;
  const late = sql`(c.status <> 'ended' and (${missed} or (c.sla_running_at is not null and c.due_at < ${now})))`;
  return [
    status === undefined ? sql`c.status <> 'ended'` : sql`c.status = any(${[...status]}::text[])`,
    ...(brandIds === null ? [] : [sql`c.brand_id = any(${[...brandIds]}::uuid[])`]),
    ...(sourceKind === undefined ? [] : [sql`m.source_kind = any(${[...sourceKind]}::text[])`]),
    ...(assignee === undefined
      ? []
      : [
          sql`(c.assignee_id = ${assignee}::uuid or (c.status = 'claimed' and c.claimed_by = ${assignee}::uuid))`,
        ]),
    ...(overdue === undefined ? [] : [overdue ? late : sql`not ${late}`]),
    ...(minPriority === undefined ? [] : [sql`c.priority >= ${minPriority}`]),
    ...markConditions(filters),
  ];
}

/** What people put on a case. */
function markConditions(filters: CaseFilters): RawBuilder<unknown>[] {
  const { tag, rootCause, departmentId, mentioned, escalated, unassigned } = filters;
  const called = sql`exists (
    select 1 from case_note n where n.case_id = c.id and n.mentioned <> '{}' and n.mentioned @> array[${mentioned}::uuid])`;
  return [
    ...(tag === undefined ? [] : [sql`(${tag} = any(c.tags) or ${tag} = any(m.tags))`]),
    ...(rootCause === undefined ? [] : [sql`${rootCause} = any(c.root_causes)`]),
    ...(departmentId === undefined ? [] : [sql`c.department_id = ${departmentId}::uuid`]),
    ...(mentioned === undefined ? [] : [called]),
    ...(escalated === undefined ? [] : [sql`(c.escalated_at is not null) = ${escalated}`]),
    ...(unassigned === undefined ? [] : [sql`(c.assignee_id is null) = ${unassigned}`]),
  ];
}

/** One page of cases: the most urgent first, then what is due first. */
export async function listCases(
  db: Db,
  filters: CaseFilters,
  { after, limit, now }: { after: CasePosition | null; limit: number; now: Date },
): Promise<CaseRow[]> {
  const beyond =
    after === null
      ? []
      : [
          sql`c.priority <= ${after[0]}::smallint`,
          sql`(c.priority < ${after[0]}::smallint or (c.due_at, c.id) > (${after[1]}::timestamptz, ${after[2]}::uuid))`,
        ];
  const where = sql.join([...conditions(filters, now), ...beyond], sql` and `);
  const { rows } = await sql<CaseRow>`
    select c.* from "case" c join mention m on m.id = c.mention_id
    where ${where} order by c.priority desc, c.due_at, c.id limit ${limit}`.execute(db);
  return rows;
}

/** One case. */
export async function findCase(db: Db, id: string): Promise<CaseRow | undefined> {
  return db.selectFrom("case").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Where the texts of a case stand, oldest first, each with its own answer. */
export async function casePlaces(db: Db, caseId: string) {
  return db
    .selectFrom("mention")
    .innerJoin("document", "document.id", "mention.document_id")
    .select([
      "mention.id",
      "mention.document_id",
      "mention.source_id",
      "mention.source_kind",
      "mention.tone",
      "mention.spam",
      "mention.answered",
      "mention.occurred_at",
      "mention.deleted_at",
      "document.url",
      "document.answer_state",
      "document.answer_at",
      "document.erased_at",
    ])
    .where("mention.case_id", "=", caseId)
    .orderBy("mention.occurred_at")
    .orderBy("mention.id")
    .execute();
}

/** Notes of a case, oldest first. */
export async function caseNotes(db: Db, caseId: string) {
  return db
    .selectFrom("case_note")
    .selectAll()
    .where("case_id", "=", caseId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** Cases of other brands that wait for an answer to the same text. */
export async function otherCases(db: Db, row: CaseRow, brandIds: readonly string[] | null) {
  const others = db
    .selectFrom("mention as mine")
    .innerJoin("mention as other", "other.document_id", "mine.document_id")
    .innerJoin("case", "case.id", "other.case_id")
    .select(["case.id", "case.brand_id", "case.status", "case.outcome"])
    .where("mine.id", "=", row.mention_id)
    .where("case.id", "<>", row.id)
    .orderBy("case.id");
  return (brandIds === null ? others : others.where("case.brand_id", "in", [...brandIds])).execute();
}

export interface ThreadText {
  id: string;
  external_id: string;
  parent_external_id: string | null;
  title: string | null;
  text: string;
  url: string | null;
  author_name: string | null;
  official: boolean;
  occurred_at: Date;
}

/** Texts of a document's thread nearest to it, `each` before it and as many after it, oldest first. */
export async function threadAround(db: Db, documentId: string, each: number): Promise<ThreadText[]> {
  const { rows } = await sql<ThreadText>`
    with mine as (select id, source_kind, site, thread_id, occurred_at from document where id = ${documentId} and thread_id is not null),
    mates as (
      select d.*, (d.occurred_at, d.id) < (mine.occurred_at, mine.id) as earlier
      from mine join document d using (source_kind, site, thread_id)
      where d.id <> mine.id and d.erased_at is null),
    near as (
      (select * from mates where earlier order by occurred_at desc, id desc limit ${each}) union all
      (select * from mates where not earlier order by occurred_at, id limit ${each}))
    select n.id, n.external_id, n.parent_external_id, n.title, n.text, n.url, a.name as author_name,
      n.official is not null as official, n.occurred_at
    from near n left join author a on a.id = n.author_id order by n.occurred_at, n.id`.execute(db);
  return rows;
}

/** The text of a case, and what its brand's calendar follows from. */
export type CaseText = MentionView & Pick<DeskBrand, "business_hours" | "timezone" | "sla">;

type InstantOf<T> = { [K in keyof T]-?: NonNullable<T[K]> extends Date ? K : never }[keyof T];

/** All of a text's columns that are instants, which JSON tells as text. */
const instants: Record<InstantOf<CaseText>, true> = {
  occurred_at: true,
  first_seen_at: true,
  human_at: true,
  deleted_at: true,
  published_at: true,
  edited_at: true,
  answer_at: true,
  erased_at: true,
};

/**
 * The text of a mention as one JSON column: it comes with the statement that takes its case, and costs less to
 * read than fifty columns.
 */
export const textColumn = (mentionId: string) => sql`(
  select to_json(shown) from (
    select ${mentionColumns}, b.business_hours, b.timezone, b.sla
    from mention m ${mentionJoins} join brand b on b.id = m.brand_id where m.id = ${sql.raw(mentionId)}) shown) as text`;

/** Reads what `textColumn` gave. */
export function readText(json: Record<keyof CaseText, unknown>): CaseText {
  const text = { ...json };
  for (const key of Object.keys(instants) as (keyof typeof instants)[])
    if (typeof json[key] === "string") text[key] = new Date(json[key]);
  return text as CaseText;
}

/** The texts of cases by the mentions' ids. */
export async function caseTexts(db: Db, mentionIds: readonly string[]): Promise<Map<string, CaseText>> {
  if (mentionIds.length === 0) return new Map();
  const { rows } = await sql<{ text: CaseText }>`
    select ${textColumn("wanted.id")} from unnest(${[...mentionIds]}::uuid[]) wanted(id)`.execute(db);
  return new Map(rows.map(row => [row.text.id, readText(row.text)]));
}
