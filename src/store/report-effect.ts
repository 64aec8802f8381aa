import { type RawBuilder, sql } from "kysely";
import { effectDays } from "#domain/reports/definitions.ts";
import type { Stratum } from "#domain/reports/risk-difference.ts";
import type { Db } from "./db.ts";
import type { ReportItem, ReportPage, ReportQuestion } from "./report.ts";
import { pageOfItems } from "./report.ts";
import { blamed, onAspects, onMention } from "./report-items.ts";

/** Where the months of the strata begin, besides what the report is about. */
export interface EffectQuestion extends ReportQuestion {
  timezone: string;
}

const windowDays = sql.raw(`interval '${effectDays} days'`);

/** How a text stood at a moment: as it was judged until its next edit, else as it is. */
function standing(name: string, at: RawBuilder<unknown>): RawBuilder<unknown> {
  const [then, now] = [sql.id(`${name}_then`), sql.id(name)];
  return sql`
    left join lateral (select v.rating5, v.tone, v.score from mention_version v
      where v.mention_id = r.mention_id and v.replaced_at > ${at} order by v.version limit 1) ${then} on true
    cross join lateral (select case when ${then}.tone is null then r.rating5 else ${then}.rating5 end as rating5,
      coalesce(${then}.tone, r.tone) as tone, coalesce(${then}.score, r.score) as score) ${now}`;
}

const atFirst = sql`'-infinity'::timestamptz`;

const rank = (name: string) => `case ${name}.tone when 'negative' then 0 when 'neutral' then 1 else 2 end`;

/** More stars; or a better tone with no fewer stars. */
const better = (after: string, before: string) =>
  sql.raw(`(coalesce(${after}.rating5 > ${before}.rating5, false)
    or (coalesce(${after}.rating5 >= ${before}.rating5, true) and ${rank(after)} > ${rank(before)}))`);

/**
 * Reviews that could become better, each in an arm. Answered: from the answer on. Unanswered: those that had no
 * answer, or none before they became better, from the moment on at which half of the answers to reviews of the
 * same brand and source kind had been given, and not yet better by then; else reviews that change in their first
 * hours would count against answers alone. Both are watched for the same time, or until now, which is one of the
 * things in which compared reviews are alike.
 */
function units(question: EffectQuestion): RawBuilder<unknown> {
  const { from, now, timezone, aspect } = question;
  const conditions = sql.join(
    [...onMention(question), sql`m.occurred_at >= ${from}`, ...onAspects(sql`(${blamed})`, aspect)],
    sql` and `,
  );
  return sql`
    reviews as materialized (
      select m.id as mention_id, m.case_id, m.brand_id, m.source_kind, m.occurred_at, m.rating5, m.model_tone as tone, m.score,
        d.answer_basis, case when d.answer_state in ('published', 'stale', 'removed') then d.answer_at end as answered_at
      from mention m join document d on d.id = m.document_id join brand b on b.id = m.brand_id
      where m.kind = 'review' and not m.spam and m.deleted_at is null and d.erased_at is null and b.competitor_of is null
        and ${conditions}),
    armed as materialized (
      select r.*, coalesce(r.answered_at <= ${now} and not ${better("at_answer", "first")}, false) as is_answered
      from reviews r ${standing("first", atFirst)} ${standing("at_answer", sql`r.answered_at`)}),
    delays as (
      select brand_id, source_kind, percentile_cont(0.5) within group (order by greatest(interval '0', answered_at - occurred_at)) as delay
      from armed where is_answered group by 1, 2),
    begun as materialized (
      select a.*, case when a.is_answered then a.answered_at else a.occurred_at + coalesce(t.delay, interval '0') end as begins_at
      from armed a left join delays t using (brand_id, source_kind)),
    watched as materialized (
      select r.mention_id, r.case_id, r.brand_id, r.source_kind, r.occurred_at, r.answered_at, r.answer_basis, r.is_answered, r.begins_at,
        round(base.rating5) as stars, base.tone, width_bucket(base.score, -1, 1, 4) as band,
        date_trunc('month', r.occurred_at, ${timezone}) as month,
        floor(extract(epoch from least(${now}::timestamptz - r.begins_at, ${windowDays})) / 604800)::int as weeks,
        r.begins_at + ${windowDays} > ${now} as is_maturing,
        ${better("last", "base")} as is_improved
      from begun r ${standing("first", atFirst)} ${standing("base", sql`r.begins_at`)}
        ${standing("last", sql`least(r.begins_at + ${windowDays}, ${now})`)}
      where r.begins_at <= ${now} and not (base.tone = 'positive' and coalesce(base.rating5, 5) >= 5)
        and (r.is_answered or not ${better("base", "first")})),
    units as materialized (
      select *, bool_or(is_answered) over alike and bool_or(not is_answered) over alike as is_compared
      from watched
      window alike as (partition by brand_id, source_kind, stars, tone, band, month, weeks))`;
}

/** Counts of the reply effect by their paths in the answer; what is not compared has nothing alike in the other arm. */
export const effectFigures = {
  "replyEffect.answered.count": "i.is_compared and i.is_answered",
  "replyEffect.answered.improved": "i.is_compared and i.is_answered and i.is_improved",
  "replyEffect.unanswered.count": "i.is_compared and not i.is_answered",
  "replyEffect.unanswered.improved": "i.is_compared and not i.is_answered and i.is_improved",
  "replyEffect.maturing": "i.is_compared and i.is_maturing",
  "replyEffect.notCompared": "not i.is_compared",
} as const;
export type EffectFigure = keyof typeof effectFigures;
export const effectFigureNames = Object.keys(effectFigures) as [EffectFigure, ...EffectFigure[]];

export interface EffectCounts {
  strata: Stratum[];
  /** Compared reviews whose time is not over. */
  maturingCount: number;
  notComparedCount: number;
}

/** How many reviews became better in each arm, by stratum. */
export async function readEffect(db: Db, question: EffectQuestion): Promise<EffectCounts> {
  const { rows } = await sql<{
    compared: boolean;
    n1: number;
    y1: number;
    n0: number;
    y0: number;
    maturing: number;
  }>`
    with ${units(question)}
    select is_compared as compared,
      count(*) filter (where is_answered)::int as n1, count(*) filter (where is_answered and is_improved)::int as y1,
      count(*) filter (where not is_answered)::int as n0,
      count(*) filter (where not is_answered and is_improved)::int as y0,
      count(*) filter (where is_maturing)::int as maturing
    from units group by brand_id, source_kind, stars, tone, band, month, weeks, is_compared`.execute(db);
  const compared = rows.filter(row => row.compared);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    strata: compared.map(({ n1, y1, n0, y0 }) => ({
      treated: { count: n1, eventCount: y1 },
      control: { count: n0, eventCount: y0 },
    })),
    maturingCount: sum(compared.map(row => row.maturing)),
    notComparedCount: sum(rows.filter(row => !row.compared).map(row => row.n1 + row.n0)),
  };
}

/** The reviews behind a count. */
export async function listEffectItems(
  db: Db,
  question: EffectQuestion,
  figure: EffectFigure,
  page: ReportPage,
): Promise<ReportItem[]> {
  const { rows } = await sql<ReportItem>`
    with ${units(question)}
    select i.mention_id, i.case_id, i.answered_at, i.answer_basis, null::uuid as person_id,
      null::uuid as department_id, i.occurred_at
    from units i where ${sql.raw(effectFigures[figure])} ${pageOfItems(page)}`.execute(db);
  return rows;
}
