import { z } from "zod";
import type { RunRow } from "#store/run.ts";
import { findRun, listRuns } from "#store/run-list.ts";
import { everyReader, type Route, readRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { decodeCursor, id, idParams, instant, page, pageOf, paging, timeKeys } from "./shape.ts";

const outcome = z.enum(["ok", "partial", "blocked", "layout-changed", "failed"]);
const count = z.int().min(0);

const runSchema = z
  .object({
    id,
    sourceId: id,
    trigger: z.enum(["schedule", "manual", "push", "import", "rematch"]),
    outcome: outcome.nullable().describe("null while it runs"),
    startedAt: instant,
    endedAt: instant.nullable(),
    durationMs: count.nullable(),
    attempts: count.describe("times that it was begun; more than one after failures that may pass"),
    counts: z.object({ found: count, new: count, updated: count, duplicates: count }),
    pages: count,
    bytes: count,
    errorCode: z.string().nullable(),
    error: z.string().nullable().describe("what went wrong and what to do, in plain words"),
  })
  .meta({ id: "Run" });

const runBody = (row: RunRow): z.input<typeof runSchema> => ({
  id: row.id,
  sourceId: row.source_id,
  trigger: row.trigger,
  outcome: row.outcome,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationMs: row.ended_at === null ? null : Math.max(0, row.ended_at.getTime() - row.started_at.getTime()),
  attempts: row.attempt_count,
  counts: {
    found: row.found_count,
    new: row.new_count,
    updated: row.updated_count,
    duplicates: row.duplicate_count,
  },
  pages: row.page_count,
  bytes: row.byte_count,
  errorCode: row.error_code,
  error: row.error,
});

export const runRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/runs",
    tag: "sources",
    summary: "Runs of sources, the latest first",
    allow: everyReader,
    query: z.strictObject({
      ...paging,
      sourceId: id.optional(),
      outcome: outcome.or(z.literal("running")).optional(),
    }),
    reply: pageOf(runSchema),
    read: async (_deps, { db, query: { limit, cursor, ...filter }, caller }) => {
      const after = decodeCursor(cursor, timeKeys);
      const rows = await listRuns(db, { ...filter, brandIds: caller.brandIds, after, limit: limit + 1 });
      return { body: page(rows, limit, row => [row.started_at, row.id], runBody) };
    },
  }),
  readRoute({
    url: "/v1/runs/:id",
    tag: "sources",
    summary: "One run: what it found, how long it took, what went wrong",
    allow: everyReader,
    params: idParams,
    reply: runSchema,
    read: async (_deps, { db, params, caller }) => {
      const row = await findRun(db, params.id, caller.brandIds);
      if (!row) throw notFound("run", params.id);
      return { body: runBody(row) };
    },
  }),
];
