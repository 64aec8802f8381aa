import { z } from "zod";
import { redeliver } from "#pipeline/deliveries.ts";
import { type DeliveryView, listDeliveries, viewDelivery } from "#store/alert-read.ts";
import type { Db } from "#store/db.ts";
import { seesBrand } from "./auth.ts";
import { type Caller, deskRoles, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import { scopedBrands } from "./scope.ts";
import { decodeCursor, id, idParams, instant, listOf, page, pageOf, paging, timeKeys } from "./shape.ts";

const states = ["gathering", "waiting", "sending", "delivered", "failed"] as const;

const attempt = z.object({
  attempt: z.int(),
  at: instant,
  status: z.int().nullable().describe("HTTP; null when the receiver was not reached"),
  answer: z.string().nullable().describe("at most 2,000 characters of it"),
  problem: z.string().nullable(),
  durationMs: z.int(),
});

/** One message to one channel and what became of it. */
export const deliverySchema = z
  .object({
    id,
    channelId: id,
    ruleId: id.nullable(),
    reportScheduleId: id.nullable().describe("whose report it brings; null for alerts"),
    state: z.enum(states),
    test: z.boolean(),
    attemptCount: z.int(),
    nextAttemptAt: instant.nullable(),
    heldBy: z
      .enum(["quiet-hours", "silence", "digest"])
      .nullable()
      .describe("what keeps the message from leaving before nextAttemptAt"),
    silenceId: id.nullable().describe("with heldBy silence: which one"),
    problem: z.string().nullable(),
    createdAt: instant,
    endedAt: instant.nullable(),
    alertIds: z.array(id).describe("at most 20 of them"),
    alertCount: z.int(),
    attempts: z.array(attempt),
  })
  .meta({ id: "Delivery" });

export const deliveryBody = (row: DeliveryView): z.input<typeof deliverySchema> => ({
  id: row.id,
  channelId: row.channel_id,
  ruleId: row.rule_id,
  reportScheduleId: row.schedule_id,
  state: row.state,
  test: row.test,
  attemptCount: row.attempt_count,
  nextAttemptAt: row.next_attempt_at,
  heldBy: row.held_by,
  silenceId: row.silence_id,
  problem: row.problem,
  createdAt: row.created_at,
  endedAt: row.ended_at,
  alertIds: row.alert_ids,
  alertCount: row.alert_count,
  attempts: row.attempts.map(one => ({ ...one, at: new Date(one.at) })),
});

export const deliveryRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/deliveries",
    tag: "alerts",
    summary: "Messages about alerts, and reports, newest first, with every attempt and what was answered",
    allow: deskRoles,
    query: z.strictObject({
      ...paging,
      channelId: id.optional(),
      ruleId: id.optional(),
      reportScheduleId: id.optional(),
      alertId: id.optional(),
      brandId: listOf(id).optional(),
      state: listOf(z.enum(states)).optional(),
    }),
    reply: pageOf(deliverySchema),
    read: async (_deps, { db, query, caller }) => {
      const filters = { ...query, brandIds: scopedBrands(caller, query.brandId) };
      const rows = await listDeliveries(db, filters, decodeCursor(query.cursor, timeKeys), query.limit + 1);
      return { body: page(rows, query.limit, row => [row.created_at, row.id], deliveryBody) };
    },
  }),
  readRoute({
    url: "/v1/deliveries/:id",
    tag: "alerts",
    summary: "One message",
    allow: deskRoles,
    params: idParams,
    reply: deliverySchema,
    read: async (_deps, { db, params, caller }) => ({
      body: deliveryBody(await visibleDelivery(db, caller, params.id)),
    }),
  }),
  writeRoute({
    method: "POST",
    url: "/v1/deliveries/:id/redeliver",
    tag: "alerts",
    summary:
      "Send a message once more, at once and under the same id; what holds messages back now holds this one too",
    allow: deskRoles,
    params: idParams,
    body: z.strictObject({}).nullable(),
    reply: deliverySchema,
    status: 202,
    audit: { action: "redeliver", object: "delivery" },
    change: async (tx, deps, { params, caller, now }) => {
      await visibleDelivery(tx, caller, params.id);
      const done = await redeliver(tx, params.id, now);
      if (done === "busy")
        throw impossible("The message is being sent right now; wait for the attempt to end");
      if (done === "channel-gone") throw impossible("The channel of this message was deleted");
      const row = await visibleDelivery(tx, caller, params.id);
      return { body: deliveryBody(row), objectId: row.id, after: () => deps.enqueue.notify() };
    },
  }),
];

const impossible = (why: string) => new ProblemError(409, "conflict", why);

/** Tests belong to no brand: keys of some brands do not see them. */
async function visibleDelivery(db: Db, caller: Caller, deliveryId: string): Promise<DeliveryView> {
  const row = await viewDelivery(db, deliveryId);
  const seen = row && (row.brand_id === null ? caller.brandIds === null : seesBrand(caller, row.brand_id));
  if (!row || !seen) throw notFound("delivery", deliveryId);
  return row;
}
