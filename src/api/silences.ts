import { z } from "zod";
import { ruleKinds } from "#domain/alerts/kinds.ts";
import { changeSilence, createSilence, endSilence } from "#pipeline/silences.ts";
import type { Db } from "#store/db.ts";
import { findSilence, listSilences, type SilenceRow } from "#store/silence.ts";
import { seesBrand } from "./auth.ts";
import { type Caller, deskRoles, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import { scopedBrands } from "./scope.ts";
import {
  decodeCursor,
  flag,
  id,
  idParams,
  instant,
  instantIn,
  listOf,
  page,
  pageOf,
  paging,
  timeKeys,
} from "./shape.ts";

const scope = {
  brandId: id.describe("alerts of this brand; a key of some brands has to name one"),
  ruleId: id.describe("alerts of this rule"),
  kind: z.enum(ruleKinds).describe("alerts of rules of this kind"),
  sourceId: id.describe("alerts about this source and what it brought"),
  channelId: id.describe("messages through this channel"),
};
const reason = z.string().trim().min(1).max(1_000);
const create = z.strictObject({
  ...z.strictObject(scope).partial().shape,
  reason,
  until: instantIn.describe("when what was held leaves, in one message for each rule and chat"),
});
const change = z.strictObject({ reason, until: instantIn }).partial();

const silenceSchema = z
  .object({
    id,
    brandId: scope.brandId.nullable(),
    ruleId: scope.ruleId.nullable(),
    kind: scope.kind.nullable(),
    sourceId: scope.sourceId.nullable(),
    channelId: scope.channelId.nullable(),
    reason: z.string(),
    until: instant,
    active: z.boolean().describe("it holds messages now"),
    createdBy: id.nullable(),
    createdAt: instant,
    endedAt: instant.nullable().describe("ended by hand, before its time"),
  })
  .meta({ id: "Silence" });

const silenceBody =
  (now: Date) =>
  (row: SilenceRow): z.input<typeof silenceSchema> => ({
    id: row.id,
    brandId: row.brand_id,
    ruleId: row.rule_id,
    kind: row.kind,
    sourceId: row.source_id,
    channelId: row.channel_id,
    reason: row.reason,
    until: row.until,
    active: row.ended_at === null && row.until > now,
    createdBy: row.created_by,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  });

export const silenceRoutes: readonly Route[] = [
  writeRoute({
    method: "POST",
    url: "/v1/silences",
    tag: "alerts",
    summary:
      "Hold messages back for a time; alerts are raised all the same, and what was held leaves afterwards",
    allow: deskRoles,
    body: create,
    reply: silenceSchema,
    status: 201,
    audit: { action: "create", object: "silence" },
    change: async (tx, _deps, { body, caller, scope: who, now }) => {
      if (body.brandId !== undefined && !seesBrand(caller, body.brandId))
        throw notFound("brand", body.brandId);
      const row = await createSilence(tx, who, body, now);
      return { body: silenceBody(now)(row), objectId: row.id, location: `/v1/silences/${row.id}` };
    },
  }),
  readRoute({
    url: "/v1/silences",
    tag: "alerts",
    summary: "Silences of the brands that this key may see",
    allow: everyReader,
    query: z.strictObject({ ...paging, brandId: listOf(id).optional(), active: flag.optional() }),
    reply: pageOf(silenceSchema),
    read: async (_deps, { db, query: { limit, cursor, brandId, active }, caller, now }) => {
      const filters = { brandIds: scopedBrands(caller, brandId), active, now };
      const rows = await listSilences(db, filters, decodeCursor(cursor, timeKeys), limit + 1);
      return { body: page(rows, limit, row => [row.created_at, row.id], silenceBody(now)) };
    },
  }),
  readRoute({
    url: "/v1/silences/:id",
    tag: "alerts",
    summary: "One silence",
    allow: everyReader,
    params: idParams,
    reply: silenceSchema,
    read: async (_deps, { db, params, caller, now }) => ({
      body: silenceBody(now)(await visibleSilence(db, caller, params.id)),
    }),
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/silences/:id",
    tag: "alerts",
    summary: "Make a silence longer or shorter",
    allow: deskRoles,
    params: idParams,
    body: change,
    reply: silenceSchema,
    status: 200,
    audit: { action: "update", object: "silence" },
    change: async (tx, deps, { params, body, caller, now }) => {
      await visibleSilence(tx, caller, params.id);
      const row = await changeSilence(tx, params.id, body, now);
      if (!row) throw over(await visibleSilence(tx, caller, params.id));
      return { body: silenceBody(now)(row), objectId: row.id, after: () => deps.enqueue.notify() };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/silences/:id",
    tag: "alerts",
    summary: "End a silence: what it held leaves now",
    allow: deskRoles,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "end", object: "silence" },
    change: async (tx, deps, { params, caller, now }) => {
      await visibleSilence(tx, caller, params.id);
      if (!(await endSilence(tx, params.id, now))) throw over(await visibleSilence(tx, caller, params.id));
      return { body: undefined, objectId: params.id, after: () => deps.enqueue.notify() };
    },
  }),
];

const over = ({ ended_at }: SilenceRow) =>
  new ProblemError(
    409,
    "conflict",
    `The silence was ended at ${ended_at?.toISOString()}; POST /v1/silences makes a new one`,
  );

/** One of all brands is seen by whoever sees all. */
async function visibleSilence(db: Db, caller: Caller, silenceId: string): Promise<SilenceRow> {
  const row = await findSilence(db, silenceId);
  const visible =
    row !== undefined && (row.brand_id === null ? caller.brandIds === null : seesBrand(caller, row.brand_id));
  if (!visible) throw notFound("silence", silenceId);
  return row;
}
