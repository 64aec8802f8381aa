import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";
import type { DocumentRow } from "./document.ts";
import type { MentionRow } from "./mention.ts";

/** A mention with its document's fields and its author's, as lists and pages show it. */
export interface MentionView
  extends Omit<MentionRow, "scored_at" | "rating5" | "author_id" | "model_spam" | "acts">,
    Pick<
      DocumentRow,
      | "external_id"
      | "url"
      | "title"
      | "text"
      | "product"
      | "rating_value"
      | "rating_scale"
      | "published_at"
      | "edited_at"
      | "date_basis"
      | "thread_id"
      | "thread_title"
      | "parent_external_id"
      | "engagement"
      | "version"
      | "cluster_id"
      | "answer"
      | "answer_state"
      | "answer_at"
      | "answer_basis"
      | "erased_at"
    > {
  author_external_id: string | null;
  author_name: string | null;
  author_url: string | null;
  author_reach: number | null;
  aspects: { aspect: string; tone: string; score: number; quote: string; start: number; end: number }[];
}

/** An absent filter lets everything through; times are of `occurred_at`, from inclusive, to exclusive. */
export interface MentionFilters {
  /** null is all brands. */
  brandIds: readonly string[] | null;
  sourceId?: readonly string[] | undefined;
  sourceKind?: readonly string[] | undefined;
  kind?: readonly string[] | undefined;
  tone?: readonly string[] | undefined;
  language?: readonly string[] | undefined;
  aspect?: readonly string[] | undefined;
  /** The author's id at the source, or his name, letter case aside. */
  author?: string | undefined;
  /** Stars of five. */
  ratingLte?: number | undefined;
  answered?: boolean | undefined;
  duplicate?: boolean | undefined;
  spam?: boolean | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Words as people type them into a search box. */
  q?: string | undefined;
}

/** Columns of a view, of `mentionJoins` and a mention `m`. */
export const mentionColumns = sql.raw(`
  m.id, m.document_id, m.brand_id, m.source_id, m.source_kind, m.kind, m.language, m.occurred_at, m.first_seen_at,
  m.spans, m.model_tone, m.score, m.confidence, m.uncertain, m.basis, m.conflict, m.model_version, m.intents,
  m.human_tone, m.human_spam, m.human_matched, m.human_aspects, m.human_at, m.human_by, m.tone, m.spam, m.tags,
  m.duplicate, m.answered, m.case_id, m.seq, m.deleted_at,
  d.external_id, d.url, d.title, d.text, d.product, d.rating_value, d.rating_scale, d.published_at, d.edited_at,
  d.date_basis, d.thread_id, d.thread_title, d.parent_external_id, d.engagement, d.version, d.cluster_id, d.answer,
  d.answer_state, d.answer_at, d.answer_basis, d.erased_at,
  a.external_id as author_external_id, a.name as author_name, a.url as author_url, a.reach as author_reach,
  coalesce((select json_agg(one) from (select x.aspect, x.tone, x.score, x.quote, x.start, x."end"
    from mention_aspect x where x.mention_id = m.id order by x.start) one), '[]') as aspects`);
export const mentionJoins = sql.raw(
  "join document d on d.id = m.document_id left join author a on a.id = d.author_id",
);

/** A condition on a column, unless nothing is asked of it. */
export const anyOf = (column: string, type: string, values: readonly string[] | null | undefined) =>
  values === undefined || values === null
    ? []
    : [sql`${sql.raw(column)} = any(${[...values]}::${sql.raw(type)}[])`];

const is = (column: string, value: boolean | undefined) =>
  value === undefined ? [] : [sql`${sql.raw(column)} = ${value}`];

const words = (q: string) => sql`websearch_to_tsquery('pg_catalog.russian', translate(${q}, 'ёЁ', 'еЕ'))`;
/** Whether a document `d` holds the words. */
export const finds = (q: string) => sql`search_vector(d.title, d.text) @@ ${words(q)}`;

/** Whether an index serves a search; none does that only excludes words (`T`). */
export async function isIndexed(db: Db, q: string): Promise<boolean> {
  const { rows } = await sql<{ tree: string }>`select querytree(${words(q)}) as tree`.execute(db);
  return rows[0]?.tree !== "T";
}

