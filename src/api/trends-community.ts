import { z } from "zod";
import { readCommunity } from "#pipeline/trends/community.ts";
import { findBrand } from "#store/brand.ts";
import { everyReader, type Route, readRoute } from "./define.ts";
import { timezone } from "./shape.ts";
import { assertDays, spanOf, spanQuery } from "./trend-question.ts";
import { netSentiment, share, tones } from "./trend-shape.ts";

/** Every text of the range is read, as are those of the thirteen months of cohorts. */
const mostDays = 400;

export const communityTrendRoute: Route = readRoute({
  url: "/v1/trends/community",
  tag: "trends",
  summary: "The life of the brand's own places: who comes, who stays, who talks to whom, in what mood",
  allow: everyReader,
  query: z.strictObject({
    ...spanQuery,
    from: spanQuery.from.describe(
      `30 days before \`to\` when absent, at most ${mostDays}: texts are read one by one`,
    ),
    timezone: timezone.optional().describe("of the months of cohorts; the brand's when absent"),
  }),
  reply: z.object({
    activity: z.object({
      textCount: z.int().describe("texts of members: all but the brand's own voice"),
      openingCount: z.int().describe("texts that begin a thread instead of answering"),
      officialCount: z.int().describe("texts of the brand's own voice"),
      activeCount: z.int().describe("members who wrote"),
      newCount: z.int().describe("who had never written at these places before the range"),
      returningCount: z.int(),
      ...tones,
      reactions: z.number().describe("likes, dislikes, replies and shares of all texts"),
      viewedReactions: z.number().describe("the same of texts whose views are known"),
      views: z.number(),
    }),
    mood: netSentiment,
    textsPerMember: z.number().nullable(),
    reactionsPerText: z.number().nullable(),
    engagementRate: z.number().nullable().describe("viewedReactions / views, four decimals"),
    userContent: share.describe("texts of members among all texts, those of the brand's own voice included"),
    links: z.object({
      linkCount: z.int().describe("replies of a member to another member"),
      pairCount: z.int().describe("pairs of members, of whom one replied to the other"),
      mutualCount: z.int().describe("pairs who replied to each other"),
      linkedCount: z.int().describe("active members in a pair"),
      density: z.number().nullable().describe("pairs of those that active members could be, four decimals"),
    }),
    cohorts: z
      .array(
        z.object({
          month: z.string().describe("in which they wrote for the first time, such as 2026-11"),
          size: z.int(),
          retention: z.array(
            z.object({
              months: z.int().describe("1, 3, 6 and 12 months later"),
              count: z.int().nullable().describe("who wrote in that month; null while it is not over"),
              share,
            }),
          ),
        }),
      )
      .describe("of the month of `to` and the twelve before, empty ones left out"),
  }),
  read: async (_deps, { db, query: { timezone: zone, ...query }, caller, now }) => {
    const span = await spanOf(db, caller, query, now);
    assertDays(span, mostDays);
    const brand = await findBrand(db, span.brandId);
    return { body: await readCommunity(db, { ...span, timezone: zone ?? brand?.timezone ?? "UTC" }) };
  },
});
