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
import { decodeCursor, flag, id, idParams, page, pageOf, paging, timeKeys } from "./shape.ts";
import { health, sourceBody, sourceChange, sourceCreate, sourceSchema } from "./source-shape.ts";

/** What checks a source that this caller gives. */
export const sourceTools = ({ secrets, checkAddress }: ApiDeps, caller: Caller): SourceTools => ({
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
    body: sourceCreate,
    reply: sourceSchema,
    status: 201,
    audit: { action: "create", object: "source" },
    change: async (tx, deps, { body, caller, now }) => {
      const sourceId = await createSource(tx, sourceTools(deps, caller), body, now);
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
    body: sourceChange,
    reply: sourceSchema,
    status: 200,
    audit: { action: "update", object: "source" },
    change: async (tx, deps, { params, body, caller, now }) => {
      await changeable(tx, params.id, caller);
      if (!(await changeSource(tx, sourceTools(deps, caller), params.id, body, now)))
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
