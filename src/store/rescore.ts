import { type RawBuilder, type Selectable, sql } from "kysely";
import type { TextKind } from "#domain/item.ts";
import type { Db, Tx } from "./db.ts";
import type { MentionRow } from "./mention.ts";
import { rowsAs } from "./rows.ts";
import type { DB } from "./tables.ts";
import type { TaskRow } from "./task.ts";

export type MentionScoreRow = Selectable<DB["mention_score"]>;

/** A mention to score anew, with the text that scoring reads and the version that scored it last. */
export interface MentionToRescore
  extends Pick<
    MentionRow,
    | "id"
    | "brand_id"
    | "source_id"
    | "source_kind"
    | "kind"
    | "language"
    | "occurred_at"
    | "spans"
    | "model_version"
    | "score"
    | "model_tone"
    | "human_tone"
    | "deleted_at"
  > {
  kind: TextKind;
  title: string | null;
  text: string;
  rating_value: number | null;
  rating_scale: number | null;
  erased_at: Date | null;
  /** Where the task stands after this one. */
  positionAt: Date;
}

const wanted = ({ brand_id, since, position, position_at }: Readonly<TaskRow>): RawBuilder<unknown> => sql`
  brand_id = ${brand_id} and deleted_at is null
  ${since === null ? sql`` : sql`and occurred_at >= ${since}`}
  ${position === null ? sql`` : sql`and (occurred_at, id) < (${position_at}::timestamptz, ${position}::uuid)`}`;

/**
 * The next mentions of a task from the newest to the oldest, locked by id as ingest locks them, with what they
 * are scored from. `last` is where the task stands afterwards, null at its end.
 */
export async function nextToRescore(tx: Tx, task: TaskRow, limit: number): Promise<MentionToRescore[]> {
  const { rows } = await sql<MentionToRescore>`
    with next as materialized (
      select id, occurred_at from mention where ${wanted(task)}
      order by occurred_at desc, id desc limit ${limit})
    select m.id, m.brand_id, m.source_id, m.source_kind, m.kind, m.language, m.occurred_at, m.spans, m.score,
      m.model_version, m.model_tone, m.human_tone, m.deleted_at, d.title, d.text, d.rating_value, d.rating_scale,
      d.erased_at, next.occurred_at as "positionAt"
    from next join mention m on m.id = next.id join document d on d.id = m.document_id
    order by m.id for update of m`.execute(tx);
  return rows.sort((a, b) => Number(b.positionAt) - Number(a.positionAt) || (a.id < b.id ? 1 : -1));
}

/** How many mentions a task has still to look at. */
export async function countToRescore(db: Db, task: TaskRow): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from mention where ${wanted(task)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The newest later score of each of these mentions that has one. */
export async function newestScores(
  db: Db,
  mentionIds: readonly string[],
): Promise<Map<string, MentionScoreRow>> {
  if (mentionIds.length === 0) return new Map();
  const { rows } = await sql<MentionScoreRow>`
    select distinct on (mention_id) * from mention_score
    where mention_id = any(${[...mentionIds]}::uuid[])
    order by mention_id, scored_at desc, model_version desc`.execute(db);
  return new Map(rows.map(row => [row.mention_id, row]));
}

/** Writes scores of newer models; the same version again replaces its own. */
export async function writeScores(tx: Tx, rows: readonly MentionScoreRow[]): Promise<void> {
  if (rows.length === 0) return;
  const names = `mention_id, model_version, tone, score, confidence, uncertain, conflict, intents, aspects, scored_at`;
  await sql`
    insert into mention_score (${sql.raw(names)})
    select ${sql.raw(names)} from ${rowsAs(
      rows,
      `r(mention_id uuid, model_version text, tone text, score real, confidence real, uncertain boolean,
        conflict boolean, intents text[], aspects jsonb, scored_at timestamptz)`,
    )}
    on conflict (mention_id, model_version) do update set tone = excluded.tone, score = excluded.score,
      confidence = excluded.confidence, uncertain = excluded.uncertain, conflict = excluded.conflict,
      intents = excluded.intents, aspects = excluded.aspects, scored_at = excluded.scored_at`.execute(tx);
}

/** Forgets later scores of these mentions: their text has changed, so they are about another one. */
export async function dropScores(tx: Tx, mentionIds: readonly string[]): Promise<void> {
  if (mentionIds.length === 0) return;
  await tx.deleteFrom("mention_score").where("mention_id", "in", mentionIds).execute();
}

/** By how much the newest scores move the counts of one place; `n` is +1 or −1. */
export interface DifferenceChange {
  brandId: string;
  occurredAt: Date;
  sourceId: string;
  sourceKind: string;
  kind: TextKind;
  language: string;
  positive: number;
  neutral: number;
  negative: number;
  scoreSum: number;
}

const figures = ["positive", "neutral", "negative", "score_sum"];
const places = sql.raw(`"brandId", start, "sourceId", "sourceKind", kind, language`);

/** Moves the differences in the transaction that moves the scores or the mentions; sums of nothing leave no row. */
export async function moveDifferences(tx: Tx, changes: readonly DifferenceChange[]): Promise<void> {
  const moving = changes.filter(one => one.positive || one.neutral || one.negative || one.scoreSum);
  if (moving.length === 0) return;
  const added = figures.map(name => `${name} = c.${name} + excluded.${name}`).join(", ");
  await sql`
    with r as (
      select r.*, date_bin('15 minutes', r."occurredAt", 'epoch'::timestamptz) as start
      from ${rowsAs(
        moving,
        `r("brandId" uuid, "occurredAt" timestamptz, "sourceId" uuid, "sourceKind" text, kind text, language text,
          positive int, neutral int, negative int, "scoreSum" float8)`,
      )})
    insert into rescore_quarter as c
      (brand_id, start, source_id, source_kind, kind, language, ${sql.raw(figures.join(", "))})
    select ${places}, sum(positive), sum(neutral), sum(negative), sum("scoreSum") from r
    group by ${places} order by ${places}
    on conflict (brand_id, start, source_id, kind, language) do update set ${sql.raw(added)}`.execute(tx);
}
