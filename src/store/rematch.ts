import { sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { DocumentRow } from "./document.ts";

/** A stored text with what a query and the scorer read of it. */
export interface StoredText
  extends Pick<
    DocumentRow,
    | "id"
    | "source_id"
    | "source_kind"
    | "kind"
    | "title"
    | "text"
    | "url"
    | "rating_value"
    | "rating_scale"
    | "author_id"
    | "occurred_at"
    | "official"
    | "owned"
    | "answer_state"
    | "version"
  > {
  /** The same text stood somewhere before. */
  duplicate: boolean;
  authorName: string | null;
  sourceTitle: string;
  sourceMatch: string | null;
  actFrom: Date;
}

const textColumns = sql`d.id, d.source_id, d.source_kind, d.kind, d.title, d.text, d.url, d.rating_value, d.rating_scale,
  d.author_id, d.occurred_at, d.official, d.owned, d.answer_state, d.version,
  d.cluster_id is not null and exists (select 1 from document o where o.cluster_id = d.cluster_id and o.id < d.id) as duplicate,
  a.name as "authorName",
  s.title as "sourceTitle", s.settings ->> 'match' as "sourceMatch", s.act_from as "actFrom"`;

const textsOf = (brandId: string) => sql`document d
  join source s on s.id = d.source_id
  join source_brand sb on sb.source_id = d.source_id and sb.brand_id = ${brandId}
  left join author a on a.id = d.author_id`;

/** The next stored texts of a brand's sources after a position, by id, locked. */
export async function nextTexts(
  tx: Tx,
  brandId: string,
  after: string | null,
  limit: number,
): Promise<StoredText[]> {
  const { rows } = await sql<StoredText>`
    select ${textColumns} from ${textsOf(brandId)}
    where d.erased_at is null ${after === null ? sql`` : sql`and d.id > ${after}::uuid`}
    order by d.id limit ${limit} for update of d`.execute(tx);
  return rows;
}

/** Which of these texts of a site were never judged for a brand, as its own source shows them: another one's may have brought them. */
export async function unjudgedTexts(
  tx: Tx,
  { brandId, sourceId }: { brandId: string; sourceId: string },
  { sourceKind, site }: { sourceKind: string; site: string },
  externalIds: readonly string[],
): Promise<StoredText[]> {
  const { rows } = await sql<StoredText>`
    select ${textColumns}, s.id as source_id from document d join source s on s.id = ${sourceId}
    left join author a on a.id = d.author_id
    where d.source_kind = ${sourceKind} and d.site = ${site} and d.external_id = any(${[...externalIds]}::text[])
      and d.erased_at is null
      and not exists (select 1 from mention m where m.document_id = d.id and m.brand_id = ${brandId})
    order by d.id`.execute(tx);
  return rows;
}

/** A stored text with what is known of it as a mention: whether it is one now, and what a person said. */
export type JudgedText = StoredText & { isMention: boolean; human: boolean | null };

/** The newest stored texts of a brand's sources. */
export async function newestTexts(db: Db, brandId: string, limit: number): Promise<JudgedText[]> {
  const { rows } = await sql<JudgedText>`
    select ${textColumns}, m.id is not null and m.deleted_at is null as "isMention", m.human_matched as human
    from ${textsOf(brandId)} left join mention m on m.document_id = d.id and m.brand_id = ${brandId}
    where d.erased_at is null order by d.id desc limit ${limit}`.execute(db);
  return rows;
}