/**
 * What a search with an index asks of a mention. The documents are looked up by their words first, as an array,
 * because the planner knows nothing of words and would read them all in the order of time.
 */
export const lookedUp = (q: string) =>
  sql`m.document_id = any(array(select id from document d where ${finds(q)}))`;

/** What a search asks of a mention, by an index where one serves it. */
export const searched = async (db: Db, q: string): Promise<RawBuilder<unknown>> =>
  (await isIndexed(db, q)) ? lookedUp(q) : finds(q);

/** What the filters ask of a mention `m` and its document `d`, brands and words apart. */
export function conditions(
  filters: MentionFilters,
  authorIds: readonly string[] | undefined,
): RawBuilder<unknown>[] {
  const { ratingLte, from, to } = filters;
  return [
    ...anyOf("m.source_id", "uuid", filters.sourceId),
    ...anyOf("m.source_kind", "text", filters.sourceKind),
    ...anyOf("m.kind", "text", filters.kind),
    ...anyOf("m.tone", "text", filters.tone),
    ...anyOf("m.language", "text", filters.language),
    ...(filters.aspect === undefined
      ? []
      : [
          sql`exists (select 1 from mention_aspect x where x.mention_id = m.id and x.aspect = any(${[...filters.aspect]}::text[]))`,
        ]),
    ...anyOf("d.author_id", "uuid", authorIds),
    ...(ratingLte === undefined ? [] : [sql`m.rating5 <= ${ratingLte}`]),
    ...is("m.answered", filters.answered),
    ...is("m.duplicate", filters.duplicate),
    ...is("m.spam", filters.spam),
    ...(from === undefined ? [] : [sql`m.occurred_at >= ${from}`]),
    ...(to === undefined ? [] : [sql`m.occurred_at < ${to}`]),
  ];
}

/** How lists are sorted. */
export const orders = {
  occurredAt: sql.raw("m.occurred_at desc, m.id desc"),
  seq: sql.raw("m.seq desc"),
} as const;

/** Authors of this id or name, on whatever site; those without an id are known by `name:…`. */
export async function authorsCalled(db: Db, author: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from author where external_id in (${author}, ${`name:${author}`}) or lower(name) = lower(${author})`.execute(
    db,
  );
  return rows.map(row => row.id);
}

/** Mentions by id, also deleted ones, in no order. */
export async function viewMentions(db: Db, ids: readonly string[]): Promise<Map<string, MentionView>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<MentionView>`
    select ${mentionColumns} from mention m ${mentionJoins} where m.id = any(${[...ids]}::uuid[])`.execute(
    db,
  );
  return new Map(rows.map(row => [row.id, row]));
}

/**
 * Mentions whose last change has a number above `after`, in the order of those numbers, deleted and erased ones
 * too. It stops below the oldest transaction that still runs, so no lower number can appear later.
 */
export async function changedMentions(
  db: Db,
  { brandIds, after, limit }: { brandIds: readonly string[] | null; after: number; limit: number },
): Promise<MentionView[]> {
  const where = sql.join(
    [sql`m.seq > ${after}::bigint`, sql`m.seq < seq_visible()`, ...anyOf("m.brand_id", "uuid", brandIds)],
    sql` and `,
  );
  const { rows } = await sql<MentionView>`
    with page as (select m.* from mention m where ${where} order by m.seq limit ${limit})
    select ${mentionColumns} from page m ${mentionJoins} order by m.seq`.execute(db);
  return rows;
}

/** Other mentions of the same brand whose text is near-identical, newest first. */
export async function clusterMates(db: Db, mention: MentionView, limit: number) {
  if (mention.cluster_id === null) return [];
  return db
    .selectFrom("mention")
    .innerJoin("document", "document.id", "mention.document_id")
    .select([
      "mention.id",
      "mention.source_id",
      "mention.source_kind",
      "mention.case_id",
      "mention.answered",
      "document.url",
      "document.occurred_at",
    ])
    .where("document.cluster_id", "=", mention.cluster_id)
    .where("mention.brand_id", "=", mention.brand_id)
    .where("mention.id", "<>", mention.id)
    .where("mention.deleted_at", "is", null)
    .where("document.erased_at", "is", null)
    .orderBy("document.occurred_at", "desc")
    .orderBy("mention.id", "desc")
    .limit(limit)
    .execute();
}
