import { z } from "zod";
import { ruleKinds } from "#domain/alerts/kinds.ts";
import { ackAlert } from "#pipeline/deliveries.ts";
import { reasonOf } from "#pipeline/reason.ts";
import { type AlertRow, findAlert, listAlerts } from "#store/alert-read.ts";
import { seesBrand } from "./auth.ts";
import { deskRoles, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound } from "./problem.ts";
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

const alertSchema = z
  .object({
    id,
    ruleId: id,
    brandId: id,
    kind: z.string(),
    mentionId: id.nullable(),
    caseId: id.nullable(),
    sourceId: id.nullable(),
    firedAt: instant,
    why: z.string().describe("the reason as messages say it, in the brand's language"),
    reason: z.record(z.string(), z.unknown()).describe("why it fired; never a text or a name"),
    ackedAt: instant.nullable(),
    ackedBy: id.nullable().describe("a person; null with ackedAt: a service"),
  })
  .meta({ id: "Alert" });

const alertBody = (row: AlertRow): z.input<typeof alertSchema> => ({
  id: row.id,
  ruleId: row.rule_id,
  brandId: row.brand_id,
  kind: row.kind,
  mentionId: row.mention_id,
  caseId: row.case_id,
  sourceId: row.source_id,
  firedAt: row.fired_at,
  why: reasonOf(row),
  reason: row.reason,
  ackedAt: row.acked_at,
  ackedBy: row.acked_by,
});

export const alertRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/alerts",
    tag: "alerts",
    summary: "What fired and why, newest first",
    allow: everyReader,
    query: z.strictObject({
      ...paging,
      brandId: listOf(id).optional(),
      ruleId: id.optional(),
      kind: z.enum(ruleKinds).optional(),
      acked: flag.optional(),
      from: instantIn.optional(),
      to: instantIn.optional(),
    }),
    reply: pageOf(alertSchema),
    read: async (_deps, { db, query, caller }) => {
      const filters = { ...query, brandIds: scopedBrands(caller, query.brandId) };
      const rows = await listAlerts(db, filters, decodeCursor(query.cursor, timeKeys), query.limit + 1);
      return { body: page(rows, query.limit, row => [row.fired_at, row.id], alertBody) };
    },
  }),
  readRoute({
    url: "/v1/alerts/:id",
    tag: "alerts",
    summary: "One alert",
    allow: everyReader,
    params: idParams,
    reply: alertSchema,
    read: async (_deps, { db, params, caller }) => {
      const row = await findAlert(db, params.id);
      if (!row || !seesBrand(caller, row.brand_id)) throw notFound("alert", params.id);
      return { body: alertBody(row) };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/alerts/:id/ack",
    tag: "alerts",
    summary: "Say that somebody has seen an alert; the first word stays",
    allow: deskRoles,
    params: idParams,
    body: z.strictObject({}).nullable(),
    reply: alertSchema,
    status: 200,
    audit: { action: "ack", object: "alert" },
    change: async (tx, deps, { params, scope, now }) => {
      const row = await ackAlert(tx, scope, params.id, now);
      if (!row) throw notFound("alert", params.id);
      return { body: alertBody(row), objectId: row.id, after: () => deps.enqueue.notify() };
    },
  }),
];
