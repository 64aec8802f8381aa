import { z } from "zod";
import { textKinds } from "#domain/item.ts";
import { replyEffect } from "#domain/reports/reply-effect.ts";
import { findBrand } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import { viewMentions } from "#store/mention-read.ts";
import {
  listReportItems,
  readReport,
  readReportGroups,
  readReportSeries,
  readRootCauses,
  reportGroupings,
} from "#store/report.ts";
import {
  type EffectFigure,
  type EffectQuestion,
  effectFigureNames,
  effectFigures,
  listEffectItems,
  readEffect,
} from "#store/report-effect.ts";
import { type CountedFigure, countedFigureNames } from "#store/report-figures.ts";
import { type Bucket, buckets } from "#store/trend.ts";
import { type Caller, everyReader, type Route, readRoute } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import {
  backlogBody,
  effectBody,
  figuresBody,
  reportItemBody,
  reportItemSchema,
  reportSchema,
} from "./report-shape.ts";
import { scopedBrands, sourceKindId, words } from "./scope.ts";
import { decodeCursor, id, instantIn, listOf, page, pageOf, paging, timeKeys, timezone } from "./shape.ts";

const dayMs = 86_400_000;
const defaultRangeMs = 30 * dayMs;
const bucketLimit = 1_000;
/** The shortest that a bucket can be. */
const bucketMs: Record<Bucket, number> = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs, month: 28 * dayMs };

/** Ids, or "none" for what has none. */
const idOrNone = listOf(z.union([z.uuid(), z.literal("none")])).transform(ids =>
  ids.map(one => (one === "none" ? null : one)),
);
const wordOrNone = listOf(words(100)).transform(list => list.map(one => (one === "none" ? null : one)));

const filters = {
  brandId: listOf(id).optional(),
  sourceId: listOf(id).optional(),
  sourceKind: listOf(sourceKindId).optional(),
  kind: listOf(z.enum(textKinds)).optional(),
  language: listOf(words(20)).optional(),
  personId: idOrNone
    .optional()
    .describe('who wrote the answer, else ended, holds or is given the case; "none": nobody'),
  departmentId: idOrNone.optional().describe('of the case, else of its person; "none" has none'),
  aspect: wordOrNone.optional().describe('blamed by the text; "none": no aspect'),
  from: instantIn.optional().describe("of the text's time; 30 days before `to` when absent"),
  to: instantIn.optional().describe("exclusive; now when absent"),
  timezone: timezone.optional().describe("IANA name; the brand's when one is asked for, else UTC"),
};

/** Figures that are no counts show what they are figures of. */
const ofFigure = {
  responseRate: "received",
  "firstResponse.medianSeconds": "firstResponse.count",
  "firstResponse.p90Seconds": "firstResponse.count",
  "sla.share": "sla.due",
} as const satisfies Record<string, CountedFigure>;
const figureNames = [
  ...countedFigureNames,
  ...effectFigureNames,
  ...(Object.keys(ofFigure) as (keyof typeof ofFigure)[]),
  "rootCauses",
] as const;

