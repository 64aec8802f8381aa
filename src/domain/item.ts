import { z } from "zod";
import { contentHash } from "./hash.ts";

export const textKinds = ["review", "question", "post", "comment", "news", "search-result"] as const;
export type TextKind = (typeof textKinds)[number];

export const answerStates = ["none", "pending", "published", "rejected", "removed", "stale"] as const;
export type AnswerState = (typeof answerStates)[number];

const date = z.date().nullable().default(null);
/** A site may count beyond what a column of ours holds; nothing depends on the difference. */
const count = z
  .number()
  .int()
  .nonnegative()
  .transform(value => Math.min(value, 2_147_483_647));

/** Longest id that an index of ours holds in any script. */
const longestId = 500;

/** An id that fits an index: of a longer one the end is replaced by a hash of it all, so it stays the same id. */
const siteId = z
  .string()
  .max(4000)
  .transform(id =>
    id.length <= longestId ? id : id.slice(0, longestId - 40).toWellFormed() + contentHash(id),
  );

/** The brand's own public reply as the source shows it; `evidence` says why it counts as official. */
const itemAnswerSchema = z.object({
  externalId: z.string().max(500).nullable().default(null),
  text: z.string().max(100_000),
  authorName: z.string().max(500).nullable().default(null),
  publishedAt: date,
  url: z.string().max(4000).nullable().default(null),
  state: z.enum(["pending", "published", "rejected", "removed"]),
  evidence: z.string().max(200),
});

/**
 * What a source kind yields: one public text, before normalisation. Absent facts are null, never guessed.
 * `text` is plain text with `\n` between blocks. `owned` marks texts on the brand's own pages, which need
 * no name to be about the brand. `author.badges` are what the site prints beside the name.
 */
export const itemSchema = z.object({
  externalId: siteId.refine(id => id !== "", "an id is never empty"),
  kind: z.enum(textKinds),
  url: z.string().max(4000).nullable().default(null),
  title: z.string().max(2000).nullable().default(null),
  text: z.string().max(1_000_000),
  rating: z.object({ value: z.number().finite(), scale: z.number().positive() }).nullable().default(null),
  author: z
    .object({
      id: z.string().max(500).nullable().default(null),
      name: z.string().max(500).nullable().default(null),
      url: z.string().max(4000).nullable().default(null),
      reach: count.nullable().default(null),
      badges: z.array(z.string().max(200)).max(20).default([]),
    })
    .nullable()
    .default(null),
  publishedAt: date,
  editedAt: date,
  threadId: siteId.nullable().default(null),
  threadTitle: z.string().max(2000).nullable().default(null),
  parentExternalId: siteId.nullable().default(null),
  engagement: z
    .object({ likes: count, dislikes: count, views: count, replies: count, shares: count })
    .partial()
    .default({}),
  answer: itemAnswerSchema.nullable().default(null),
  owned: z.boolean().default(false),
  product: z.string().max(500).nullable().default(null),
  /** A search result's place: identity is (engine, query, region, device, URL), the position is observed. */
  observation: z
    .object({
      query: z.string(),
      position: z.number().int().positive(),
      region: z.string(),
      device: z.string(),
      foundCount: count.nullable(),
    })
    .nullable()
    .default(null),
});

export type Item = z.output<typeof itemSchema>;
/** What a kind's `parse` writes: the optional facts may be left out. */
export type ItemInput = z.input<typeof itemSchema>;
