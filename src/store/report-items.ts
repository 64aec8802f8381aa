import { type RawBuilder, sql } from "kysely";
import { unanswerableKinds } from "#domain/reports/definitions.ts";

/** What a report is about; an absent filter lets everything through, `null` in a list means "nobody" or "none". */
export interface ReportFilters {
  /** null is all brands. */
  brandIds: readonly string[] | null;
  /** Of the text's time, inclusive. */
  from: Date;
  /** Exclusive. */
  to: Date;
  sourceId?: readonly string[] | undefined;
  sourceKind?: readonly string[] | undefined;
  kind?: readonly string[] | undefined;
  language?: readonly string[] | undefined;
  personId?: readonly (string | null)[] | undefined;
  departmentId?: readonly (string | null)[] | undefined;
  aspect?: readonly (string | null)[] | undefined;
}

/** Columns of an item that cost a look-up each and are read only where somebody asks for them. */
export interface ItemNeeds {
  owner: boolean;
  aspects: boolean;
}

const list = (values: readonly (string | null)[], type: string) =>
  sql`${values.filter(value => value !== null)}::${sql.raw(type)}[]`;

const anyOf = (column: string, type: string, values: readonly string[] | null | undefined) =>
  values === undefined || values === null ? [] : [sql`${sql.raw(column)} = any(${list(values, type)})`];

/** Conditions on the mention alone, for every figure. */
export const onMention = (filters: ReportFilters): RawBuilder<unknown>[] => [
  ...anyOf("m.brand_id", "uuid", filters.brandIds),
  ...anyOf("m.source_id", "uuid", filters.sourceId),
  ...anyOf("m.source_kind", "text", filters.sourceKind),
  ...anyOf("m.kind", "text", filters.kind),
  ...anyOf("m.language", "text", filters.language),
  sql`m.occurred_at < ${filters.to}`,
];

/** What a text blames, by the human's word, else the model's. */
export const blamed = sql`case when m.human_aspects is not null
  then array(select distinct x ->> 'aspect' from jsonb_array_elements(m.human_aspects) x where x ->> 'tone' = 'negative' order by 1)
  else array(select distinct x.aspect from mention_aspect x where x.mention_id = m.id and x.tone = 'negative' order by 1) end`;

/** Conditions of a list that may hold "none". */
export function onAspects(column: RawBuilder<unknown>, values: readonly (string | null)[] | undefined) {
  if (values === undefined) return [];
  const none = values.includes(null) ? sql`or cardinality(${column}) = 0` : sql``;
  return [sql`(${column} && ${list(values, "text")} ${none})`];
}

function onOne(column: RawBuilder<unknown>, values: readonly (string | null)[] | undefined) {
  if (values === undefined) return [];
  const none = values.includes(null) ? sql`or ${column} is null` : sql``;
  return [sql`(${column} = any(${list(values, "uuid")}) ${none})`];
}

/** Whose work a case is: who wrote its answer, else who ended it, else who holds it or is given it. */
const owner = sql`coalesce(
  (select coalesce(r.submitted_by, r.drafted_by) from reply r
    where r.case_id = c.id and r.state not in ('draft', 'rejected', 'refused', 'removed')
    order by r.created_at desc, r.id desc limit 1),
  case when c.status = 'ended' then
    (select e.person_id from case_event e where e.case_id = c.id and e.kind = 'ended'
      order by e.at desc, e.version desc limit 1) end,
  c.claimed_by, c.assignee_id)`;

/**
 * Who says when the first answer was given: the source that shows it, else, where a later answer took its place,
 * a person who ended the case at that moment, the look that did, or the source then.
 */
const basis = sql`case
  when c.first_answer_at is null then null
  when d.answer_at = c.first_answer_at then d.answer_basis
  else coalesce(
    (select o.answer_basis from mention x join document o on o.id = x.document_id
      where x.case_id = c.id and o.answer_at = c.first_answer_at order by o.id limit 1),
    (select case when e.person_id is null and e.key_id is null then 'seen' else 'ours' end from case_event e
      where e.case_id = c.id and e.at = c.first_answer_at and e.kind = 'ended' limit 1),
    'platform') end`;

const isAnswerable = sql`m.kind <> all(${[...unanswerableKinds]}::text[])`;

const all = (conditions: readonly RawBuilder<unknown>[]) => sql.join([...conditions], sql` and `);

/**
 * What the figures count: one row per case of an own brand, by the time of its first text, and one per negative
 * text that had its answer when it was first seen and so never had a case. A merged case is none. Cases from
 * before `from` are there while they are open, for the backlog; `in_cohort` tells them apart.
 */
export function reportItems(filters: ReportFilters, needs: ItemNeeds): RawBuilder<unknown> {
  const needsOwner = needs.owner || filters.personId !== undefined || filters.departmentId !== undefined;
  const needsAspects = needs.aspects || filters.aspect !== undefined;
  const aspects = needsAspects ? blamed : sql`null::text[]`;
  const facts = sql`m.id as mention_id, m.brand_id, m.source_id, m.source_kind, m.kind, m.language, m.occurred_at,
    d.date_basis, m.occurred_at >= ${filters.from} as in_cohort, ${isAnswerable} as answerable, ${aspects} as aspects`;
  const later = all([
    sql`true`,
    ...onOne(sql`i.person_id`, filters.personId),
    ...onOne(sql`i.department_id`, filters.departmentId),
    ...onAspects(sql`i.aspects`, filters.aspect),
  ]);
  return sql`
    select i.* from (
      select f.*, ${needsOwner ? sql`coalesce(f.own_department_id, p.department_id)` : sql`f.own_department_id`} as department_id
      from (
        select ${facts}, c.id as case_id, c.status, c.outcome, c.root_causes, c.first_answer_at as answered_at,
          ${basis} as answer_basis, c.due_at, c.breached_at,
          c.status <> 'ended' and c.sla_running_at is not null as runs,
          c.department_id as own_department_id, ${needsOwner ? owner : sql`null::uuid`} as person_id
        from "case" c join mention m on m.id = c.mention_id join document d on d.id = m.document_id
        where c.merged_into is null and (m.occurred_at >= ${filters.from} or c.status <> 'ended')
          and ${all(onMention(filters))}
        union all
        select ${facts}, null, null, null, '{}'::text[], d.answer_at, d.answer_basis, null, null, false, null, null
        from mention m join document d on d.id = m.document_id join brand b on b.id = m.brand_id
        where m.case_id is null and m.acts and m.answered and m.tone = 'negative' and not m.spam
          and m.deleted_at is null and m.kind <> 'search-result' and d.answer_at is not null
          and b.competitor_of is null and m.occurred_at >= ${filters.from} and ${all(onMention(filters))}
          and not exists (select 1 from "case" own where own.mention_id = m.id)
      ) f ${needsOwner ? sql`left join person p on p.id = f.person_id` : sql``}
    ) i where ${later}`;
}
