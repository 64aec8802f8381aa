import { z } from "zod";
import { ruleKinds, ruleSettings } from "#domain/alerts/kinds.ts";
import { ruleTimingSchema } from "#domain/alerts/timing.ts";
import { previewRule } from "#pipeline/alert-preview.ts";
import { checkedSettings } from "#pipeline/alert-settings.ts";
import { archiveRule, changeRule, createRule } from "#pipeline/alert-setup.ts";
import { reasonOf } from "#pipeline/reason.ts";
import type { AlertRuleRow } from "#store/alert.ts";
import { findRule, listRules } from "#store/alert-setup.ts";
import { findBrand } from "#store/brand.ts";
import type { Db } from "#store/db.ts";
import { seesBrand } from "./auth.ts";
import { adminOnly, type Caller, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { scopedBrands } from "./scope.ts";
import { decodeCursor, id, idParams, instant, listOf, page, pageOf, paging, timeKeys } from "./shape.ts";

const kind = z.enum(ruleKinds);
/** Every setting of every kind may be left out, but for the query of a keyword. */
const settingsByKind = ruleKinds
  .map(each => `${each}: {${Object.keys(ruleSettings[each].shape).join(", ")}}`)
  .join(" · ");
const settings = z.record(z.string().max(100), z.unknown());

const fields = {
  name: z.string().trim().min(1).max(200),
  settings: settings.describe(settingsByKind),
  channelIds: z.array(id).max(20),
  timing: ruleTimingSchema,
  enabled: z.boolean(),
};
const create = z.strictObject({
  ...fields,
  brandId: id,
  kind,
  settings: fields.settings.default({}),
  timing: fields.timing.default({}),
  enabled: fields.enabled.default(true),
});
const change = z.strictObject(fields).partial();

const ruleSchema = z
  .object({ id, brandId: id, kind, ...fields, createdAt: instant, updatedAt: instant })
  .meta({ id: "AlertRule" });

const ruleBody = (row: AlertRuleRow): z.input<typeof ruleSchema> => ({
  id: row.id,
  brandId: row.brand_id,
  kind: row.kind,
  name: row.name,
  settings: row.settings,
  channelIds: row.channel_ids,
  timing: row.timing,
  enabled: row.enabled,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const firingSchema = z
  .object({
    firedAt: instant,
    subject: z.string().describe("what a rule fires for once"),
    mentionId: id.nullable(),
    caseId: id.nullable(),
    sourceId: id.nullable(),
    why: z.string().describe("the reason as a message would say it"),
    reason: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Firing" });

/** Firings that a preview lists; the rest are counted. */
const listedFirings = 200;
const dayMs = 86_400_000;

export const alertRuleRoutes: readonly Route[] = [
  readRoute({
    method: "POST",
    url: "/v1/alert-rules/preview",
    tag: "alerts",
    summary: "What a rule would have fired for lately; nothing is written or sent",
    allow: everyReader,
    body: z.strictObject({
      brandId: id,
      kind,
      settings: fields.settings.default({}),
      days: z.int().min(1).max(90).default(30).describe("of the past, until now"),
    }),
    reply: z.object({
      from: instant,
      to: instant,
      count: z.int(),
      items: z.array(firingSchema).describe(`the last ${listedFirings}, newest first`),
      complete: z.boolean().describe("false: there was more than one look may read"),
    }),
    read: async (_deps, { db, body: { brandId, kind: of, settings: given, days }, caller, now }) => {
      const brand = seesBrand(caller, brandId) ? await findBrand(db, brandId) : undefined;
      if (!brand) throw notFound("brand", brandId);
      const { language } = brand;
      const past = { brandId, from: new Date(now.getTime() - days * dayMs), to: now };
      const { firings, complete } = await previewRule(db, of, checkedSettings(of, given), past);
      const items = firings.slice(-listedFirings).toReversed();
      return {
        body: {
          from: past.from,
          to: past.to,
          count: firings.length,
          items: items.map(({ at, ...firing }) => ({
            ...firing,
            firedAt: at,
            why: reasonOf({ kind: of, reason: firing.reason, language }),
          })),
          complete,
        },
      };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/alert-rules",
    tag: "alerts",
    summary: "Say what is worth an alert and where it goes",
    allow: adminOnly,
    body: create,
    reply: ruleSchema,
    status: 201,
    audit: { action: "create", object: "alert-rule" },
    change: async (tx, _deps, { body, caller, now }) => {
      if (!seesBrand(caller, body.brandId)) throw notFound("brand", body.brandId);
      const row = await createRule(tx, body, now);
      return { body: ruleBody(row), objectId: row.id, location: `/v1/alert-rules/${row.id}` };
    },
  }),
  readRoute({
    url: "/v1/alert-rules",
    tag: "alerts",
    summary: "Rules of the brands that this key may see",
    allow: everyReader,
    query: z.strictObject({ ...paging, brandId: listOf(id).optional() }),
    reply: pageOf(ruleSchema),
    read: async (_deps, { db, query: { limit, cursor, brandId }, caller }) => {
      const brandIds = scopedBrands(caller, brandId);
      const rows = await listRules(db, brandIds, decodeCursor(cursor, timeKeys), limit + 1);
      return { body: page(rows, limit, row => [row.created_at, row.id], ruleBody) };
    },
  }),
  readRoute({
    url: "/v1/alert-rules/:id",
    tag: "alerts",
    summary: "One rule",
    allow: everyReader,
    params: idParams,
    reply: ruleSchema,
    read: async (_deps, { db, params, caller }) => ({
      body: ruleBody(await visibleRule(db, caller, params.id)),
    }),
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/alert-rules/:id",
    tag: "alerts",
    summary: "Change a rule; settings are replaced as a whole",
    allow: adminOnly,
    params: idParams,
    body: change,
    reply: ruleSchema,
    status: 200,
    audit: { action: "update", object: "alert-rule" },
    change: async (tx, _deps, { params, body, caller, now }) => {
      await visibleRule(tx, caller, params.id);
      const row = await changeRule(tx, params.id, body, now);
      if (!row) throw notFound("rule", params.id);
      return { body: ruleBody(row), objectId: row.id };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/alert-rules/:id",
    tag: "alerts",
    summary: "End a rule; its alerts stay",
    allow: adminOnly,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "archive", object: "alert-rule" },
    change: async (tx, _deps, { params, caller, now }) => {
      await visibleRule(tx, caller, params.id);
      if (!(await archiveRule(tx, params.id, now))) throw notFound("rule", params.id);
      return { body: undefined, objectId: params.id };
    },
  }),
];

async function visibleRule(db: Db, caller: Caller, ruleId: string): Promise<AlertRuleRow> {
  const row = await findRule(db, ruleId);
  if (!row || row.archived_at !== null || !seesBrand(caller, row.brand_id)) throw notFound("rule", ruleId);
  return row;
}
