import { type RawBuilder, sql } from "kysely";
import { ages } from "#domain/reports/definitions.ts";
import { outcomes } from "./tables.ts";

/** Whether an item is among those that a figure counts, at a moment. */
type Condition = (now: Date) => RawBuilder<unknown>;

const plain =
  (text: string): Condition =>
  () =>
    sql.raw(text);

const cohort = "i.in_cohort and i.answerable";
const answered = `${cohort} and i.answered_at is not null`;
const met =
  "i.status = 'ended' and i.outcome in ('answered', 'answered-elsewhere') and i.breached_at is null";
/** A clock that ran out is a miss, though nobody has written it down yet. */
const missed = (now: Date) => sql`(i.breached_at is not null or (i.runs and i.due_at <= ${now}))`;
const isBacklog = "i.status <> 'ended'";
const happened = (kind: string, more = "") =>
  `i.in_cohort and exists (select 1 from case_event e where e.case_id = i.case_id and e.kind = '${kind}' ${more})`;
const edited = (more: string) =>
  happened("author-edited", `and (e.data ->> 'afterAnswer')::boolean and ${more}`);
const ratingOf = (when: string) => `(e.data -> 'rating' ->> '${when}')::real`;
const agedBy = (now: Date) => sql`extract(epoch from ${now}::timestamptz - i.occurred_at)`;

/**
 * Every count of the report by its path in the answer, as a condition on its items. The list behind a figure is
 * read by the same condition, so the two cannot differ.
 */
export const countedFigures = {
  received: plain(cohort),
  unanswerable: plain("i.in_cohort and not i.answerable"),
  answered: plain(answered),
  "firstResponse.count": plain(answered),
  "firstResponse.open": plain(`${cohort} and i.answered_at is null and i.status <> 'ended'`),
  "dateBasis.platform.count": plain(`${answered} and i.answer_basis = 'platform'`),
  "dateBasis.ours.count": plain(`${answered} and i.answer_basis = 'ours'`),
  "dateBasis.seen.count": plain(`${answered} and i.answer_basis = 'seen'`),
  "sla.due": now => sql`${sql.raw(cohort)} and ((${sql.raw(met)}) or ${missed(now)})`,
  "sla.met": plain(`${cohort} and ${met}`),
  "sla.missed": now => sql`${sql.raw(cohort)} and ${missed(now)}`,
  "sla.pending": now => sql`${sql.raw(cohort)} and ${sql.raw(isBacklog)} and not ${missed(now)}`,
  "backlog.total": plain(isBacklog),
  "backlog.overdue": now => sql`${sql.raw(isBacklog)} and ${missed(now)}`,
  ...fromTable(
    "backlog.ages",
    ages,
    ({ age }) => age,
    ({ from, to }) =>
      now =>
        sql`${sql.raw(isBacklog)} and ${from === 0 ? sql`true` : sql`${agedBy(now)} >= ${sql.lit(from)}`} and ${to === null ? sql`true` : sql`${agedBy(now)} < ${sql.lit(to)}`}`,
  ),
  ...fromTable(
    "outcomes",
    outcomes,
    outcome => outcome,
    outcome => plain(`i.in_cohort and i.status = 'ended' and i.outcome = '${outcome}'`),
  ),
  "afterAnswer.ratingRaised": plain(edited(`${ratingOf("after")} > ${ratingOf("before")}`)),
  "afterAnswer.ratingLowered": plain(edited(`${ratingOf("after")} < ${ratingOf("before")}`)),
  "afterAnswer.textEdited": plain(edited("e.data -> 'fields' ? 'text'")),
  "afterAnswer.authorAnswered": plain(happened("author-answered", "and (e.data ->> 'afterAnswer')::boolean")),
  "afterAnswer.answerRemoved": plain(happened("answer-removed")),
  reopened: plain(happened("reopened")),
} satisfies Record<string, Condition>;

function fromTable<Row, Name extends string, Prefix extends string>(
  prefix: Prefix,
  rows: readonly Row[],
  name: (row: Row) => Name,
  condition: (row: Row) => Condition,
) {
  return Object.fromEntries(rows.map(row => [`${prefix}.${name(row)}`, condition(row)])) as Record<
    `${Prefix}.${Name}`,
    Condition
  >;
}

export type CountedFigure = keyof typeof countedFigures;
export const countedFigureNames = Object.keys(countedFigures) as [CountedFigure, ...CountedFigure[]];

/** The counts of a group of items, each under its path. */
export const counts = (now: Date): RawBuilder<unknown> =>
  sql.join(
    countedFigureNames.map(
      name => sql`count(*) filter (where ${countedFigures[name](now)})::int as ${sql.id(name)}`,
    ),
  );
