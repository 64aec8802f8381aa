import { z } from "zod";
import { InputError } from "#domain/errors.ts";
import { runNow } from "#pipeline/schedule.ts";
import { archiveSource, changeSource, createSource, type SourceTools } from "#pipeline/sources.ts";
import { findSourceKind } from "#sources/registry.ts";
import type { Tx } from "#store/db.ts";
import { findSourceView, listSources, type SourceView } from "#store/source-list.ts";
import { seesBrand } from "./auth.ts";
import {
  type ApiDeps,
  adminOnly,
  type Caller,
  everyReader,
  type Route,
  readRoute,
  writeRoute,
} from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import { scopedBrands } from "./scope.ts";
import {
  decodeCursor,
  flag,
  id,
  idParams,
  instant,
  instantIn,
  page,
  pageOf,
  paging,
  timeKeys,
  timezone,
} from "./shape.ts";

const schedule = z
  .union([
    z.strictObject({ every: z.string().max(20).describe("such as 90s, 15m, 6h, 1d") }),
    z.strictObject({ cron: z.string().max(200), timezone }),
  ])
  .describe("how often the source is asked; the kind's own interval by default");

const given = z.record(z.string(), z.unknown());
const health = z.enum(["new", "ok", "failing", "blocked", "layout-changed", "stale"]);

const fields = {
  title: z.string().trim().min(1).max(200),
  brandIds: z.array(id).min(1).max(100),
  settings: given.describe("by the kind's schema: GET /v1/source-kinds"),
  credentials: given.describe("by the kind's schema; sealed at once and never shown again"),
  schedule,
  enabled: z.boolean(),
  actFrom: instantIn.describe(
    "older texts are counted, but open no case and raise no alert; 14 days ago by default",
  ),
};

const change = z.strictObject(fields).partial();
const create = change.extend({
  kind: z.string().min(1).max(60),
  brandIds: fields.brandIds,
  settings: given.default({}).describe("by the kind's schema: GET /v1/source-kinds"),
});

const sourceSchema = z
  .object({
    id,
    kind: z.string(),
    title: z.string(),
    brandIds: z.array(id),
    settings: given,
    hasCredentials: z.boolean(),
    schedule,
    enabled: z.boolean(),
    actFrom: instant,
    health,
    failureCount: z.int().describe("failed runs in a row"),
    lastOkAt: instant.nullable(),
    staleSince: instant.nullable(),
    lastRun: z
      .object({
        id,
        trigger: z.string(),
        outcome: z.string().nullable().describe("null while it runs"),
        startedAt: instant,
        endedAt: instant.nullable(),
        error: z.string().nullable(),
      })
      .nullable(),
    nextRunAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
    archivedAt: instant.nullable(),
  })
  .meta({ id: "Source" });

const dateOrNull = (text: string | null) => (text === null ? null : new Date(text));

const sourceBody =
  (caller: Caller) =>
  (view: SourceView): z.input<typeof sourceSchema> => ({
    id: view.id,
    kind: view.kind,
    title: view.title,
    brandIds: view.brandIds.filter(brandId => seesBrand(caller, brandId)),
    settings: view.settings as Record<string, unknown>,
    hasCredentials: view.hasCredentials,
    schedule: view.schedule,
    enabled: view.enabled,
    actFrom: view.act_from,
    health: view.health,
    failureCount: view.failure_count,
    lastOkAt: view.last_ok_at,
    staleSince: view.stale_since,
    lastRun: view.lastRun && {
      ...view.lastRun,
      startedAt: new Date(view.lastRun.startedAt),
      endedAt: dateOrNull(view.lastRun.endedAt),
    },
    nextRunAt: view.enabled ? view.next_run_at : null,
    createdAt: view.created_at,
    updatedAt: view.updated_at,
    archivedAt: view.archived_at,
  });

const tools = ({ secrets, checkAddress }: ApiDeps, caller: Caller): SourceTools => ({
  secrets,
  checkAddress,
  maySee: brandId => seesBrand(caller, brandId),
});

