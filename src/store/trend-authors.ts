import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { Sample, SampleQuestion } from "./trend-latency.ts";

/** One author of a brand's mentions in a range. */
interface AuthorRow {
  /** The site's id; null where people have none. */
  authorId: string | null;
  sourceKind: string;
  name: string | null;
  url: string | null;
  reach: number | null;
  mentionCount: number;
  positive: number;
  neutral: number;
  negative: number;
  lastAt: Date;
  /** The first mention of the brand lies within the range. */
  isNew: boolean;
}

/** Orders of authors, and who belongs into each. */
export const authorLists = {
  leaders: { who: "reach is not null", by: "reach desc, mentions desc" },
  active: { who: "true", by: "mentions desc, reach desc nulls last" },
  newcomers: { who: "is_new", by: "mentions desc, reach desc nulls last" },
  promoters: { who: "positive > negative", by: "positive - negative desc, reach desc nulls last" },
  detractors: { who: "negative > positive", by: "negative - positive desc, reach desc nulls last" },
} as const;
type AuthorList = keyof typeof authorLists;
const lists = Object.keys(authorLists) as AuthorList[];

export interface AuthorView {
  sample: Sample;
  /** Mentions read that have an author. */
  signedCount: number;
  authorCount: number;
  newCount: number;
  returningCount: number;
  /** Authors who praise more than they blame, and the other way round. */
  promoterCount: number;
  detractorCount: number;
  /** The sum over authors whose reach is known, and how many those are. */
  reach: number;
  reachCount: number;
  lists: Record<AuthorList, AuthorRow[]>;
}

type Totals = Omit<AuthorView, "sample" | "lists"> & { readCount: number; since: Date | null };
type Ranked = AuthorRow & Record<`in_${AuthorList}`, number | null>;

/** Who writes of a brand: counts over all authors of the mentions read, and the first `top` of each list. */
export async function readAuthors(db: Db, question: SampleQuestion, top: number): Promise<AuthorView> {
  const { brandId, from, to, limit } = question;
  const ranks = lists.map(
    list => `case when ${authorLists[list].who} then
      row_number() over (partition by ${authorLists[list].who} order by ${authorLists[list].by}, author_id) end as "in_${list}"`,
  );
  const { rows } = await sql<{ totals: Totals; authors: Ranked[] }>`
    with sample as materialized (
      select author_id, tone, occurred_at from mention
      where brand_id = ${brandId} and deleted_at is null and occurred_at >= ${from} and occurred_at < ${to}
      order by occurred_at desc, id desc limit ${limit}),
    counted as (
      select author_id, count(*)::int as mentions, count(*) filter (where tone = 'positive')::int as positive,
        count(*) filter (where tone = 'neutral')::int as neutral,
        count(*) filter (where tone = 'negative')::int as negative, max(occurred_at) as last_at
      from sample where author_id is not null group by author_id),
    known as materialized (
      select c.*, a.source_kind, a.external_id, a.name, a.url, a.reach, not exists (
        select 1 from mention e where e.brand_id = ${brandId} and e.author_id = c.author_id
          and e.deleted_at is null and e.occurred_at < ${from}) as is_new
      from counted c join author a on a.id = c.author_id),
    ranked as (select *, ${sql.raw(ranks.join(", "))} from known)
    select (select jsonb_build_object('signedCount', coalesce(sum(mentions), 0), 'authorCount', count(*),
        'newCount', count(*) filter (where is_new), 'returningCount', count(*) filter (where not is_new),
        'promoterCount', count(*) filter (where positive > negative),
        'detractorCount', count(*) filter (where negative > positive),
        'reach', coalesce(sum(reach), 0), 'reachCount', count(reach),
        'readCount', (select count(*) from sample), 'since', (select min(occurred_at) from sample)) from known) as totals,
      (select coalesce(jsonb_agg(jsonb_build_object('authorId', case when external_id like 'name:%' then null else external_id end,
        'sourceKind', source_kind, 'name', name, 'url', url, 'reach', reach, 'mentionCount', mentions,
        'positive', positive, 'neutral', neutral, 'negative', negative, 'lastAt', last_at, 'isNew', is_new,
        ${sql.raw(lists.map(list => `'in_${list}', "in_${list}"`).join(", "))})), '[]')
      from ranked where least(${sql.raw(lists.map(list => `"in_${list}"`).join(", "))}) <= ${top}) as authors`.execute(
    db,
  );
  const { totals, authors } = rows[0] as { totals: Totals; authors: Ranked[] };
  const { readCount, since, ...counts } = totals;
  return {
    sample: { readCount, limit, since: readCount < limit || since === null ? null : new Date(since) },
    ...counts,
    lists: Object.fromEntries(lists.map(list => [list, firstOf(authors, list, top)])) as AuthorView["lists"],
  };
}

const firstOf = (authors: readonly Ranked[], list: AuthorList, top: number): AuthorRow[] =>
  authors
    .filter(author => (author[`in_${list}`] ?? top + 1) <= top)
    .sort((a, b) => (a[`in_${list}`] as number) - (b[`in_${list}`] as number))
    .map(
      ({ authorId, sourceKind, name, url, reach, mentionCount, positive, neutral, negative, ...rest }) => ({
        authorId,
        sourceKind,
        name,
        url,
        reach,
        mentionCount,
        positive,
        neutral,
        negative,
        lastAt: new Date(rest.lastAt),
        isNew: rest.isNew,
      }),
    );
