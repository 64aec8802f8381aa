import { sql } from "kysely";
import type { TextKind } from "#domain/item.ts";
import type { Db, Tx } from "./db.ts";
import type { MentionRow } from "./mention.ts";

/** The layer of a source as it is stored; `parameters` are the numbers of `Recalibration` but its version. */
export interface StoredLayer {
  sourceId: string;
  version: number;
  parameters: Record<string, number>;
}

/** The newest layers of these sources that were fitted on this model. */
export async function newestLayers(
  db: Db,
  sourceIds: readonly string[],
  modelVersion: string,
): Promise<StoredLayer[]> {
  if (sourceIds.length === 0) return [];
  const { rows } = await sql<StoredLayer>`
    select distinct on (source_id) source_id as "sourceId", version, parameters from tone_recalibration
    where source_id = any(${[...sourceIds]}::uuid[]) and model_version = ${modelVersion}
    order by source_id, version desc`.execute(db);
  return rows;
}

/** A text whose tone a person has said. */
export interface CorrectedText extends Pick<MentionRow, "kind" | "spans" | "rating5"> {
  sourceId: string;
  title: string | null;
  text: string;
  rating_value: number | null;
  rating_scale: number | null;
  kind: TextKind;
  human_tone: "positive" | "neutral" | "negative";
}

const correctedColumns = sql`m.source_id as "sourceId", m.kind, m.spans, m.rating5, m.human_tone,
  d.title, d.text, d.rating_value, d.rating_scale`;

/**
 * The newest corrected texts of a source, or of the other sources of its kind; confirmations are corrections
 * too. What is deleted or forgotten does not teach.
 */
export async function correctedTexts(
  db: Db,
  source: { id: string; kind: string },
  whose: "own" | "kind",
  limit: number,
): Promise<CorrectedText[]> {
  const of =
    whose === "own"
      ? sql`m.source_id = ${source.id}`
      : sql`m.source_id in (select id from source where kind = ${source.kind} and id <> ${source.id})`;
  const { rows } = await sql<CorrectedText>`
    select ${correctedColumns} from mention m join document d on d.id = m.document_id
    where ${of} and m.human_tone is not null and m.deleted_at is null and d.erased_at is null
    order by m.human_at desc, m.id limit ${limit}`.execute(db);
  return rows;
}

/** The newest corrected texts of all sources. */
export async function allCorrectedTexts(db: Db, limit: number): Promise<CorrectedText[]> {
  const { rows } = await sql<CorrectedText>`
    select ${correctedColumns} from mention m join document d on d.id = m.document_id
    where m.human_tone is not null and m.deleted_at is null and d.erased_at is null
    order by m.human_at desc, m.id limit ${limit}`.execute(db);
  return rows;
}

export interface SourceCorrections {
  id: string;
  kind: string;
  title: string;
  /** Corrections in all, and since the newest layer of this model. */
  ownCount: number;
  newCount: number;
}

/** Every source with corrections, those with most new ones first. */
export async function correctedSources(db: Db, modelVersion: string): Promise<SourceCorrections[]> {
  const { rows } = await sql<SourceCorrections>`
    select s.id, s.kind, s.title, count(*)::int as "ownCount",
      count(*) filter (where newest.fitted_at is null or m.human_at > newest.fitted_at)::int as "newCount"
    from mention m join source s on s.id = m.source_id
    left join lateral (
      select fitted_at from tone_recalibration r
      where r.source_id = s.id and r.model_version = ${modelVersion} order by version desc limit 1) newest on true
    where m.human_tone is not null and m.deleted_at is null
    group by s.id, s.kind, s.title order by "newCount" desc, s.id`.execute(db);
  return rows;
}

/** Writes a source's next layer and returns its version; the source's row is locked, so versions do not collide. */
export async function insertLayer(
  tx: Tx,
  layer: {
    sourceId: string;
    modelVersion: string;
    parameters: Record<string, number>;
    ownCount: number;
    kindCount: number;
    fittedAt: Date;
  },
): Promise<number> {
  await tx.selectFrom("source").select("id").where("id", "=", layer.sourceId).forUpdate().execute();
  const { rows } = await sql<{ version: number }>`
    insert into tone_recalibration (source_id, version, model_version, parameters, own_count, kind_count, fitted_at)
    select ${layer.sourceId}, coalesce(max(version), 0) + 1, ${layer.modelVersion},
      ${JSON.stringify(layer.parameters)}::jsonb, ${layer.ownCount}::int, ${layer.kindCount}::int, ${layer.fittedAt}
    from tone_recalibration where source_id = ${layer.sourceId}
    returning version`.execute(tx);
  return rows[0]?.version ?? 0;
}
