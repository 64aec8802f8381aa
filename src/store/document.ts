import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { AnswerState } from "#domain/item.ts";
import type { Db, Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";
import type { DB, StoredAnswer } from "./tables.ts";

export type DocumentRow = Selectable<DB["document"]>;

/** What is known of a document before a page is stored. */
export type KnownDocument = Pick<
  DocumentRow,
  | "id"
  | "external_id"
  | "source_id"
  | "version"
  | "title"
  | "text"
  | "rating_value"
  | "content_hash"
  | "fact_hash"
  | "author_id"
  | "published_at"
  | "occurred_at"
  | "date_basis"
  | "first_seen_at"
  | "cluster_id"
  | "answer"
  | "answer_state"
  | "answer_at"
  | "answer_basis"
  | "erased_at"
  | "official"
  | "owned"
  | "thread_id"
  | "language"
  | "repost_keys"
>;

const knownColumns = [
  "id",
  "external_id",
  "source_id",
  "version",
  "title",
  "text",
  "rating_value",
  "content_hash",
  "fact_hash",
  "author_id",
  "published_at",
  "occurred_at",
  "date_basis",
  "first_seen_at",
  "cluster_id",
  "answer",
  "answer_state",
  "answer_at",
  "answer_basis",
  "erased_at",
  "official",
  "owned",
  "thread_id",
  "language",
  "repost_keys",
] as const;

export interface Identity {
  sourceKind: string;
  site: string;
}

/** Locks and returns the documents of these external ids, in one order for all callers. */
export async function lockDocuments(tx: Tx, { sourceKind, site }: Identity, externalIds: readonly string[]) {
  return tx
    .selectFrom("document")
    .select(knownColumns)
    .where("source_kind", "=", sourceKind)
    .where("site", "=", site)
    .where(sql<boolean>`external_id = any(${[...externalIds]}::text[])`)
    .orderBy("external_id")
    .forUpdate()
    .execute();
}

/** Locks and returns the unerased documents of some threads: those that a later official post may answer. */
export async function lockThreads(tx: Tx, { sourceKind, site }: Identity, threadIds: readonly string[]) {
  if (threadIds.length === 0) return [];
  return tx
    .selectFrom("document")
    .select(knownColumns)
    .where("source_kind", "=", sourceKind)
    .where("site", "=", site)
    .where("thread_id", "in", threadIds)
    .where("erased_at", "is", null)
    .orderBy("external_id")
    .forUpdate()
    .execute();
}

/** A row to write; `answer`, `engagement`, `observation` are plain objects. */
export type DocumentInput = DocumentRow;

const shape = `r(id uuid, source_kind text, site text, external_id text, source_id uuid, kind text, url text, title text,
  text text, product text, language text, rating_value real, rating_scale real, author_id uuid, published_at timestamptz,
  edited_at timestamptz, first_seen_at timestamptz, last_seen_at timestamptz, occurred_at timestamptz, date_basis text,
  thread_id text, thread_title text, parent_external_id text, engagement jsonb, owned boolean, official text, version int,
  content_hash text, fact_hash text, repost_keys int[], cluster_id uuid, answer jsonb, answer_state text,
  answer_at timestamptz, answer_basis text, observation jsonb, erased_at timestamptz)`;
const columns = sql.raw(
  [...shape.matchAll(/(\w+) (?:uuid|text|real|timestamptz|jsonb|boolean|int(?:\[\])?)[,)]/g)]
    .map(m => m[1])
    .join(", "),
);

