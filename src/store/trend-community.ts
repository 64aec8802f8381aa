import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";

/** A time of a brand's owned places; months of cohorts are those of the zone. */
export interface CommunityQuestion {
  brandId: string;
  from: Date;
  to: Date;
  timezone: string;
}

const ofSources = (brandId: string) =>
  sql`d.owned and d.source_id in (select source_id from source_brand where brand_id = ${brandId})`;

/** Texts of members at owned places of a brand in a time: mentions, so that the brand's own voice is none of them. */
const memberTexts = (brandId: string, from: Date, to: Date): RawBuilder<unknown> => sql`
  document d join mention m on m.document_id = d.id and m.brand_id = ${brandId} and m.deleted_at is null
  where ${ofSources(brandId)} and d.occurred_at >= ${from} and d.occurred_at < ${to}`;

/** Whether a member had written at an owned place before. */
const wroteBefore = (brandId: string, author: RawBuilder<unknown>, at: RawBuilder<unknown>) => sql`
  exists (select 1 from mention e join document ed on ed.id = e.document_id and ed.owned
    where e.brand_id = ${brandId} and e.author_id = ${author} and e.deleted_at is null and e.occurred_at < ${at})`;

export interface Activity {
  textCount: number;
  /** Texts that begin a thread instead of answering one. */
  openingCount: number;
  officialCount: number;
  activeCount: number;
  newCount: number;
  returningCount: number;
  positive: number;
  neutral: number;
  negative: number;
  /** Likes, dislikes, replies and shares of all texts. */
  reactions: number;
  /** The same and the views of those texts whose views are known. */
  viewedReactions: number;
  views: number;
}

/** What happened at owned places in a time. */
export async function readActivity(db: Db, { brandId, from, to }: CommunityQuestion): Promise<Activity> {
  const count = (condition: string, as: string) => `(count(*) filter (where ${condition}))::int as "${as}"`;
  const { rows } = await sql<Activity>`
    with texts as materialized (
      select m.author_id, m.tone, d.parent_external_id,
        (d.engagement ->> 'views')::float8 as views,
        (select coalesce(sum(value::float8), 0) from jsonb_each_text(d.engagement) where key <> 'views') as reactions
      from ${memberTexts(brandId, from, to)}),
    members as (
      select author_id, ${wroteBefore(brandId, sql`a.author_id`, sql`${from}`)} as returns
      from (select distinct author_id from texts where author_id is not null) a)
    select count(*)::int as "textCount", ${sql.raw(
      [
        count("parent_external_id is null", "openingCount"),
        ...["positive", "neutral", "negative"].map(tone => count(`tone = '${tone}'`, tone)),
      ].join(", "),
    )},
      coalesce(sum(reactions), 0)::float8 as reactions,
      coalesce(sum(reactions) filter (where views > 0), 0)::float8 as "viewedReactions",
      coalesce(sum(views), 0)::float8 as views,
      (select count(*)::int from members) as "activeCount",
      (select count(*)::int from members where not returns) as "newCount",
      (select count(*)::int from members where returns) as "returningCount",
      (select count(*)::int from document d where ${ofSources(brandId)} and d.official is not null
        and d.occurred_at >= ${from} and d.occurred_at < ${to}) as "officialCount"
    from texts`.execute(db);
  return rows[0] as Activity;
}

export interface Links {
  /** Replies of a member to another member. */
  linkCount: number;
  /** Pairs of members, of whom one replied to the other. */
  pairCount: number;
  /** Of them, those who replied to each other. */
  mutualCount: number;
  /** Active members in at least one pair. */
  linkedCount: number;
}

/** Who replied to whom in a time: to a text of any time, if a member wrote it. */
export async function readLinks(db: Db, { brandId, from, to }: CommunityQuestion): Promise<Links> {
  const { rows } = await sql<Links>`
    with replies as materialized (
      select m.author_id as one, other.author_id as two
      from document d join mention m on m.document_id = d.id and m.brand_id = ${brandId} and m.deleted_at is null
      join document p on p.source_kind = d.source_kind and p.site = d.site and p.external_id = d.parent_external_id
      join mention other on other.document_id = p.id and other.brand_id = ${brandId} and other.deleted_at is null
      where ${ofSources(brandId)} and d.occurred_at >= ${from} and d.occurred_at < ${to}
        and p.owned and m.author_id <> other.author_id),
    pairs as (
      select least(one, two) as low, greatest(one, two) as high, count(distinct one) as ways
      from replies group by 1, 2)
    select (select count(*)::int from replies) as "linkCount", count(*)::int as "pairCount",
      (count(*) filter (where ways = 2))::int as "mutualCount",
      (select count(distinct author)::int from (select one as author from replies union all select two from replies) all_of_them
        where author in (select m.author_id from ${memberTexts(brandId, from, to)})) as "linkedCount"
    from pairs`.execute(db);
  return rows[0] as Links;
}

/** Members who wrote for the first time in one month, and in which later months they wrote again. */
export interface CohortMonth {
  /** The month's first day, in the zone. */
  month: string;
  size: number;
  /** Months since the first one; how many of the cohort wrote in it. */
  after: number;
  count: number;
}

const cohortMonths = 12;

/**
 * Cohorts of the twelve months before the month of `to`, and how many of each wrote again in each month after.
 * A cohort nobody of which returned in a month has no row for it; the row of month 0 is its size.
 */
export async function readCohorts(
  db: Db,
  { brandId, to, timezone }: CommunityQuestion,
): Promise<CohortMonth[]> {
  const month = sql`date_trunc('month', (${to}::timestamptz - interval '1 microsecond') at time zone ${timezone})`;
  const { rows: range } = await sql<{ from: Date }>`
    select (${month} - interval '${sql.raw(String(cohortMonths))} months') at time zone ${timezone} as "from"`.execute(
    db,
  );
  const from = range[0]?.from as Date;
  const { rows } = await sql<CohortMonth>`
    with months as materialized (
      select distinct m.author_id, date_trunc('month', d.occurred_at at time zone ${timezone}) as month
      from ${memberTexts(brandId, from, to)} and m.author_id is not null),
    firsts as (
      select author_id, min(month) as month from months group by author_id),
    fresh as materialized (
      select * from firsts where not ${wroteBefore(brandId, sql`firsts.author_id`, sql`${from}`)})
    select to_char(f.month, 'YYYY-MM-DD') as month, sizes.size,
      ((extract(year from m.month) - extract(year from f.month)) * 12
        + extract(month from m.month) - extract(month from f.month))::int as after, count(*)::int as count
    from fresh f join months m using (author_id)
    join (select month, count(*)::int as size from fresh group by month) sizes on sizes.month = f.month
    group by f.month, sizes.size, 3 order by f.month, 3`.execute(db);
  return rows;
}
