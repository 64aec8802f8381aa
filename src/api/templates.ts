import { z } from "zod";
import { templateVariables } from "#domain/reply/template-values.ts";
import { archiveTemplate, changeTemplate, createTemplate } from "#pipeline/templates.ts";
import type { Db } from "#store/db.ts";
import type { Role } from "#store/tables.ts";
import { findTemplate, listTemplates, type TemplateRow } from "#store/template.ts";
import { seesBrand } from "./auth.ts";
import { type Caller, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { toneSchema } from "./mention-shape.ts";
import { notFound, ProblemError } from "./problem.ts";
import { scopedBrands, words } from "./scope.ts";
import { decodeCursor, id, idParams, instant, listOf, page, pageOf, paging, timeKeys } from "./shape.ts";

/** A template as it stands may be exempt from approval, so whoever may not approve may not write one either. */
const writers = ["admin", "approver"] as const satisfies readonly Role[];

const variables = Object.keys(templateVariables)
  .map(name => `{{${name}}}`)
  .join(" ");

const fields = {
  brandId: id.nullable().describe("null: for all brands"),
  name: z.string().trim().min(1).max(200),
  language: z.string().regex(/^[a-z]{2,3}$/, 'expected an ISO 639 code in small letters, such as "ru"'),
  aspect: words(60).nullable().describe("what the answered text is about, such as delivery"),
  tone: toneSchema.nullable().describe("of the answered text"),
  text: z
    .string()
    .trim()
    .min(1)
    .max(10_000)
    .describe(`plain text with ${variables} and {{#if rating <= 2}}…{{else}}…{{/if}}`),
};
const create = z.strictObject({
  ...fields,
  brandId: fields.brandId.default(null),
  language: fields.language.default("ru"),
  aspect: fields.aspect.default(null),
  tone: fields.tone.default(null),
});
const change = z.strictObject(fields).partial();

const templateSchema = z
  .object({
    id,
    ...fields,
    aspect: z.string().nullable(),
    createdBy: id.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Template" });

const templateBody = (row: TemplateRow): z.input<typeof templateSchema> => ({
  id: row.id,
  brandId: row.brand_id,
  name: row.name,
  language: row.language,
  aspect: row.aspect,
  tone: row.tone,
  text: row.text,
  createdBy: row.created_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const templateRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/templates",
    tag: "templates",
    summary: "Templates of the brands that this key may see, and those for all brands",
    allow: everyReader,
    query: z.strictObject({
      ...paging,
      brandId: listOf(id).optional().describe("templates of these brands, and those for all"),
      language: fields.language.optional(),
      aspect: words(60).optional(),
      tone: toneSchema.optional(),
    }),
    reply: pageOf(templateSchema),
    read: async (_deps, { db, query: { limit, cursor, brandId, ...filters }, caller }) => {
      const rows = await listTemplates(
        db,
        { ...filters, brandIds: scopedBrands(caller, brandId) },
        { after: decodeCursor(cursor, timeKeys), limit: limit + 1 },
      );
      return { body: page(rows, limit, row => [row.created_at, row.id], templateBody) };
    },
  }),
  readRoute({
    url: "/v1/templates/:id",
    tag: "templates",
    summary: "One template",
    allow: everyReader,
    params: idParams,
    reply: templateSchema,
    read: async (_deps, { db, params, caller }) => ({
      body: templateBody(await visibleTemplate(db, caller, params.id)),
    }),
  }),
  writeRoute({
    method: "POST",
    url: "/v1/templates",
    tag: "templates",
    summary: "Add a template; a variable that means nothing is refused by its name",
    allow: writers,
    body: create,
    reply: templateSchema,
    status: 201,
    audit: { action: "create", object: "template" },
    change: async (tx, _deps, { body, caller, now }) => {
      assertWithin(caller, body.brandId);
      const row = await createTemplate(tx, body, caller.personId, now);
      return { body: templateBody(row), objectId: row.id, location: `/v1/templates/${row.id}` };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/templates/:id",
    tag: "templates",
    summary: "Change a template; replies made from it stay as they are",
    allow: writers,
    params: idParams,
    body: change,
    reply: templateSchema,
    status: 200,
    audit: { action: "update", object: "template" },
    change: async (tx, _deps, { params, body, caller, now }) => {
      assertWithin(caller, (await visibleTemplate(tx, caller, params.id)).brand_id);
      if (body.brandId !== undefined) assertWithin(caller, body.brandId);
      const row = await changeTemplate(tx, params.id, body, now);
      if (!row) throw notFound("template", params.id);
      return { body: templateBody(row), objectId: row.id };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/templates/:id",
    tag: "templates",
    summary: "Offer a template no more; replies made from it stay",
    allow: writers,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "archive", object: "template" },
    change: async (tx, _deps, { params, caller, now }) => {
      assertWithin(caller, (await visibleTemplate(tx, caller, params.id)).brand_id);
      await archiveTemplate(tx, params.id, now);
      return { body: undefined, objectId: params.id };
    },
  }),
];

async function visibleTemplate(db: Db, caller: Caller, templateId: string): Promise<TemplateRow> {
  const row = await findTemplate(db, templateId);
  if (!row || (row.brand_id !== null && !seesBrand(caller, row.brand_id)))
    throw notFound("template", templateId);
  return row;
}

/** A key limited to brands writes templates for those alone, not for all brands. */
function assertWithin(caller: Caller, brandId: string | null): void {
  if (brandId === null ? caller.brandIds === null : seesBrand(caller, brandId)) return;
  if (brandId !== null) throw notFound("brand", brandId);
  throw new ProblemError(
    403,
    "forbidden",
    `The key "${caller.name}" is limited to brands; send brandId, one of ${caller.brandIds?.join(", ")}`,
  );
}
