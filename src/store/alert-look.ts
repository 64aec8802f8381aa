import { sql } from "kysely";
import type { StoryFact } from "#domain/alerts/cluster-growth.ts";
import type { RatedDay } from "#domain/alerts/rating-drop.ts";
import type { Db } from "./db.ts";

interface Stretch {
  brandId: string;
  from: Date;
  to: Date;
}

/** Which mentions a spike is counted of. */
export type CountedOf = "all" | "negative";

interface Moment {
  at: Date;
  count: number;
}

/** Counts of a brand by quarter-hours that have any; looks at search results are no mentions of the moment. */
export async function quarterCounts(
  db: Db,
  { brandId, from, to }: Stretch,
  of: CountedOf,
): Promise<Moment[]> {
  const figure = sql.raw(of === "all" ? "total" : "negative");
  const { rows } = await sql<Moment>`
    select start as at, sum(${figure})::int as count from rollup_quarter
    where brand_id = ${brandId} and start >= ${from} and start < ${to} and kind <> 'search-result'
    group by start having sum(${figure}) <> 0`.execute(db);
  return rows;
}

/** Quarter-hours in which most of a brand's runs failed. */
export async function failedQuarters(db: Db, { brandId, from, to }: Stretch): Promise<Date[]> {
  const { rows } = await sql<{ start: Date }>`
    select start from coverage_quarter
    where brand_id = ${brandId} and start >= ${from} and start < ${to} and ok_count * 2 < run_count`.execute(
    db,
  );
  return rows.map(({ start }) => start);
}

/** The same by the minute, of mentions that stand. */
export async function minuteCounts(db: Db, { brandId, from, to }: Stretch, of: CountedOf): Promise<Moment[]> {
  const { rows } = await sql<Moment>`
    select date_trunc('minute', occurred_at) as at, count(*)::int as count from mention
    where brand_id = ${brandId} and occurred_at >= ${from} and occurred_at < ${to} and deleted_at is null
      and kind <> 'search-result' ${of === "all" ? sql`` : sql`and tone = 'negative'`}
    group by 1`.execute(db);
  return rows;
}

/** What a spike is made of. */
export interface SpikeParts {
  aspects: { aspect: string; count: number }[];
  sources: { sourceId: string; count: number }[];
  /** The mentions that count: most readers, then strongest tone, one of each story. */
  mentionIds: string[];
}

export async function spikeParts(db: Db, { brandId, from, to }: Stretch, of: CountedOf): Promise<SpikeParts> {
  const { rows } = await sql<SpikeParts>`
    with m as materialized (
      select m.id, m.source_id, m.score, m.document_id from mention m
      where m.brand_id = ${brandId} and m.occurred_at >= ${from} and m.occurred_at < ${to} and m.deleted_at is null
        and m.kind <> 'search-result' ${of === "all" ? sql`` : sql`and m.tone = 'negative'`}),
    aspects as (
      select a.aspect, count(distinct m.id)::int as count from m join mention_aspect a on a.mention_id = m.id
      group by 1 order by 2 desc, 1 limit 3),
    sources as (select source_id as "sourceId", count(*)::int as count from m group by 1 order by 2 desc, 1 limit 3),
    stories as (
      select distinct on (coalesce(d.cluster_id, d.id)) m.id, coalesce(au.reach, 0) as reach, abs(m.score) as weight
      from m join document d on d.id = m.document_id left join author au on au.id = d.author_id
      order by coalesce(d.cluster_id, d.id), au.reach desc nulls last, abs(m.score) desc),
    foremost as (select id, reach, weight from stories order by reach desc, weight desc, id limit 3)
    select coalesce((select json_agg(aspects) from aspects), '[]') as aspects,
      coalesce((select json_agg(sources) from sources), '[]') as sources,
      coalesce((select array_agg(id order by reach desc, weight desc, id) from foremost), '{}') as "mentionIds"`.execute(
    db,
  );
  return rows[0] as SpikeParts;
}

/** Texts of a stretch, the newest first, to compare their phrases. */
export async function textsOf(db: Db, { brandId, from, to }: Stretch, limit: number): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select left(concat_ws(' ', d.title, d.text), 2000) as text from mention m join document d on d.id = m.document_id
    where m.brand_id = ${brandId} and m.occurred_at >= ${from} and m.occurred_at < ${to} and m.deleted_at is null
      and m.kind <> 'search-result'
    order by m.occurred_at desc limit ${limit}`.execute(db);
  return rows.map(({ text }) => text);
}

/** Ratings of a brand by day and source. */
export async function ratedDays(
  db: Db,
  { brandId, from, to }: { brandId: string; from: string; to: string },
): Promise<RatedDay[]> {
  const { rows } = await sql<RatedDay>`
    select day::text, source_id as "sourceId", rating_sum as sum, rating_count as count from total_day
    where brand_id = ${brandId} and day >= ${from}::date and day <= ${to}::date and rating_count > 0`.execute(
    db,
  );
  return rows;
}

/** Texts of a brand that belong to stories, by when they were first seen. */
export async function storyFacts(db: Db, { brandId, from, to }: Stretch): Promise<StoryFact[]> {
  const { rows } = await sql<StoryFact>`
    select d.cluster_id as "clusterId", m.id as "mentionId", m.case_id as "caseId", m.source_id as "sourceId",
      m.first_seen_at as at
    from document d join mention m on m.document_id = d.id
    where d.first_seen_at >= ${from} and d.first_seen_at < ${to} and d.cluster_id is not null
      and m.brand_id = ${brandId} and m.acts and not m.spam and m.deleted_at is null
    order by m.first_seen_at, m.id`.execute(db);
  return rows;
}

/** The brand's day at an instant, and the zone that makes it. */
export async function brandDay(
  db: Db,
  brandId: string,
  at: Date,
): Promise<{ day: string; timezone: string }> {
  const { rows } = await sql<{ day: string; timezone: string }>`
    select (${at}::timestamptz at time zone timezone)::date::text as day, timezone from brand where id = ${brandId}`.execute(
    db,
  );
  return rows[0] as { day: string; timezone: string };
}
