import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";
import type { MentionRow } from "./mention.ts";
import {
  anyOf,
  authorsCalled,
  conditions,
  finds,
  isIndexed,
  lookedUp,
  type MentionFilters,
  type MentionView,
  mentionColumns,
  mentionJoins,
  orders,
} from "./mention-read.ts";

/** Newest first by the time of the text, or by the last change of the mention. */
export type MentionOrder =
  | { by: "occurredAt"; after: readonly [Date, string] | null }
  | { by: "seq"; after: number | null };

/** Where in a list a page begins: after this mention. */
type MentionPosition = readonly [Date, string] | readonly [number];

const positionOf = (order: MentionOrder, row: Pick<MentionRow, "occurred_at" | "id" | "seq">) =>
  order.by === "seq" ? ([row.seq] as const) : ([row.occurred_at, row.id] as const);

function position(order: MentionOrder): RawBuilder<unknown>[] {
  if (order.after === null) return [];
  if (order.by === "seq") return [sql`m.seq < ${order.after}::bigint`];
  return [sql`(m.occurred_at, m.id) < (${order.after[0]}::timestamptz, ${order.after[1]}::uuid)`];
}

/** A mention at this place or before it in the list. */
const notAfter = (place: MentionPosition) =>
  place.length === 1
    ? sql`m.seq >= ${place[0]}::bigint`
    : sql`(m.occurred_at, m.id) >= (${place[0]}::timestamptz, ${place[1]}::uuid)`;

/**
 * How many of the newest a search reads: first `near`, from which a frequent word fills a page while to look up all
 * that hold it would take long; then `far` where no index serves it, because each text has to be split into words.
 */
const walkedForWords = { near: 500, far: 2_000 };

interface MentionList {
  rows: MentionView[];
  /** Where a search that no index serves stopped before it had found enough: the list goes on from there. */
  stoppedAt: MentionPosition | null;
}

type Rows = (most: number, more?: readonly RawBuilder<unknown>[]) => RawBuilder<unknown>;

/** Living mentions that pass the filters and `more`, in their order: from any plan, and from one of each brand. */
function queries(
  filters: MentionFilters,
  authorIds: readonly string[] | undefined,
  order: MentionOrder,
): { ofAll: Rows; newest: Rows } {
  const { brandIds } = filters;
  const living = [sql`m.deleted_at is null`, sql`d.erased_at is null`];
  const filtered = conditions(filters, authorIds);
  const where = [...living, ...filtered, ...position(order)];
  const by = orders[order.by];
  // The newest of each brand come in order from its index, however few of all mentions they are.
  const byBrand = brandIds !== null && order.by === "occurredAt" && authorIds === undefined;
  // An unfiltered list has one good plan, which is kept once the limit is part of the text. What a filter lets
  // through is another matter with each value, and is planned anew.
  const isPlain = filtered.length === 0 && (brandIds === null || byBrand);
  const count = (most: number) => (isPlain ? sql.lit(most) : sql`${most}`);
  const chosen: Rows = (most, more = []) => sql`
    select m.* from mention m join document d on d.id = m.document_id
    where ${sql.join([...where, ...more], sql` and `)} order by ${by} limit ${count(most)}`;
  const ofBrands = (ids: readonly string[], most: number, more: readonly RawBuilder<unknown>[]) =>
    ids.length === 1
      ? chosen(most, [sql`m.brand_id = ${ids[0]}::uuid`, ...more])
      : sql`
        select m.* from unnest(${[...ids]}::uuid[]) b(id)
        cross join lateral (${chosen(most, [sql`m.brand_id = b.id`, ...more])}) m order by ${by} limit ${count(most)}`;
  const ofAll: Rows = (most, more = []) => chosen(most, [...anyOf("m.brand_id", "uuid", brandIds), ...more]);
  return { ofAll, newest: byBrand ? (most, more = []) => ofBrands(brandIds, most, more) : ofAll };
}

/** One page of living mentions; `limit` rows are chosen before anything else of them is read. */
export async function listMentions(
  db: Db,
  filters: MentionFilters,
  order: MentionOrder,
  limit: number,
  walked = walkedForWords,
): Promise<MentionList> {
  const { author, q } = filters;
  const authorIds = author === undefined ? undefined : await authorsCalled(db, author);
  if (authorIds?.length === 0) return { rows: [], stoppedAt: null };
  const { ofAll, newest } = queries(filters, authorIds, order);
  const by = orders[order.by];
  const shown = async (page: RawBuilder<unknown>) => {
    const { rows } = await sql<MentionView>`
      with page as (${page}) select ${mentionColumns} from page m ${mentionJoins} order by ${by}`.execute(db);
    return { rows, stoppedAt: null };
  };
  if (q === undefined) return shown(newest(limit));
  const near = await shown(sql`
    select m.* from (${newest(walked.near)}) m join document d on d.id = m.document_id
    where ${finds(q)} order by ${by} limit ${limit}`);
  if (near.rows.length === limit) return near;
  if (await isIndexed(db, q)) return shown(ofAll(limit, [lookedUp(q)]));
  const { rows: last } = await sql<MentionRow>`
    select m.* from (${newest(walked.far)}) m order by ${by} offset ${walked.far - 1}`.execute(db);
  const [end] = last.map(row => positionOf(order, row));
  const { rows } = await shown(newest(limit, [finds(q), ...(end === undefined ? [] : [notAfter(end)])]));
  return { rows, stoppedAt: end !== undefined && rows.length < limit ? end : null };
}