/** The living source, if the key sees all that it serves: a change touches all of its brands. */
async function changeable(tx: Tx, sourceId: string, caller: Caller): Promise<SourceView> {
  const view = await findSourceView(tx, sourceId, caller.brandIds);
  if (!view || view.archived_at !== null) throw notFound("source", sourceId);
  if (view.brandIds.every(brandId => seesBrand(caller, brandId))) return view;
  throw new ProblemError(
    403,
    "forbidden",
    "This source also serves brands that this key may not see; a key for all of them can change it",
  );
}

function assertAsked({ kind }: SourceView): void {
  if (findSourceKind(kind).request !== undefined) return;
  throw new InputError(`A source of the kind ${kind} is not asked: send its texts with POST /v1/mentions`);
}

async function shown(tx: Tx, sourceId: string, caller: Caller) {
  return sourceBody(caller)((await findSourceView(tx, sourceId, null)) as SourceView);
}

export const sourceRoutes: readonly Route[] = [
  writeRoute({
    method: "POST",
    url: "/v1/sources",
    tag: "sources",
    summary: "Add a source; it is asked at once, then by its schedule",
    allow: adminOnly,
    body: create,
    reply: sourceSchema,
    status: 201,
    audit: { action: "create", object: "source" },
    change: async (tx, deps, { body, caller, now }) => {
      const sourceId = await createSource(tx, tools(deps, caller), body, now);
      return {
        body: await shown(tx, sourceId, caller),
        objectId: sourceId,
        location: `/v1/sources/${sourceId}`,
      };
    },
  }),
  readRoute({
    url: "/v1/sources",
    tag: "sources",
    summary: "Sources of the brands that this key may see",
    allow: everyReader,
    query: z.strictObject({
      ...paging,
      brandId: id.optional(),
      kind: z.string().max(60).optional(),
      health: health.optional(),
      archived: flag.default(false),
    }),
    reply: pageOf(sourceSchema),
    read: async (_deps, { db, query: { limit, cursor, brandId, ...filter }, caller }) => {
      const rows = await listSources(db, {
        ...filter,
        brandIds: scopedBrands(caller, brandId === undefined ? undefined : [brandId]),
        after: decodeCursor(cursor, timeKeys),
        limit: limit + 1,
      });
      return { body: page(rows, limit, row => [row.created_at, row.id], sourceBody(caller)) };
    },
  }),
  readRoute({
    url: "/v1/sources/:id",
    tag: "sources",
    summary: "One source with its health, last run and next run",
    allow: everyReader,
    params: idParams,
    reply: sourceSchema,
    read: async (_deps, { db, params, caller }) => {
      const view = await findSourceView(db, params.id, caller.brandIds);
      if (!view) throw notFound("source", params.id);
      return { body: sourceBody(caller)(view) };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/sources/:id",
    tag: "sources",
    summary: "Change a source; new settings are asked at once",
    allow: adminOnly,
    params: idParams,
    body: change,
    reply: sourceSchema,
    status: 200,
    audit: { action: "update", object: "source" },
    change: async (tx, deps, { params, body, caller, now }) => {
      await changeable(tx, params.id, caller);
      if (!(await changeSource(tx, tools(deps, caller), params.id, body, now)))
        throw notFound("source", params.id);
      return { body: await shown(tx, params.id, caller), objectId: params.id };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/sources/:id",
    tag: "sources",
    summary: "Archive a source: it is asked no more, what it brought stays",
    allow: adminOnly,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "archive", object: "source" },
    change: async (tx, _deps, { params, caller, now }) => {
      await changeable(tx, params.id, caller);
      if (!(await archiveSource(tx, params.id, now))) throw notFound("source", params.id);
      return { body: undefined, objectId: params.id };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/sources/:id/run",
    tag: "sources",
    summary: "Ask a source now; a run that is under way is the answer when there is one",
    allow: ["admin", "manager", "approver"],
    params: idParams,
    reply: z.object({ runId: id }),
    status: 202,
    audit: { action: "run", object: "source" },
    change: async (tx, deps, { params, caller, now }) => {
      const view = await findSourceView(tx, params.id, caller.brandIds);
      if (view) assertAsked(view);
      const run = view ? await runNow(tx, params.id, now) : undefined;
      if (!run) throw notFound("source", params.id);
      return {
        body: { runId: run.id },
        objectId: params.id,
        location: `/v1/runs/${run.id}`,
        after: async () => void (await deps.enqueue.collect({ sourceId: params.id, runId: run.id })),
      };
    },
  }),
];
