import { z } from "zod";
import type { SourceView } from "#store/source-list.ts";
import { seesBrand } from "./auth.ts";
import type { Caller } from "./define.ts";
import { id, instant, instantIn, timezone } from "./shape.ts";

const schedule = z
  .union([
    z.strictObject({ every: z.string().max(20).describe("such as 90s, 15m, 6h, 1d") }),
    z.strictObject({ cron: z.string().max(200), timezone }),
  ])
  .describe("how often the source is asked; the kind's own interval by default");

const given = z.record(z.string(), z.unknown());
/** Of a source, from its last runs and its silence. */
export const health = z.enum(["new", "ok", "failing", "blocked", "layout-changed", "stale"]);

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

/** What can be changed of a source. */
export const sourceChange = z.strictObject(fields).partial();
/** A source as people give it. */
export const sourceCreate = sourceChange.extend({
  kind: z.string().min(1).max(60),
  brandIds: fields.brandIds,
  settings: given.default({}).describe("by the kind's schema: GET /v1/source-kinds"),
});

/** A source as people see it; credentials never are. */
export const sourceSchema = z
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

/** The brands shown are those that the caller may see. */
export const sourceBody =
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
