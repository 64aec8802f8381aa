import { z } from "zod";
import { changeAnnotation, createAnnotation } from "#pipeline/annotations.ts";
import { type AnnotationRow, deleteAnnotation, findAnnotation, listAnnotations } from "#store/annotation.ts";
import { findBrand } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import { annotationKinds } from "#store/tables.ts";
import { seesBrand } from "./auth.ts";
import { type Caller, deskRoles, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { scopedBrands } from "./scope.ts";
import {
  decodeCursor,
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

const fields = {
  kind: z.enum(annotationKinds),
  title: z.string().trim().min(1).max(200),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .describe("where one can read more"),
  at: instantIn,
  until: instantIn.nullable().describe("exclusive; null for a moment"),
};

/** A mark as it is shown, here and on the axis of a trend. */
export const annotationSchema = z
  .object({
    id,
    brandId: id,
    ...fields,
    url: z.string().nullable(),
    at: instant,
    until: instant.nullable(),
    createdBy: id.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Annotation" });

export const annotationBody = (row: AnnotationRow): z.input<typeof annotationSchema> => ({
  id: row.id,
  brandId: row.brand_id,
  kind: row.kind,
  title: row.title,
  url: row.url,
  at: row.at,
  until: row.until,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const annotationRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/annotations",
    tag: "trends",
    summary: "What happened to the brands and when: releases, campaigns, incidents",
    allow: everyReader,
    query: z.strictObject({
      ...paging,
      brandId: listOf(id).optional(),
      kind: listOf(fields.kind).optional(),
      from: instantIn.optional(),
      to: instantIn.optional().describe("exclusive"),
    }),
    reply: pageOf(annotationSchema),
    read: async (_deps, { db, query: { limit, cursor, brandId, ...filters }, caller }) => {
      const rows = await listAnnotations(
        db,
        { ...filters, brandIds: scopedBrands(caller, brandId) },
        { after: decodeCursor(cursor, timeKeys), limit: limit + 1 },
      );
      return { body: page(rows, limit, row => [row.at, row.id], annotationBody) };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/annotations",
    tag: "trends",
    summary: "Mark what happened to a brand on the time axis of its trends",
    allow: deskRoles,
    body: z.strictObject({
      brandId: id,
      ...fields,
      url: fields.url.default(null),
      until: fields.until.default(null),
    }),
    reply: annotationSchema,
    status: 201,
    audit: { action: "create", object: "annotation" },
    change: async (tx, _deps, { body, caller, now }) => {
      const brand = seesBrand(caller, body.brandId) ? await findBrand(tx, body.brandId) : undefined;
      if (!brand || brand.archived_at !== null) throw notFound("brand", body.brandId);
      const row = await createAnnotation(tx, body, caller.personId, now);
      return { body: annotationBody(row), objectId: row.id };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/annotations/:id",
    tag: "trends",
    summary: "Change a mark",
    allow: deskRoles,
    params: idParams,
    body: z.strictObject(fields).partial(),
    reply: annotationSchema,
    status: 200,
    audit: { action: "update", object: "annotation" },
    change: async (tx, _deps, { params, body, caller, now }) => {
      const row = await changeAnnotation(tx, await visible(tx, caller, params.id), body, now);
      if (!row) throw notFound("annotation", params.id);
      return { body: annotationBody(row), objectId: row.id };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/annotations/:id",
    tag: "trends",
    summary: "Take a mark off the axis",
    allow: deskRoles,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "delete", object: "annotation" },
    change: async (tx, _deps, { params, caller }) => {
      await visible(tx, caller, params.id);
      await deleteAnnotation(tx, params.id);
      return { body: undefined, objectId: params.id };
    },
  }),
];

async function visible(db: Db, caller: Caller, annotationId: string): Promise<AnnotationRow> {
  const row = await findAnnotation(db, annotationId);
  if (!row || !seesBrand(caller, row.brand_id)) throw notFound("annotation", annotationId);
  return row;
}
