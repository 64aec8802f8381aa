import { z } from "zod";
import { ages, shareOf } from "#domain/reports/definitions.ts";
import type { ReplyEffect } from "#domain/reports/reply-effect.ts";
import type { MentionView } from "#store/mention-read.ts";
import type { ReportItem, ReportRow } from "#store/report.ts";
import { reportGroupings } from "#store/report.ts";
import type { EffectCounts } from "#store/report-effect.ts";
import { outcomes } from "#store/tables.ts";
import { buckets } from "#store/trend.ts";
import { mentionBody, mentionSchema } from "./mention-shape.ts";
import { id, instant } from "./shape.ts";

const count = z.int();
const share = z.number().nullable().describe("three decimals; null of nothing");
const basis = z.object({ count, share });

const figures = {
  received: count.describe(
    "cases by the time of their text, and negative texts that had their answer when first seen; a merged case is none",
  ),
  unanswerable: count.describe(
    "news and search results, where no answer is possible: left out of all else but outcomes and backlog",
  ),
  answered: count.describe("of those received, whenever answered, in at least one place"),
  responseRate: share.describe("answered / received, three decimals; null without any"),
  firstResponse: z.object({
    count,
    medianSeconds: z.number().nullable().describe("from publishedAt, else from first sight, to the answer"),
    p90Seconds: z.number().nullable().describe("linear between the two next to it"),
    open: count.describe("still without an answer: their time is in no quantile yet"),
  }),
  dateBasis: z
    .object({ platform: basis, ours: basis, seen: basis })
    .describe(
      "who says when the answers were given: the source, we, or nobody, so that it is when they were seen",
    ),
  sla: z.object({
    due: count.describe("answered, or overdue"),
    met: count.describe("answered before it was due"),
    missed: count.describe("answered late, ended late or overdue"),
    pending: count.describe("open and not due yet, or waiting for the author"),
    share: share.describe("met / due"),
  }),
  outcomes: z.object(
    Object.fromEntries(outcomes.map(name => [name, count])) as Record<
      (typeof outcomes)[number],
      typeof count
    >,
  ),
  reopened: count.describe("cases that came back after they had ended, at least once"),
  afterAnswer: z
    .object({
      ratingRaised: count,
      ratingLowered: count,
      textEdited: count,
      authorAnswered: count,
      answerRemoved: count,
    })
    .describe("cases in which this happened after an answer, at least once"),
};

const backlog = z
  .object({
    total: count,
    overdue: count,
    ages: z.object(
      Object.fromEntries(ages.map(({ age }) => [age, count])) as Record<
        (typeof ages)[number]["age"],
        typeof count
      >,
    ),
  })
  .describe("every open case whose text is from before `to`, by its age; from does not cut it off");

const arm = z.object({ count, improved: count, share: share.describe("weighted by stratum") });

const effect = z
  .object({
    answered: arm,
    unanswered: arm,
    difference: z.number().nullable().describe("of the two shares"),
    low: z.number().nullable().describe("of the 95 % interval (Mantel–Haenszel, Klingenberg 2014)"),
    high: z.number().nullable(),
    maturing: count.describe(
      "of those compared, reviews whose 90 days are not over: they are compared with the like",
    ),
    notCompared: count.describe("reviews without a like one in the other arm"),
  })
  .describe(
    "share of answered reviews whose rating or text improved within 90 days of the answer, beside the same of unanswered ones of the same brand, source kind, rating, tone, month and time watched; no experiment: what makes people answer may make reviews improve. Null where the report is about people, because what nobody answered is nobody's",
  );

/** The answer of the report. */
export const reportSchema = z
  .object({
    from: instant,
    to: instant,
    timezone: z.string(),
    ...figures,
    backlog,
    rootCauses: z.array(z.object({ rootCause: z.string(), count })),
    replyEffect: effect.nullable(),
    bucket: z.enum(buckets).nullable(),
    series: z.array(z.object({ start: instant, end: instant, ...figures })).nullable(),
    groupBy: z.enum(reportGroupings).nullable(),
    groups: z
      .array(
        z.object({
          key: z.string().nullable().describe("its id or word; null: none"),
          name: z.string().nullable(),
          ...figures,
          backlog,
        }),
      )
      .nullable(),
  })
  .meta({ id: "ResponseReport" });

/** The figures of one group of items. */
export function figuresBody(row: ReportRow) {
  const basisOf = (name: "platform" | "ours" | "seen") => ({
    count: row[`dateBasis.${name}.count`],
    share: shareOf(row[`dateBasis.${name}.count`], row.answered),
  });
  return {
    received: row.received,
    unanswerable: row.unanswerable,
    answered: row.answered,
    responseRate: shareOf(row.answered, row.received),
    firstResponse: {
      count: row["firstResponse.count"],
      medianSeconds: row.medianSeconds,
      p90Seconds: row.p90Seconds,
      open: row["firstResponse.open"],
    },
    dateBasis: { platform: basisOf("platform"), ours: basisOf("ours"), seen: basisOf("seen") },
    sla: {
      due: row["sla.due"],
      met: row["sla.met"],
      missed: row["sla.missed"],
      pending: row["sla.pending"],
      share: shareOf(row["sla.met"], row["sla.due"]),
    },
    outcomes: Object.fromEntries(outcomes.map(name => [name, row[`outcomes.${name}`]])) as Record<
      (typeof outcomes)[number],
      number
    >,
    reopened: row.reopened,
    afterAnswer: {
      ratingRaised: row["afterAnswer.ratingRaised"],
      ratingLowered: row["afterAnswer.ratingLowered"],
      textEdited: row["afterAnswer.textEdited"],
      authorAnswered: row["afterAnswer.authorAnswered"],
      answerRemoved: row["afterAnswer.answerRemoved"],
    },
  };
}

/** What is open now, by age. */
export const backlogBody = (row: ReportRow): z.input<typeof backlog> => ({
  total: row["backlog.total"],
  overdue: row["backlog.overdue"],
  ages: Object.fromEntries(ages.map(({ age }) => [age, row[`backlog.ages.${age}`]])) as Record<
    (typeof ages)[number]["age"],
    number
  >,
});

export const effectBody = (
  { answered, unanswered, difference, low, high }: ReplyEffect,
  { maturingCount, notComparedCount }: EffectCounts,
): z.input<typeof effect> => ({
  answered,
  unanswered,
  difference,
  low,
  high,
  maturing: maturingCount,
  notCompared: notComparedCount,
});

/** One of the items behind a figure. */
export const reportItemSchema = z
  .object({
    caseId: id.nullable().describe("null: answered when first seen, so it never had one"),
    mentionId: id,
    occurredAt: instant,
    answeredAt: instant.nullable().describe("first answer"),
    answerBasis: z.enum(["platform", "ours", "seen"]).nullable(),
    personId: id.nullable(),
    departmentId: id.nullable(),
    mention: mentionSchema,
  })
  .meta({ id: "ResponseReportItem" });

export const reportItemBody = (
  row: ReportItem,
  mentions: ReadonlyMap<string, MentionView>,
): z.input<typeof reportItemSchema> => ({
  caseId: row.case_id,
  mentionId: row.mention_id,
  occurredAt: row.occurred_at,
  answeredAt: row.answered_at,
  answerBasis: row.answer_basis,
  personId: row.person_id,
  departmentId: row.department_id,
  mention: mentionBody(mentions.get(row.mention_id) as MentionView),
});
