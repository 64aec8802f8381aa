import { z } from "zod";
import { readAspects } from "#pipeline/trends/aspects.ts";
import { everyReader, type Route, readRoute } from "./define.ts";
import { bucketLimit, rangeQuery, trendQuestion } from "./trend-question.ts";
import { netSentiment, share, timeRange, tones } from "./trend-shape.ts";

const figures = {
  total: z.int().describe("mentions that speak of the aspect; one that speaks of two counts for both"),
  ...tones,
  netSentiment: netSentiment.describe("of the tones toward the aspect"),
  negativeShare: share,
};

const contribution = z
  .object({
    points: z.number().describe("of the movement of the brand's net sentiment, two decimals"),
    ofTone: z.number().describe("because the mentions that it carries became better or worse"),
    ofShare: z.number().describe("because it carries more or fewer of all mentions"),
  })
  .nullable()
  .describe("null where one of the ranges has no mentions");

export const aspectTrendRoute: Route = readRoute({
  url: "/v1/trends/aspects",
  tag: "trends",
  summary:
    "Which aspects move net sentiment: their contributions add up to its movement since the range before",
  allow: everyReader,
  query: z.strictObject(rangeQuery),
  reply: z.object({
    range: timeRange,
    previousRange: timeRange.describe("as many buckets that end where these begin"),
    netSentiment,
    previousNetSentiment: netSentiment,
    movement: z
      .number()
      .nullable()
      .describe(
        "of net sentiment before rounding, in points with two decimals; null where one range has no mentions",
      ),
    aspects: z
      .array(
        z.object({
          aspect: z
            .string()
            .nullable()
            .describe(
              "null: mentions that no aspect carries. An aspect carries a mention when the text speaks of it in the mention's own tone, two aspects half of it each",
            ),
          ...figures,
          previous: z.object(figures),
          contribution,
        }),
      )
      .describe("the strongest mover first"),
  }),
  read: async (_deps, { db, query, caller, now }) => {
    const { question } = await trendQuestion(db, caller, query, now, bucketLimit);
    const { rows, ...view } = await readAspects(db, question);
    return { body: { ...view, aspects: rows } };
  },
});
