import { z } from "zod";
import { judgeLooks, type Owner } from "#pipeline/serp/look.ts";
import { trackQuery } from "#pipeline/serp/track.ts";
import { findBrand } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import { listLooks } from "#store/serp-look.ts";
import {
  archiveSerpQuery,
  findSerpPage,
  findSerpQuery,
  judgeSerpPage,
  listSerpQueries,
  type SerpQueryView,
} from "#store/serp-query.ts";
import { findSourceView } from "#store/source-list.ts";
import { seesBrand } from "./auth.ts";
import {
  adminOnly,
  type Caller,
  deskRoles,
  everyReader,
  type Route,
  readRoute,
  writeRoute,
} from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import { scopedBrands, words } from "./scope.ts";
import {
  serpLookBody,
  serpLookSchema,
  serpQueryBody,
  serpQuerySchema,
  standingSchema,
} from "./serp-shape.ts";
import { serpSummaryRoute } from "./serp-summary.ts";
import {
  decodeCursor,
  encodeCursor,
  id,
  idParams,
  instantIn,
  listOf,
  page,
  pageOf,
  paging,
  timeKeys,
} from "./shape.ts";
import { sourceTools } from "./sources.ts";

const create = z.strictObject({
  brandId: id,
  sourceId: id.describe("a source of search results that serves the brand"),
  query: words(400).describe(
    "as people type it; added to the source's settings when it does not ask for it yet",
  ),
  region: z.string().min(1).max(60).describe("one of the source's regions"),
  device: z.string().min(1).max(60).default("desktop").describe("one of the source's devices"),
});

const pageSchema = z
  .object({ id, brandId: id, url: z.string(), standing: standingSchema.nullable() })
  .meta({ id: "SerpPage" });

async function visibleQuery(db: Db, caller: Caller, queryId: string): Promise<SerpQueryView> {
  const row = await findSerpQuery(db, queryId);
  if (!row || !seesBrand(caller, row.brand_id)) throw notFound("SERP query", queryId);
  return row;
}

/** What a query's brand counts as its own. */
async function ownerOf(db: Db, { brand_id, sourceKind }: SerpQueryView): Promise<Owner> {
  const brand = await findBrand(db, brand_id);
  return { sourceKind, officialAccounts: brand?.official_accounts ?? [] };
}

export const serpRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/serp/queries",
    tag: "serp",
    summary: "Tracked queries of the brands that this key may see",
    allow: everyReader,
    query: z.strictObject({ ...paging, brandId: listOf(id).optional() }),
    reply: pageOf(serpQuerySchema),
    read: async (_deps, { db, query: { limit, cursor, brandId }, caller }) => {
      const rows = await listSerpQueries(db, scopedBrands(caller, brandId), {
        after: decodeCursor(cursor, timeKeys),
        limit: limit + 1,
      });
      return { body: page(rows, limit, row => [row.created_at, row.id], serpQueryBody) };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/serp/queries",
    tag: "serp",
    summary: "Track a query: each look at its results is kept from now on",
    allow: adminOnly,
    body: create,
    reply: serpQuerySchema,
    status: 201,
    audit: { action: "create", object: "serp-query" },
    change: async (tx, deps, { body, caller, now }) => {
      if (!seesBrand(caller, body.brandId)) throw notFound("brand", body.brandId);
      if (!(await findSourceView(tx, body.sourceId, caller.brandIds)))
        throw notFound("source", body.sourceId);
      const row = await trackQuery(tx, sourceTools(deps, caller), body, now);
      if (!row)
        throw new ProblemError(409, "conflict", "This query is tracked already; GET /v1/serp/queries has it");
      const view = (await findSerpQuery(tx, row.id)) as SerpQueryView;
      return { body: serpQueryBody(view), objectId: row.id, location: `/v1/serp/queries/${row.id}` };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/serp/queries/:id",
    tag: "serp",
    summary:
      "Track a query no more; its looks stay, and its source asks for the phrase until its settings no longer do",
    allow: adminOnly,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "archive", object: "serp-query" },
    change: async (tx, _deps, { params, caller, now }) => {
      await visibleQuery(tx, caller, params.id);
      await archiveSerpQuery(tx, params.id, now);
      return { body: undefined, objectId: params.id };
    },
  }),
  readRoute({
    url: "/v1/serp/queries/:id/snapshots",
    tag: "serp",
    summary: "Looks at a query, newest first, each with what moved since the one before",
    allow: everyReader,
    params: idParams,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(50).default(10),
      cursor: paging.cursor,
      from: instantIn.optional(),
      to: instantIn.optional().describe("exclusive"),
    }),
    reply: pageOf(serpLookSchema),
    read: async (_deps, { db, params, query: { limit, cursor, from, to }, caller }) => {
      const query = await visibleQuery(db, caller, params.id);
      const found = await listLooks(
        db,
        { queryId: query.id, from: from ?? null, to: to ?? null },
        { after: decodeCursor(cursor, timeKeys), limit: limit + 1 },
      );
      const shown = found.slice(0, limit);
      const owner = await ownerOf(db, query);
      const looks = await judgeLooks(db, shown, () => owner);
      const last = shown.at(-1);
      const items = shown.flatMap(({ id: lookId }) => looks.get(lookId) ?? []).map(serpLookBody);
      const more = found.length > limit && last !== undefined;
      return { body: { items, nextCursor: more ? encodeCursor([last.takenAt, last.id]) : null } };
    },
  }),
  serpSummaryRoute,
  writeRoute({
    method: "PATCH",
    url: "/v1/serp/pages/:id",
    tag: "serp",
    summary: "Say whose a page is, for all looks at it; null leaves it to its address and tone again",
    allow: deskRoles,
    params: idParams,
    body: z.strictObject({ standing: standingSchema.nullable() }),
    reply: pageSchema,
    status: 200,
    audit: { action: "update", object: "serp-page" },
    change: async (tx, _deps, { params, body: { standing }, caller, now }) => {
      const found = await findSerpPage(tx, params.id);
      if (!found || !seesBrand(caller, found.brand_id)) throw notFound("SERP page", params.id);
      const row = await judgeSerpPage(tx, params.id, standing, { personId: caller.personId, now });
      return {
        body: { id: row.id, brandId: row.brand_id, url: row.url, standing: row.verdict },
        objectId: row.id,
      };
    },
  }),
];