export const reportRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/reports/responses",
    tag: "reports",
    summary:
      "How the desk answers: response rate by the date of the text, first response, SLA, backlog, outcomes, reply effect",
    allow: everyReader,
    query: z.strictObject({
      ...filters,
      bucket: z.enum(buckets).optional().describe("adds the same figures by bucket, cut off at from and to"),
      groupBy: z.enum(reportGroupings).optional().describe("adds the same figures by this"),
    }),
    reply: reportSchema,
    read: async (_deps, { db, query, caller, now }) => {
      const question = await questionOf(db, caller, query, now);
      const { bucket, groupBy } = query;
      if (bucket !== undefined) assertBuckets(question, bucket);
      const [totals, rootCauses, effect, series, groups] = await Promise.all([
        readReport(db, question),
        readRootCauses(db, question),
        isAboutPeople(query) ? null : readEffect(db, question),
        bucket === undefined ? null : readReportSeries(db, question, { bucket, timezone: question.timezone }),
        groupBy === undefined ? null : readReportGroups(db, question, groupBy),
      ]);
      return {
        body: {
          from: question.from,
          to: question.to,
          timezone: question.timezone,
          ...figuresBody(totals),
          backlog: backlogBody(totals),
          rootCauses,
          replyEffect: effect && effectBody(replyEffect(effect.strata), effect),
          bucket: bucket ?? null,
          series: series?.map(({ start, end, ...row }) => ({ start, end, ...figuresBody(row) })) ?? null,
          groupBy: groupBy ?? null,
          groups:
            groups?.map(({ key, name, ...row }) => ({
              key,
              name,
              ...figuresBody(row),
              backlog: backlogBody(row),
            })) ?? null,
        },
      };
    },
  }),
  readRoute({
    url: "/v1/reports/responses/cases",
    tag: "reports",
    summary:
      "The list behind a figure of the report: exactly what it counts, by the same filters, newest first",
    allow: everyReader,
    query: z.strictObject({
      ...paging,
      ...filters,
      figure: z
        .enum(figureNames)
        .describe("its path in the report's answer, such as sla.missed or outcomes.answered"),
      rootCause: words(100).optional().describe("which one, with figure=rootCauses"),
    }),
    reply: pageOf(reportItemSchema),
    read: async (_deps, { db, query, caller, now }) => {
      const question = await questionOf(db, caller, query, now);
      const at = { after: decodeCursor(query.cursor, timeKeys), limit: query.limit + 1 };
      const rows = await itemsOf(db, question, query, at);
      const shown = page(
        rows,
        query.limit,
        row => [row.occurred_at, row.mention_id],
        row => row,
      );
      const mentions = await viewMentions(
        db,
        shown.items.map(row => row.mention_id),
      );
      return { body: { ...shown, items: shown.items.map(row => reportItemBody(row, mentions)) } };
    },
  }),
];

type Filters = z.output<z.ZodObject<typeof filters>>;

const isAboutPeople = ({ personId, departmentId }: Filters): boolean =>
  personId !== undefined || departmentId !== undefined;

async function questionOf(db: Db, caller: Caller, query: Filters, now: Date): Promise<EffectQuestion> {
  const { brandId, from: givenFrom, to: givenTo, timezone: zone, ...rest } = query;
  const to = givenTo ?? now;
  const from = givenFrom ?? new Date(to.getTime() - defaultRangeMs);
  if (from >= to) {
    const given = `from is ${from.toISOString()} and to is ${to.toISOString()}`;
    throw new ProblemError(422, "invalid-request", `${given}; from must be before to`);
  }
  const brandIds = scopedBrands(caller, brandId);
  const brands = await Promise.all((brandId ?? []).map(one => findBrand(db, one)));
  const unknown = brands.indexOf(undefined);
  if (brandId && unknown >= 0) throw notFound("brand", brandId[unknown] as string);
  const own = brands.length === 1 ? brands[0]?.timezone : undefined;
  return { ...rest, brandIds, from, to, timezone: zone ?? own ?? "UTC", now };
}

function assertBuckets({ from, to }: EffectQuestion, bucket: Bucket): void {
  const count = Math.ceil((to.getTime() - from.getTime()) / bucketMs[bucket]);
  if (count <= bucketLimit) return;
  throw new ProblemError(
    422,
    "invalid-request",
    `From ${from.toISOString()} to ${to.toISOString()} are about ${count} buckets of one ${bucket}, at most ${bucketLimit} fit into an answer: take a longer bucket or a shorter range`,
  );
}

type Listing = Filters & { figure: (typeof figureNames)[number]; rootCause?: string | undefined };

async function itemsOf(
  db: Db,
  question: EffectQuestion,
  query: Listing,
  at: Parameters<typeof listReportItems>[3],
) {
  const { figure, rootCause } = query;
  if ((figure === "rootCauses") !== (rootCause !== undefined)) {
    throw new ProblemError(
      422,
      "invalid-request",
      "rootCause goes with figure=rootCauses, and that with rootCause",
    );
  }
  if (isEffect(figure)) return isAboutPeople(query) ? [] : listEffectItems(db, question, figure, at);
  if (rootCause !== undefined) return listReportItems(db, question, { rootCause }, at);
  const counted = figure in ofFigure ? ofFigure[figure as keyof typeof ofFigure] : (figure as CountedFigure);
  return listReportItems(db, question, counted, at);
}

const isEffect = (figure: string): figure is EffectFigure => figure in effectFigures;
