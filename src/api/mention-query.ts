import { z } from "zod";
import { textKinds } from "#domain/item.ts";
import type { MentionOrder } from "#store/mention-list.ts";
import { toneSchema } from "./mention-shape.ts";
import { sourceKindId, words } from "./scope.ts";
import { decodeCursor, flag, id, instantIn, listOf, paging, timeKeys } from "./shape.ts";

const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What `sinceSeq` goes with: a filter on what can change would hide the change that takes a mention out of it. */
const withSinceSeq = new Set(["sinceSeq", "brandId", "limit", "cursor", "sort"]);

/** What a list of mentions may be narrowed by; exports take the same. */
export const mentionFilters = {
  brandId: listOf(id).optional(),
  sourceId: listOf(id).optional(),
  sourceKind: listOf(sourceKindId).optional(),
  kind: listOf(z.enum(textKinds)).optional(),
  tone: listOf(toneSchema).optional(),
  language: listOf(words(20)).optional(),
  aspect: listOf(words(100)).optional(),
  author: words(500).optional().describe("his id at the source, or his name"),
  ratingLte: z.coerce.number().min(0).max(5).optional().describe("stars of five"),
  answered: flag.optional(),
  duplicate: flag.optional(),
  spam: flag.optional(),
  from: instantIn.optional().describe("of the text's time, inclusive"),
  to: instantIn.optional().describe("of the text's time, exclusive"),
  q: words(500)
    .optional()
    .describe(
      'words, "phrases", or, -not; Russian and English forms are found. A page of a list that only excludes words may hold fewer than limit, even none: go on until nextCursor is null',
    ),
};

export const mentionQuery = z
  .strictObject({
    ...paging,
    ...mentionFilters,
    sort: z.enum(["-publishedAt", "-seq"]).default("-publishedAt"),
    sinceSeq: seq.optional().describe("the last seq the client has seen; 0 begins"),
  })
  .superRefine((query, context) => {
    if (query.sinceSeq === undefined) return;
    for (const name of Object.keys(query)) {
      if (withSinceSeq.has(name)) continue;
      context.addIssue({
        code: "custom",
        path: [name],
        message: `cannot go with sinceSeq, which goes with brandId, limit and cursor alone; filter what it returns`,
      });
    }
  });

export type MentionQuery = z.output<typeof mentionQuery>;

/** Sort order and position of a list; `sinceSeq` walks on by seq. */
export function orderOf({ sort, cursor, sinceSeq }: MentionQuery): MentionOrder {
  if (sort === "-publishedAt" && sinceSeq === undefined)
    return { by: "occurredAt", after: decodeCursor(cursor, timeKeys) };
  return { by: "seq", after: decodeCursor(cursor, z.tuple([seq]))?.[0] ?? null };
}
