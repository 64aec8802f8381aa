import { z } from "zod";
import { type BusinessHours, businessHoursSchema } from "#domain/calendar.ts";
import { deskSchema } from "#domain/desk.ts";
import { explainMatch } from "#domain/query/match.ts";
import { parseQuery } from "#domain/query/parse.ts";
import { slaClockSchema, slaInputSchema, slaOf, slaPresets, slaSchema } from "#domain/sla-settings.ts";
import { archiveBrand, changeBrand, createBrand } from "#pipeline/brands.ts";
import { previewRematch } from "#pipeline/rematch-preview.ts";
import { type BrandRow, findBrand, listBrands } from "#store/brand.ts";
import { lastTask } from "#store/task.ts";
import { seesBrand } from "./auth.ts";
import { adminOnly, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { decodeCursor, id, idParams, instant, page, pageOf, paging, timeKeys, timezone } from "./shape.ts";

const account = z.strictObject({ sourceKind: z.string().max(60), account: z.string().min(1).max(500) });

const fields = {
  name: z.string().trim().min(1).max(200),
  query: z.string().min(1).max(1_000).describe("which texts are about the brand; see the query language"),
  competitorOf: id.nullable(),
  officialAccounts: z.array(account).max(100),
  timezone,
  language: z.enum(["ru", "en"]).describe("of alerts and of the case page"),
  businessHours: businessHoursSchema.nullable(),
  sla: slaInputSchema.describe("how long answering may take, in full or by a preset; replaces what was"),
  desk: deskSchema.describe("how answers are worked on; a part that is absent stays as it is"),
};

const create = z.strictObject({
  ...fields,
  competitorOf: fields.competitorOf.default(null),
  officialAccounts: fields.officialAccounts.default([]),
  timezone: timezone.default("UTC"),
  language: fields.language.default("ru"),
  businessHours: fields.businessHours.default(null),
  sla: fields.sla.prefault({ hours: 24, urgentHours: 4 }),
  desk: fields.desk.default({}),
});

const change = z.strictObject(fields).partial();

const brandSchema = z
  .object({
    id,
    ...fields,
    sla: slaSchema,
    rematch: z
      .object({ state: z.enum(["waiting", "done"]), doneCount: z.number() })
      .nullable()
      .optional(),
    createdAt: instant,
    updatedAt: instant,
    archivedAt: instant.nullable(),
  })
  .meta({ id: "Brand" });

const brandBody = (row: BrandRow): z.input<typeof brandSchema> => ({
  id: row.id,
  name: row.name,
  query: row.query,
  competitorOf: row.competitor_of,
  officialAccounts: row.official_accounts,
  timezone: row.timezone,
  language: row.language,
  businessHours: row.business_hours as BusinessHours | null,
  sla: slaOf(row.sla),
  desk: row.desk,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  archivedAt: row.archived_at,
});

const span = z.object({ field: z.enum(["title", "text"]), start: z.int(), end: z.int() });

const presetSchema = z.object({
  id: z.string(),
  hours: z.number(),
  urgentHours: z.number(),
  clock: slaClockSchema,
});

export const brandRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/sla-presets",
    tag: "brands",
    summary:
      "Ready times to answer, for `sla.preset` of a brand: 9 working hours, 4 when urgent, round the clock",
    allow: everyReader,
    reply: pageOf(presetSchema),
    read: async () => {
      const items = Object.entries(slaPresets).map(([presetId, preset]) => ({ id: presetId, ...preset }));
      return { body: { items, nextCursor: null } };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/brands",
    tag: "brands",
    summary: "Watch a brand, own or competitor",
    allow: adminOnly,
    body: create,
    reply: brandSchema,
    status: 201,
    audit: { action: "create", object: "brand" },
    change: async (tx, _deps, { body, now }) => {
      const row = await createBrand(tx, body, now);
      return { body: brandBody(row), objectId: row.id, location: `/v1/brands/${row.id}` };
    },
  }),
  readRoute({
    url: "/v1/brands",
    tag: "brands",
    summary: "Brands that this key may see",
    allow: everyReader,
    query: z.strictObject(paging),
    reply: pageOf(brandSchema),
    read: async (_deps, { db, query: { limit, cursor }, caller }) => {
      const rows = await listBrands(db, {
        brandIds: caller.brandIds,
        after: decodeCursor(cursor, timeKeys),
        limit: limit + 1,
      });
      return { body: page(rows, limit, row => [row.created_at, row.id], brandBody) };
    },
  }),
  readRoute({
    url: "/v1/brands/:id",
    tag: "brands",
    summary: "One brand, with the progress of its rematch",
    allow: everyReader,
    params: idParams,
    reply: brandSchema,
    read: async (_deps, { db, params, caller }) => {
      const row = seesBrand(caller, params.id) ? await findBrand(db, params.id) : undefined;
      if (!row) throw notFound("brand", params.id);
      const task = await lastTask(db, "rematch", row.id);
      return {
        body: { ...brandBody(row), rematch: task ? { state: task.state, doneCount: task.done_count } : null },
      };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/brands/:id",
    tag: "brands",
    summary:
      "Change a brand; a new query is matched anew against what is stored, a new time zone rebuilds its days",
    allow: adminOnly,
    params: idParams,
    body: change,
    reply: brandSchema,
    status: 200,
    audit: { action: "update", object: "brand" },
    change: async (tx, _deps, { params, body, caller, now }) => {
      const row = seesBrand(caller, params.id) ? await changeBrand(tx, params.id, body, now) : undefined;
      if (!row) throw notFound("brand", params.id);
      return { body: brandBody(row), objectId: row.id };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/brands/:id",
    tag: "brands",
    summary: "Archive a brand: nothing new is collected for it, what is stored stays",
    allow: adminOnly,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "archive", object: "brand" },
    change: async (tx, _deps, { params, caller, now }) => {
      if (!seesBrand(caller, params.id) || !(await archiveBrand(tx, params.id, now)))
        throw notFound("brand", params.id);
      return { body: undefined, objectId: params.id };
    },
  }),
  readRoute({
    method: "POST",
    url: "/v1/brands/preview",
    tag: "brands",
    summary: "Try a query on texts: which match, where and why; a mistake in it is named with its column",
    allow: everyReader,
    body: z.strictObject({
      query: fields.query,
      texts: z.array(z.string().max(20_000)).max(100).default([]),
      brandId: id.optional().describe("also count what this query would do to the brand's stored texts"),
    }),
    reply: z.object({
      stored: z
        .object({ read: z.int(), matched: z.int(), gained: z.int(), lost: z.int(), complete: z.boolean() })
        .optional(),
      results: z.array(z.object({ matched: z.boolean(), spans: z.array(span), reason: z.string() })),
    }),
    read: async (_deps, { db, body: { query, texts, brandId }, caller }) => {
      const parsed = parseQuery(query);
      const results = texts.map(text => explainMatch(parsed, text));
      if (brandId === undefined) return { body: { results } };
      if (!seesBrand(caller, brandId)) throw notFound("brand", brandId);
      return { body: { results, stored: await previewRematch(db, brandId, query) } };
    },
  }),
];
