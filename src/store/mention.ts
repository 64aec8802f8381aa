import { type Selectable, sql } from "kysely";
import type { AspectWord, Tone } from "#domain/aspects.ts";
import { nextSeq } from "./change.ts";
import type { Db, Tx } from "./db.ts";
import { rowsAs } from "./rows.ts";
import type { DB } from "./tables.ts";

export type MentionRow = Selectable<DB["mention"]>;

/** A row to write: `tone` and `spam` follow from the model's and the human's values, `seq` from the log. */
export type MentionInput = Omit<MentionRow, "tone" | "spam" | "seq">;

const shape = `r(id uuid, document_id uuid, brand_id uuid, source_id uuid, source_kind text, kind text, language text,
  occurred_at timestamptz, first_seen_at timestamptz, scored_at timestamptz, rating5 real, author_id uuid, spans jsonb,
  model_tone text, score real, confidence real, uncertain boolean, basis text, conflict boolean, model_version text,
  model_spam boolean, intents text[], human_tone text, human_spam boolean, human_matched boolean, human_aspects jsonb,
  human_at timestamptz, human_by uuid, tags text[], duplicate boolean, answered boolean, acts boolean, case_id uuid,
  deleted_at timestamptz)`;
const names = [...shape.matchAll(/(\w+) (?:uuid|text(?:\[\])?|real|timestamptz|jsonb|boolean)[,)]/g)].map(
  m => m[1] as string,
);
const columns = sql.raw(names.join(", "));
const assignments = sql.raw(
  names
    .filter(name => name !== "id")
    .map(name => `${name} = r.${name}`)
    .join(", "),
);

/** Locks and returns every mention of these documents, also the deleted ones. */
export async function lockMentions(tx: Tx, documentIds: readonly string[]): Promise<MentionRow[]> {
  if (documentIds.length === 0) return [];
  return tx
    .selectFrom("mention")
    .selectAll()
    .where("document_id", "in", documentIds)
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Writes new mentions and their entries in the log, under the same numbers. */
export async function insertMentions(tx: Tx, rows: readonly MentionInput[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    with written as (
      insert into mention (${columns}, seq) select ${columns}, ${nextSeq} from ${rowsAs(rows, shape)}
      returning id, brand_id, seq)
    insert into change (seq, at, event, brand_id, subject_id)
    select seq, ${now}, 'mention.created', brand_id, id from written`.execute(tx);
}

/** Rewrites mentions whole and moves them to new numbers in the log. */
export async function updateMentions(tx: Tx, rows: readonly MentionInput[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    with written as (
      update mention m set ${assignments}, seq = ${nextSeq} from ${rowsAs(rows, shape)} where m.id = r.id
      returning m.id, m.brand_id, m.seq)
    insert into change (seq, at, event, brand_id, subject_id)
    select seq, ${now}, 'mention.updated', brand_id, id from written`.execute(tx);
}

export interface AspectInput {
  mention_id: string;
  aspect: string;
  tone: Tone;
  score: number;
  quote: string;
  start: number;
  end: number;
}

/** What the model said of aspects when it scored these mentions first. */
export async function storedAspects(
  db: Db,
  mentionIds: readonly string[],
): Promise<Map<string, AspectWord[]>> {
  if (mentionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("mention_aspect")
    .select(["mention_id", "aspect", "tone", "score"])
    .where(sql<boolean>`mention_id = any(${[...mentionIds]}::uuid[])`)
    .orderBy("start")
    .execute();
  return Map.groupBy(rows, row => row.mention_id);
}

/** Replaces the aspects of these mentions. */
export async function writeAspects(
  tx: Tx,
  replaced: readonly string[],
  rows: readonly AspectInput[],
): Promise<void> {
  if (replaced.length > 0)
    await tx.deleteFrom("mention_aspect").where("mention_id", "in", replaced).execute();
  if (rows.length === 0) return;
  await sql`
    insert into mention_aspect (mention_id, aspect, tone, score, quote, start, "end")
    select * from ${rowsAs(rows, 'r(mention_id uuid, aspect text, tone text, score real, quote text, start int, "end" int)')}
    on conflict do nothing`.execute(tx);
}

/** Marks every mention of these documents as answered and moves it to a new number in the log. */
export async function markMentionsAnswered(tx: Tx, documentIds: readonly string[]) {
  if (documentIds.length === 0) return [];
  return tx
    .updateTable("mention")
    .set({ answered: true, seq: sql<number>`seq_next()` })
    .where("document_id", "in", documentIds)
    .where("answered", "=", false)
    .returning(["id", "brand_id", "case_id", "seq"])
    .execute();
}

/** Locks one mention. */
export async function lockMention(tx: Tx, id: string): Promise<MentionRow | undefined> {
  return tx.selectFrom("mention").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

/** A row as it is written: without what Postgres derives. */
export function mentionInput({ tone: _tone, spam: _spam, seq: _seq, ...rest }: MentionRow): MentionInput {
  return rest;
}
