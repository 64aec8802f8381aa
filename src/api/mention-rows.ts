import { z } from "zod";
import { saidOf } from "#domain/expected.ts";
import type { ItemInput } from "#domain/item.ts";
import { cleanText } from "#domain/text.ts";
import { type PushedRow, type PushResult, pushedItem } from "#pipeline/push.ts";
import { id, instantIn } from "./shape.ts";

/** Text columns that an index holds are bounded by its 2,700 bytes. */
const keyLength = 500;

const text = (maxLength: number) =>
  z
    .string()
    .transform(cleanText)
    .pipe(z.string().max(maxLength, `longer than ${maxLength} characters`));
const optional = (maxLength: number) => text(maxLength).nullable().default(null);
const webAddress = z
  .url({ protocol: /^https?$/, error: "expected an http or https address" })
  .max(4_000)
  .transform(cleanText)
  .nullable()
  .default(null);
const at = instantIn
  .refine(
    date => date.getUTCFullYear() >= 1970 && date.getUTCFullYear() < 2100,
    "expected a time from 1970 on",
  )
  .nullable()
  .default(null);
const count = z.int().min(0).max(2_000_000_000);

const rating = z
  .strictObject({ value: z.number().min(0), scale: z.number().min(1).max(1_000) })
  .refine(({ value, scale }) => value <= scale, "value is above scale")
  .transform(({ value, scale }) => ({ value: Math.round(value * 1_000) / 1_000, scale }));

/** One pushed text as clients send it; absent facts are null. */
const mentionRow = z
  .strictObject({
    sourceId: id,
    externalId: text(keyLength).pipe(z.string().min(1, "is empty")),
    kind: z.enum(["review", "question", "post", "comment", "news"]),
    url: webAddress,
    title: optional(2_000),
    text: text(100_000).describe("may be empty where there is a rating"),
    rating: rating.nullable().default(null),
    author: z
      .strictObject({
        id: optional(keyLength),
        name: optional(keyLength),
        url: webAddress,
        reach: count.nullable().default(null),
      })
      .nullable()
      .default(null),
    publishedAt: at,
    editedAt: at,
    threadId: optional(keyLength),
    threadTitle: optional(2_000),
    parentExternalId: optional(keyLength),
    product: optional(500),
    engagement: z
      .strictObject({ likes: count, dislikes: count, views: count, replies: count, shares: count })
      .partial()
      .default({}),
    answer: z
      .strictObject({
        text: text(100_000),
        authorName: optional(500),
        publishedAt: at,
        url: webAddress,
        state: z.enum(["pending", "published", "rejected", "removed"]).default("published"),
      })
      .nullable()
      .default(null),
  })
  .refine(row => row.text.trim() !== "" || row.rating !== null, {
    path: ["text"],
    message: "is empty, and there is no rating either",
  });

/** The row in the published description; the request itself takes any row and answers for each. */
export const anyMentionRow = z
  .unknown()
  .meta(
    z.toJSONSchema(mentionRow, { io: "input", unrepresentable: "any", target: "draft-2020-12" }) as Record<
      string,
      unknown
    >,
  );

/** A row that can be stored, or the reason why not. */
export function readRow(input: unknown): PushedRow | PushResult {
  const { success, data, error } = mentionRow.safeParse(input);
  if (success) return { sourceId: data.sourceId, item: pushedItem(itemOf(data)) };
  const reasons = error.issues
    .slice(0, 3)
    .map(issue => (issue.path.length === 0 ? saidOf(issue) : `${issue.path.join(".")}: ${saidOf(issue)}`));
  return { externalId: externalIdOf(input), status: "rejected", mentionIds: [], error: reasons.join("; ") };
}

function itemOf({ sourceId: _source, answer, ...row }: z.output<typeof mentionRow>): ItemInput {
  return { ...row, answer: answer === null ? null : { ...answer, evidence: "told with the text" } };
}

/** What the client called a row that we could not read. */
function externalIdOf(input: unknown): string {
  const name = (input as { externalId?: unknown } | null)?.externalId;
  return typeof name === "string" ? cleanText(name).slice(0, keyLength).toWellFormed() : "";
}
