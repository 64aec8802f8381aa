import { z } from "zod";
import { correctMention } from "#pipeline/correct.ts";
import { type PushedRow, type PushResult, push } from "#pipeline/push.ts";
import { layersOf, scoredBy, toneInput } from "#pipeline/score.ts";
import type { Db } from "#store/db.ts";
import { documentVersions } from "#store/document.ts";
import { listMentions } from "#store/mention-list.ts";
import { changedMentions, clusterMates, type MentionView, viewMentions } from "#store/mention-read.ts";
import { newestScores } from "#store/rescore.ts";
import { brandIdsOf, type SourceRow } from "#store/source.ts";
import { seesBrand } from "./auth.ts";
import { type Caller, deskRoles, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { detailBody, mentionDetailSchema } from "./mention-detail.ts";
import { type MentionQuery, mentionQuery, orderOf } from "./mention-query.ts";
import { anyMentionRow, readRow } from "./mention-rows.ts";
import { mentionBody, mentionSchema, toneSchema } from "./mention-shape.ts";
import { notFound } from "./problem.ts";
import { scopedBrands, words } from "./scope.ts";
import { encodeCursor, id, idParams, page, pageOf } from "./shape.ts";

const tombstone = z.object({ id, seq: z.int(), deleted: z.literal(true) }).meta({ id: "DeletedMention" });

const pushReply = z.object({
  results: z.array(
    z.object({
      externalId: z.string(),
      status: z.enum(["created", "updated", "unchanged", "rejected"]),
      mentionIds: z.array(id).describe('empty with "created": stored, but no brand\'s query matches it'),
      error: z.string().optional(),
    }),
  ),
});

const correction = z
  .strictObject({
    tone: toneSchema.nullable(),
    spam: z.boolean().nullable(),
    matched: z.boolean().nullable().describe("false: not about the brand"),
    aspects: z
      .array(z.strictObject({ aspect: words(100), tone: toneSchema }))
      .max(50)
      .nullable(),
    tags: z.array(words(100)).max(50),
  })
  .partial()
  .refine(body => Object.keys(body).length > 0, "give at least one of tone, spam, matched, aspects, tags");

export const mentionRoutes: readonly Route[] = [
  writeRoute({
    method: "POST",
    url: "/v1/mentions",
    tag: "mentions",
    summary: "Push up to 1,000 texts; each row is answered for itself, in the order given",
    allow: ["admin", "manager", "ingest"],
    body: z.strictObject({ mentions: z.array(anyMentionRow).min(1).max(1_000) }),
    reply: pushReply,
    status: 200,
    audit: { action: "push", object: "mention" },
    change: async (tx, deps, { body, caller, now }) => {
      const read = body.mentions.map(readRow);
      const rows = read.filter((row): row is PushedRow => "item" in row);
      const maySee = (source: SourceRow) => mayPush(tx, caller, source);
      const { results, alertCount } = await push(tx, deps, rows, { trigger: "push", maySee, now });
      const stored = new Map(rows.map((row, n) => [row, results[n] as PushResult]));
      return {
        body: { results: read.map(row => ("item" in row ? (stored.get(row) as PushResult) : row)) },
        objectId: null,
        after: async () => {
          if (alertCount > 0) await deps.enqueue.notify();
        },
      };
    },
  }),
  readRoute({
    url: "/v1/mentions",
    tag: "mentions",
    summary:
      "Mentions, newest first; with sinceSeq every mention and every later change at least once, in the order of seq",
    allow: everyReader,
    query: mentionQuery,
    reply: pageOf(z.union([tombstone, mentionSchema])).extend({
      nextSeq: z.int().optional().describe("with sinceSeq: the number to go on from"),
    }),
    read: async ({ db }, { query, caller }) => {
      const brandIds = scopedBrands(caller, query.brandId);
      if (query.sinceSeq !== undefined) return { body: await changes(db, query, brandIds) };
      const order = orderOf(query);
      const { rows, stoppedAt } = await listMentions(db, { ...query, brandIds }, order, query.limit + 1);
      const keys = (row: MentionView) => (order.by === "seq" ? [row.seq] : [row.occurred_at, row.id]);
      const body = page(rows, query.limit, keys, mentionBody);
      return { body: stoppedAt === null ? body : { ...body, nextCursor: encodeCursor(stoppedAt) } };
    },
  }),
  readRoute({
    url: "/v1/mentions/:id",
    tag: "mentions",
    summary: "One mention with its earlier texts, its re-posts and the explanation of its tone",
    allow: everyReader,
    params: idParams,
    reply: mentionDetailSchema,
    read: async ({ db, scorer }, { params, caller }) => {
      const row = await visibleMention(db, caller, params.id);
      const [versions, mates, scores, layers] = await Promise.all([
        documentVersions(db, row.document_id),
        clusterMates(db, row, 50),
        newestScores(db, [row.id]),
        layersOf(db, scorer, [row.source_id]),
      ]);
      const layer = layers.get(row.source_id) ?? null;
      const explained = {
        ...scorer.explain(toneInput(row, layer)),
        modelVersion: scoredBy(scorer.modelVersion, layer),
      };
      return { body: detailBody(row, { versions, mates, rescored: scores.get(row.id) ?? null, explained }) };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/mentions/:id",
    tag: "mentions",
    summary: "Correct a mention: kept beside the model's values; counts and the case follow, no alert does",
    allow: deskRoles,
    params: idParams,
    body: correction,
    reply: mentionSchema,
    status: 200,
    audit: { action: "correct", object: "mention" },
    change: async (tx, _deps, { params, body, scope, now }) => {
      const row = await correctMention(tx, scope, params.id, body, now);
      const view = row && (await viewMentions(tx, [row.id])).get(row.id);
      if (!view) throw notFound("mention", params.id);
      return { body: mentionBody(view), objectId: view.id };
    },
  }),
];

/** Only push sources take texts, and a scoped key must see every brand that the source serves. */
async function mayPush(db: Db, caller: Caller, source: SourceRow): Promise<boolean> {
  if (source.kind !== "push") return false;
  if (caller.brandIds === null) return true;
  const brandIds = await brandIdsOf(db, source.id);
  return brandIds.length > 0 && brandIds.every(brandId => seesBrand(caller, brandId));
}

/** A mention that an erasure emptied is nobody's to see; one that a person took out can still be looked at. */
async function visibleMention(db: Db, caller: Caller, mentionId: string): Promise<MentionView> {
  const row = (await viewMentions(db, [mentionId])).get(mentionId);
  if (!row || row.erased_at !== null || !seesBrand(caller, row.brand_id))
    throw notFound("mention", mentionId);
  return row;
}

async function changes(db: Db, query: MentionQuery, brandIds: readonly string[] | null) {
  const order = orderOf(query);
  const after = (order.by === "seq" ? order.after : null) ?? query.sinceSeq ?? 0;
  const rows = await changedMentions(db, { brandIds, after, limit: query.limit + 1 });
  const shown = rows.slice(0, query.limit);
  const nextSeq = shown.at(-1)?.seq ?? after;
  return {
    items: shown.map(row =>
      row.deleted_at === null && row.erased_at === null
        ? mentionBody(row)
        : { id: row.id, seq: row.seq, deleted: true as const },
    ),
    nextCursor: rows.length > query.limit ? encodeCursor([nextSeq]) : null,
    nextSeq,
  };
}
