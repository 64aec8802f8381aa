import { z } from "zod";
import { addCounts, type Counts, metricsOf, noCounts } from "#domain/metrics.ts";
import { findBrand } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import {
  type Bucket,
  buckets,
  type Grouping,
  groupingNames,
  previousRange,
  readGroupedTrend,
  readTrend,
  type TrendBucket,
  type TrendQuestion,
} from "#store/trend.ts";
import { readRescoredGroups, readRescoredTrend } from "#store/trend-rescored.ts";
import { seesBrand } from "./auth.ts";
import { everyReader, type Route, readRoute } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import { id, instant, instantIn, timezone } from "./shape.ts";

const dayMs = 86_400_000;
const defaultRangeMs = 30 * dayMs;
/** A year of hours, and 24 years of days. */
const bucketLimit = 9_000;
const groupedBucketLimit = 1_000;
/** The shortest that a bucket can be. */
const bucketMs: Record<Bucket, number> = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs, month: 28 * dayMs };

const figures = {
  total: z.int(),
  positive: z.int(),
  neutral: z.int(),
  negative: z.int(),
  netSentiment: z
    .number()
    .nullable()
    .describe("100 · (P − N) / (P + U + N), one decimal; null without a mention"),
  netSentimentPolar: z
    .number()
    .nullable()
    .describe("100 · (P − N) / (P + N), one decimal; null when P + N = 0"),
  brandHealth: z.number().nullable().describe("P / (P + N), three decimals; null when P + N = 0"),
  meanScore: z.number().nullable().describe("in [-1, 1], three decimals"),
  meanRating: z.number().nullable().describe("stars of five, three decimals; null without stars"),
  coverage: z
    .number()
    .nullable()
    .describe(
      "share of the scheduled runs of the brand's sources that succeeded; null when none was scheduled",
    ),
};
const totals = z.object(figures).meta({ id: "TrendTotals" });
const series = z.array(z.object({ start: instant, end: instant, ...figures }).meta({ id: "TrendBucket" }));

const query = z.strictObject({
  brandId: id,
  from: instantIn.optional().describe("30 days before `to` when absent; widened to whole buckets"),
  to: instantIn.optional().describe("exclusive; now when absent"),
  bucket: z.enum(buckets).default("day"),
  timezone: timezone.optional().describe("IANA name; the brand's when absent"),
  groupBy: z.enum(groupingNames).optional(),
  scored: z
    .enum(["then", "current"])
    .default("then")
    .describe("`then`: the tone as it was scored first; `current`: as the newest model scored it again"),
  compare: z.enum(["previous"]).optional().describe("adds as many buckets that end where these begin"),
});

export const trendRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/trends/sentiment",
    tag: "trends",
    summary: "How the tone moves: every bucket is there, empty ones with zeros",
    allow: everyReader,
    query,
    reply: z.object({
      bucket: z.enum(buckets),
      timezone: z.string(),
      series,
      totals,
      groups: z
        .array(z.object({ key: z.string(), series, totals }))
        .nullable()
        .describe(
          "with groupBy: the same buckets for each value; coverage is the brand's, so it is null here",
        ),
      previous: z.object({ series, totals }).nullable(),
    }),
    read: async (_deps, { db, query: asked, caller, now }) => {
      const brand = seesBrand(caller, asked.brandId) ? await findBrand(db, asked.brandId) : undefined;
      if (!brand) throw notFound("brand", asked.brandId);
      const to = asked.to ?? now;
      const question: TrendQuestion = {
        brandId: brand.id,
        from: asked.from ?? new Date(to.getTime() - defaultRangeMs),
        to,
        bucket: asked.bucket,
        timezone: asked.timezone ?? brand.timezone,
        brandTimezone: brand.timezone,
      };
      assertRange(question, asked.groupBy === undefined ? bucketLimit : groupedBucketLimit);
      const read = asked.scored === "then" ? asScoredFirst : asScoredLast;
      const found = await read.trend(db, question);
      return {
        body: {
          bucket: question.bucket,
          timezone: question.timezone,
          ...told(found),
          groups:
            asked.groupBy === undefined ? null : await groupsOf(db, read, question, asked.groupBy, found),
          previous: asked.compare === undefined ? null : await previousOf(db, read, question, found),
        },
      };
    },
  }),
];

/** Refuses a range that is empty or makes more buckets than anybody can read. */
function assertRange({ from, to, bucket }: TrendQuestion, limit: number): void {
  if (from >= to) {
    const given = `from is ${from.toISOString()} and to is ${to.toISOString()}`;
    throw new ProblemError(422, "invalid-request", `${given}; from must be before to`);
  }
  const count = Math.ceil((to.getTime() - from.getTime()) / bucketMs[bucket]);
  if (count <= limit) return;
  throw new ProblemError(
    422,
    "invalid-request",
    `From ${from.toISOString()} to ${to.toISOString()} are about ${count} buckets of one ${bucket}, at most ${limit} fit into an answer: take a longer bucket or a shorter range`,
  );
}

const told = (found: readonly TrendBucket[]) => ({
  series: found.map(({ start, end, ...counts }) => ({ start, end, ...metricsOf(counts) })),
  totals: metricsOf(addCounts(found)),
});

/** Where the counts of a trend come from. */
interface Readers {
  trend: typeof readTrend;
  groups: typeof readRescoredGroups;
}

const asScoredFirst: Readers = { trend: readTrend, groups: readGroupedTrend };
const asScoredLast: Readers = { trend: readRescoredTrend, groups: readRescoredGroups };

async function groupsOf(
  db: Db,
  read: Readers,
  question: TrendQuestion,
  by: Grouping,
  all: readonly TrendBucket[],
) {
  const range = { from: all[0]?.start ?? question.from, to: all.at(-1)?.end ?? question.to };
  const rows = await read.groups(db, question, by, range);
  return [...Map.groupBy(rows, row => row.group)].map(([key, group]) => {
    const byStart = new Map<number, Counts>(group.map(row => [row.start.getTime(), row]));
    return {
      key,
      ...told(all.map(({ start, end }) => ({ ...noCounts, ...byStart.get(start.getTime()), start, end }))),
    };
  });
}

async function previousOf(db: Db, read: Readers, question: TrendQuestion, found: readonly TrendBucket[]) {
  const [first] = found;
  if (!first) return null;
  return told(
    await read.trend(db, { ...question, ...(await previousRange(db, question, first.start, found.length)) }),
  );
}
