import { z } from "zod";
import { readShareOfVoice } from "#pipeline/trends/share-of-voice.ts";
import { type BrandRow, listRivals } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import { buckets } from "#store/trend.ts";
import { seesBrand } from "./auth.ts";
import { type Caller, everyReader, type Route, readRoute } from "./define.ts";
import { id, instant } from "./shape.ts";
import { groupedBucketLimit, rangeQuery, trendQuestion } from "./trend-question.ts";
import { share } from "./trend-shape.ts";

const voices = z.array(
  z
    .object({
      brandId: id,
      raw: z.int().describe("all mentions"),
      unique: z.int().describe("mentions that are no copies of an earlier text"),
      rawShare: share,
      share: share.describe("share of voice: copies count once"),
    })
    .meta({ id: "Voice" }),
);

export const voiceTrendRoute: Route = readRoute({
  url: "/v1/trends/share-of-voice",
  tag: "trends",
  summary: "How much of what is said is about the brand, and how much about its competitors",
  allow: everyReader,
  query: z.strictObject(rangeQuery),
  reply: z.object({
    bucket: z.enum(buckets),
    timezone: z.string(),
    brands: z
      .array(z.object({ id, name: z.string(), own: z.boolean() }))
      .describe("the own brand first; asked about a competitor, the brand that it competes with"),
    unseenCount: z.int().describe("competitors that this key may not see; they are left out of all shares"),
    series: z.array(z.object({ start: instant, end: instant, voices })),
    totals: voices,
  }),
  read: async (_deps, { db, query, caller, now }) => {
    const { brand, question } = await trendQuestion(db, caller, query, now, groupedBucketLimit);
    const { bucket, timezone } = question;
    const { seen, unseenCount } = await rivalsOf(db, caller, brand);
    return {
      body: {
        bucket,
        timezone,
        brands: seen.map(one => ({ id: one.id, name: one.name, own: one.competitor_of === null })),
        unseenCount,
        ...(await readShareOfVoice(db, question, seen)),
      },
    };
  },
});

/** A brand with those it competes with, the own brand first; archived ones are no rivals any more. */
export async function rivalsOf(db: Db, caller: Caller, brand: BrandRow) {
  const all = await listRivals(db, brand.competitor_of ?? brand.id);
  const shown = all.filter(one => one.id === brand.id || one.archived_at === null);
  const seen = shown.filter(one => seesBrand(caller, one.id));
  return { seen, unseenCount: shown.length - seen.length };
}