/** Writes new documents; a document that somebody else wrote meanwhile is a unique violation, to be run again. */
export async function insertDocuments(tx: Tx, rows: readonly DocumentInput[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into document (${columns}) select ${columns} from ${rowsAs(rows, shape)}`.execute(tx);
}

/** Rewrites changed documents whole; identity and first sight stay. */
export async function updateDocuments(tx: Tx, rows: readonly DocumentInput[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update document d set url = r.url, title = r.title, text = r.text, product = r.product, language = r.language,
      rating_value = r.rating_value, rating_scale = r.rating_scale, author_id = r.author_id,
      published_at = r.published_at, edited_at = r.edited_at, last_seen_at = r.last_seen_at,
      occurred_at = r.occurred_at, date_basis = r.date_basis, thread_id = r.thread_id, thread_title = r.thread_title,
      parent_external_id = r.parent_external_id, engagement = r.engagement, owned = r.owned, official = r.official,
      version = r.version, content_hash = r.content_hash, fact_hash = r.fact_hash, repost_keys = r.repost_keys,
      cluster_id = r.cluster_id, answer = r.answer, answer_state = r.answer_state, answer_at = r.answer_at,
      answer_basis = r.answer_basis, observation = r.observation
    from ${rowsAs(rows, shape)} where d.id = r.id`.execute(tx);
}

/** Keeps the texts that an edit replaced. */
export async function insertVersions(
  tx: Tx,
  rows: readonly {
    document_id: string;
    version: number;
    title: string | null;
    text: string;
    rating_value: number | null;
    replaced_at: Date;
  }[],
): Promise<void> {
  if (rows.length > 0) await tx.insertInto("document_version").values(rows).execute();
}

/** Texts that may be near-identical to a new one: at most `limit` of the newest that share a band. */
export async function findBandMates(
  tx: Tx,
  wanted: readonly { n: number; bands: number[] }[],
  limit: number,
): Promise<
  {
    n: number;
    id: string;
    text: string;
    authorId: string | null;
    site: string;
    sourceKind: string;
    clusterId: string | null;
  }[]
> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<{
    n: number;
    id: string;
    text: string;
    authorId: string | null;
    site: string;
    sourceKind: string;
    clusterId: string | null;
  }>`
    select w.n, m.id, m.text, m.author_id as "authorId", m.site, m.source_kind as "sourceKind", m.cluster_id as "clusterId"
    from ${rowsAs(wanted, "w(n int, bands int[])")}
    cross join lateral (
      select d.id, d.text, d.author_id, d.site, d.source_kind, d.cluster_id from document d
      where d.repost_keys && w.bands and d.erased_at is null limit ${limit}) m
    order by w.n, m.id`.execute(tx);
  return rows;
}

/** Which of these documents repeat a text that was stored before. */
export async function findRepeats(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select d.id from document d where d.id = any(${[...ids]}::uuid[]) and d.cluster_id is not null
      and exists (select 1 from document o where o.cluster_id = d.cluster_id and o.id < d.id)`.execute(db);
  return new Set(rows.map(row => row.id));
}

/** Makes the clusters' rows and gives them the documents that are stored already, with their cases; those in `unborn` follow by themselves. */
export async function joinClusters(
  tx: Tx,
  rows: readonly { clusterId: string; documentId: string }[],
  unborn: ReadonlySet<string>,
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const ids = [...new Set(rows.map(row => row.clusterId))];
  await tx
    .insertInto("cluster")
    .values(ids.map(id => ({ id, created_at: now })))
    .onConflict(oc => oc.doNothing())
    .execute();
  const stored = rows.filter(row => !unborn.has(row.documentId));
  const joined = rowsAs(stored, 'r("clusterId" uuid, "documentId" uuid)');
  await sql`
    update document d set cluster_id = r."clusterId" from ${joined}
    where d.id = r."documentId" and d.cluster_id is null`.execute(tx);
  await sql`
    update "case" c set cluster_id = r."clusterId" from ${joined}, mention m
    where m.document_id = r."documentId" and c.id = m.case_id and c.cluster_id is null`.execute(tx);
}

/** Texts of a document that edits replaced, oldest first. */
export async function documentVersions(db: Db, documentId: string) {
  return db
    .selectFrom("document_version")
    .selectAll()
    .where("document_id", "=", documentId)
    .orderBy("version")
    .execute();
}

export interface SeenAnswer {
  id: string;
  answer: StoredAnswer;
  answer_state: AnswerState;
  answer_at: Date;
  answer_basis: "platform" | "ours" | "seen";
}

/** Writes answers that were found outside the documents' own items: later in a thread, or told by a person. */
export async function setAnswers(tx: Tx, rows: readonly SeenAnswer[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update document d set answer = r.answer, answer_state = r.answer_state, answer_at = r.answer_at, answer_basis = r.answer_basis
    from ${rowsAs(rows, "r(id uuid, answer jsonb, answer_state text, answer_at timestamptz, answer_basis text)")}
    where d.id = r.id`.execute(tx);
}
