import { z } from "zod";
import { type BrandRow, findBrand } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import { type Bucket, buckets, type TrendQuestion } from "#store/trend.ts";
import { seesBrand } from "./auth.ts";
import type { Caller } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import { id, instantIn, timezone } from "./shape.ts";

const dayMs = 86_400_000;
const defaultRangeMs = 30 * dayMs;
/** A year of hours, and 24 years of days. */
export const bucketLimit = 9_000;
export const groupedBucketLimit = 1_000;
/** The shortest that a bucket can be. */
const bucketMs: Record<Bucket, number> = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs, month: 28 * dayMs };

/** What every view of a trend is asked by. */
export const rangeQuery = {
  brandId: id,
  from: instantIn.optional().describe("30 days before `to` when absent; widened to whole buckets"),
  to: instantIn.optional().describe("exclusive; now when absent"),
  bucket: z.enum(buckets).default("day"),
  timezone: timezone.optional().describe("IANA name; the brand's when absent"),
};

/** The same without buckets, for views that read single mentions. */
export const spanQuery = {
  brandId: id,
  from: instantIn.optional().describe("30 days before `to` when absent"),
  to: instantIn.optional().describe("exclusive; now when absent"),
};

interface Asked {
  brandId: string;
  from?: Date | undefined;
  to?: Date | undefined;
  bucket: Bucket;
  timezone?: string | undefined;
}

/** The question with all that was left out, about a brand that the key may see. */
export async function trendQuestion(
  db: Db,
  caller: Caller,
  asked: Asked,
  now: Date,
  limit: number,
): Promise<{ brand: BrandRow; question: TrendQuestion }> {
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
  assertRange(question, limit);
  return { brand, question };
}

/** A time of a brand that the key may see. */
export async function spanOf(
  db: Db,
  caller: Caller,
  asked: Omit<Asked, "bucket" | "timezone">,
  now: Date,
): Promise<{ brandId: string; from: Date; to: Date }> {
  const { question } = await trendQuestion(db, caller, { ...asked, bucket: "day" }, now, bucketLimit);
  return { brandId: question.brandId, from: question.from, to: question.to };
}

/** Refuses a time that is longer than a view reads whole. */
export function assertDays({ from, to }: { from: Date; to: Date }, mostDays: number): void {
  const days = Math.ceil((to.getTime() - from.getTime()) / dayMs);
  if (days <= mostDays) return;
  throw new ProblemError(
    422,
    "invalid-request",
    `From ${from.toISOString()} to ${to.toISOString()} are ${days} days, at most ${mostDays} are read at once: take a shorter range, or ask for each year by itself`,
  );
}

export const noCurrentAspects = () =>
  new ProblemError(
    422,
    "invalid-request",
    "groupBy is aspect and scored is current, but aspects are counted as they were scored first: leave scored out, or group by sourceKind, kind or language; the newest aspects of one mention are `rescored` in GET /v1/mentions/{id}",
  );

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
