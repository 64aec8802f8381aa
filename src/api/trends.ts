import { z } from "zod";
import { addCounts, type Counts, metricsOf, noCounts } from "#domain/metrics.ts";
import { annotationsOf } from "#store/annotation.ts";
import type { Db } from "#store/db.ts";
import {
  buckets,
  type Grouping,
  groupingNames,
  previousRange,
  readGroupedTrend,
  readTrend,
  type TrendBucket,
  type TrendQuestion,
} from "#store/trend.ts";
import { type AspectTones, readAspectTrend } from "#store/trend-aspects.ts";
import { readRescoredGroups, readRescoredTrend } from "#store/trend-rescored.ts";
import { annotationBody, annotationSchema } from "./annotations.ts";
import { everyReader, type Route, readRoute } from "./define.ts";
import { instant } from "./shape.ts";
import {
  bucketLimit,
  groupedBucketLimit,
  noCurrentAspects,
  rangeQuery,
  trendQuestion,
} from "./trend-question.ts";

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
  ...rangeQuery,
  groupBy: z.enum([...groupingNames, "aspect"]).optional(),
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
          "with groupBy: the same buckets for each value; coverage is the brand's, so it is null here. By aspect a mention counts for each of which it speaks, by its tone toward that aspect, and meanScore and meanRating are null",
        ),
      previous: z.object({ series, totals }).nullable(),
      annotations: z.array(annotationSchema).describe("of the brand within these buckets, at most 500"),
    }),
    read: async (_deps, { db, query: asked, caller, now }) => {
      if (asked.groupBy === "aspect" && asked.scored === "current") throw noCurrentAspects();
      const limit = asked.groupBy === undefined ? bucketLimit : groupedBucketLimit;
      const { brand, question } = await trendQuestion(db, caller, asked, now, limit);
      const read = asked.scored === "then" ? asScoredFirst : asScoredLast;
      const found = await read.trend(db, question);
      const range = { from: found[0]?.start ?? question.from, to: found.at(-1)?.end ?? question.to };
      return {
        body: {
          bucket: question.bucket,
          timezone: question.timezone,
          ...told(found),
          groups:
            asked.groupBy === undefined
              ? null
              : await groupsOf(db, read, { question, range, by: asked.groupBy }, found),
          previous: asked.compare === undefined ? null : await previousOf(db, read, question, found),
          annotations: (await annotationsOf(db, brand.id, range)).map(annotationBody),
        },
      };
    },
  }),
];

const told = (found: readonly TrendBucket[]) => ({
  series: found.map(bucket => ({ start: bucket.start, end: bucket.end, ...metricsOf(bucket) })),
  totals: metricsOf(addCounts(found)),
});

interface Range {
  from: Date;
  to: Date;
}

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
  { question, range, by }: { question: TrendQuestion; range: Range; by: Grouping | "aspect" },
  all: readonly TrendBucket[],
) {
  if (by === "aspect") return aspectGroups(await readAspectTrend(db, question), all);
  const rows = await read.groups(db, question, by, range);
  return [...Map.groupBy(rows, row => row.group)].map(([key, group]) => {
    const byStart = new Map<number, Counts>(group.map(row => [row.start.getTime(), row]));
    return {
      key,
      ...told(all.map(({ start, end }) => ({ ...noCounts, ...byStart.get(start.getTime()), start, end }))),
    };
  });
}

/** An aspect has tones; scores, stars and runs are of whole mentions. */
function aspectGroups(rows: readonly (AspectTones & { start: Date })[], all: readonly TrendBucket[]) {
  return [...Map.groupBy(rows, row => row.aspect)].map(([key, group]) => {
    const byStart = new Map(group.map(row => [row.start.getTime(), row]));
    const of = (start: Date) => {
      const { total = 0, positive = 0, neutral = 0, negative = 0 } = byStart.get(start.getTime()) ?? {};
      return { ...noCounts, total, positive, neutral, negative };
    };
    const { series, totals: sum } = told(all.map(({ start, end }) => ({ ...of(start), start, end })));
    return {
      key,
      series: series.map(one => ({ ...one, meanScore: null })),
      totals: { ...sum, meanScore: null },
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
