import { z } from "zod";
import { readRatings } from "#pipeline/trends/ratings.ts";
import { buckets } from "#store/trend.ts";
import { everyReader, type Route, readRoute } from "./define.ts";
import { id, instant } from "./shape.ts";
import { bucketLimit, rangeQuery, trendQuestion } from "./trend-question.ts";
import { share } from "./trend-shape.ts";

const figures = {
  ratingCount: z.int(),
  meanRating: z.number().nullable().describe("stars of five, three decimals; null without ratings"),
  stars: z.array(z.int()).describe("five numbers: ratings that round to one star, to two, …, to five"),
  lowShare: share.describe("of one and two stars"),
  highShare: share.describe("of four and five stars"),
};

export const ratingTrendRoute: Route = readRoute({
  url: "/v1/trends/ratings",
  tag: "trends",
  summary: "How the stars move, and which sources they come from",
  allow: everyReader,
  query: z.strictObject(rangeQuery),
  reply: z.object({
    bucket: z.enum(buckets),
    timezone: z.string(),
    series: z.array(z.object({ start: instant, end: instant, ...figures })),
    totals: z.object(figures),
    sources: z.array(z.object({ sourceId: id, ...figures })).describe("the most ratings first"),
  }),
  read: async (_deps, { db, query, caller, now }) => {
    const { question } = await trendQuestion(db, caller, query, now, bucketLimit);
    const { bucket, timezone } = question;
    return { body: { bucket, timezone, ...(await readRatings(db, question)) } };
  },
});
