import { z } from "zod";
import {
  changeReportSchedule,
  createReportSchedule,
  removeReportSchedule,
} from "#pipeline/report-schedules.ts";
import type { Db } from "#store/db.ts";
import { findReportSchedule, listReportSchedules, type ReportScheduleRow } from "#store/report-schedule.ts";
import { seesBrand } from "./auth.ts";
import { adminOnly, type Caller, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { scopedBrands } from "./scope.ts";
import {
  decodeCursor,
  id,
  idParams,
  instant,
  listOf,
  page,
  pageOf,
  paging,
  timeKeys,
  timezone,
} from "./shape.ts";

const fields = {
  every: z.enum(["daily", "weekly"]).describe("over the local day before, or the seven days before"),
  weekday: z.int().min(1).max(7).describe("of a weekly report; ISO, 1 is Monday"),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "09:00"')
    .describe("the zone's wall clock; what the clock leaves out comes when it goes on"),
  timezone: timezone.nullable().describe("IANA name; null: the brand's"),
  language: z.enum(["ru", "en"]),
  format: z.enum(["html", "pdf"]).describe("PDF takes Chromium; without it HTML is sent, and says so"),
  channelIds: z
    .array(id)
    .min(1)
    .max(20)
    .refine(ids => new Set(ids).size === ids.length, "the same channel is named twice")
    .describe(
      "Telegram gets the file, and so does a Slack bot with the scope files:write whose channel is given by its id; other Slack channels get the headline figures and a link, a webhook `report.ready`. Quotes are in the file where the channel's fullText is on",
    ),
  enabled: z.boolean(),
};

const create = z.strictObject({
  brandId: id,
  ...fields,
  weekday: fields.weekday.default(1),
  at: fields.at.default("09:00"),
  timezone: fields.timezone.default(null),
  language: fields.language.nullable().default(null).describe("the brand's when absent"),
  format: fields.format.default("pdf"),
  enabled: fields.enabled.default(true),
});

const scheduleSchema = z
  .object({
    id,
    brandId: id,
    ...fields,
    timezone: z.string().nullable(),
    at: z.string(),
    channelIds: z.array(id),
    nextAt: instant.nullable().describe("null while it is switched off"),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "ReportSchedule" });

const scheduleBody = (row: ReportScheduleRow): z.input<typeof scheduleSchema> => ({
  id: row.id,
  brandId: row.brand_id,
  every: row.every,
  weekday: row.weekday,
  at: row.at,
  timezone: row.timezone,
  language: row.language,
  format: row.format,
  channelIds: row.channel_ids,
  enabled: row.enabled,
  nextAt: row.next_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const reportScheduleRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/report-schedules",
    tag: "exports",
    summary: "Reports that go to channels by themselves",
    allow: everyReader,
    query: z.strictObject({ ...paging, brandId: listOf(id).optional() }),
    reply: pageOf(scheduleSchema),
    read: async (_deps, { db, query: { limit, cursor, brandId }, caller }) => {
      const brandIds = scopedBrands(caller, brandId);
      const rows = await listReportSchedules(db, brandIds, decodeCursor(cursor, timeKeys), limit + 1);
      return { body: page(rows, limit, row => [row.created_at, row.id], scheduleBody) };
    },
  }),
  readRoute({
    url: "/v1/report-schedules/:id",
    tag: "exports",
    summary: "One schedule; what became of its reports is in GET /v1/deliveries?reportScheduleId=",
    allow: everyReader,
    params: idParams,
    reply: scheduleSchema,
    read: async (_deps, { db, params, caller }) => ({
      body: scheduleBody(await visible(db, caller, params.id)),
    }),
  }),
  writeRoute({
    method: "POST",
    url: "/v1/report-schedules",
    tag: "exports",
    summary: "Send a brand's report to channels every day or week",
    allow: adminOnly,
    body: create,
    reply: scheduleSchema,
    status: 201,
    audit: { action: "create", object: "report-schedule" },
    change: async (tx, _deps, { body, caller, now }) => {
      if (!seesBrand(caller, body.brandId)) throw notFound("brand", body.brandId);
      const row = await createReportSchedule(tx, body, caller.brandIds, now);
      return { body: scheduleBody(row), objectId: row.id, location: `/v1/report-schedules/${row.id}` };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/report-schedules/:id",
    tag: "exports",
    summary: "Change when, how and where a report goes",
    allow: adminOnly,
    params: idParams,
    body: z.strictObject(fields).partial(),
    reply: scheduleSchema,
    status: 200,
    audit: { action: "update", object: "report-schedule" },
    change: async (tx, _deps, { params, body, caller, now }) => {
      await visible(tx, caller, params.id);
      const row = await changeReportSchedule(tx, params.id, body, now);
      if (!row) throw notFound("report schedule", params.id);
      return { body: scheduleBody(row), objectId: row.id };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/report-schedules/:id",
    tag: "exports",
    summary: "Send a report no more, nor what still waits of it",
    allow: adminOnly,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "delete", object: "report-schedule" },
    change: async (tx, _deps, { params, caller, now }) => {
      await visible(tx, caller, params.id);
      if (!(await removeReportSchedule(tx, params.id, now))) throw notFound("report schedule", params.id);
      return { body: undefined, objectId: params.id };
    },
  }),
];

async function visible(db: Db, caller: Caller, scheduleId: string): Promise<ReportScheduleRow> {
  const row = await findReportSchedule(db, scheduleId);
  if (!row || !seesBrand(caller, row.brand_id)) throw notFound("report schedule", scheduleId);
  return row;
}
