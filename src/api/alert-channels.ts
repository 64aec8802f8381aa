import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { channelKinds } from "#channels/registry.ts";
import { archiveChannel, changeChannel, createChannel, rotateSecret } from "#pipeline/alert-setup.ts";
import { testChannel } from "#pipeline/deliveries.ts";
import { viewDelivery } from "#store/alert-read.ts";
import { listChannels } from "#store/alert-setup.ts";
import { findChannel } from "#store/delivery.ts";
import { channelBodies, channelBody, channelSchema, madeSchema, settings } from "./alert-channel-shape.ts";
import { assertAllBrands } from "./auth.ts";
import {
  type ApiDeps,
  adminOnly,
  type Changed,
  deskRoles,
  type Route,
  readRoute,
  writeRoute,
} from "./define.ts";
import { deliveryBody, deliverySchema } from "./deliveries.ts";
import { notFound } from "./problem.ts";
import { decodeCursor, idParams, page, pageOf, paging, timeKeys } from "./shape.ts";

const fields = {
  name: z.string().trim().min(1).max(200),
  settings: settings.describe(
    "slack: {webhookUrl} or {botToken, channel, threadMinutes?}, and signingSecret for buttons; a bot needs the scope chat:write, and for the files of reports files:write and the channel's id · telegram: {botToken, chatId, topicId?, acknowledge?} · webhook: {url, secret?, events?}; without a secret one is made",
  ),
  fullText: z
    .boolean()
    .describe("whether messages carry the words of mentions and the names of their authors to the receiver"),
  enabled: z.boolean(),
};

const create = z.strictObject({
  ...fields,
  kind: z.enum(channelKinds.map(kind => kind.id)),
  fullText: fields.fullText.default(false),
  enabled: fields.enabled.default(true),
});
const change = z
  .strictObject(fields)
  .partial()
  .extend({ settings: settings.optional().describe("replace those of the same name; null takes one away") });

/** How long the answer to a test waits for the message to be sent. */
const testWaitMs = 10_000;
const testPollMs = 100;

export const alertChannelRoutes: readonly Route[] = [
  writeRoute({
    method: "POST",
    url: "/v1/alert-channels",
    tag: "alerts",
    summary: "Add a place to tell about alerts; secrets made for you are shown in this answer alone",
    allow: adminOnly,
    body: create,
    reply: madeSchema,
    status: 201,
    secret: true,
    audit: { action: "create", object: "alert-channel" },
    change: async (tx, deps, { body, caller, now }) => {
      assertAllBrands(caller, "channels");
      const { row, issued } = await createChannel(tx, deps, body, now);
      return {
        body: { ...(await channelBody(deps, tx, row)), issued },
        objectId: row.id,
        location: `/v1/alert-channels/${row.id}`,
      };
    },
  }),
  readRoute({
    url: "/v1/alert-channels",
    tag: "alerts",
    summary: "Where alerts go, and what is broken",
    allow: deskRoles,
    query: z.strictObject(paging),
    reply: pageOf(channelSchema),
    read: async (deps, { db, query: { limit, cursor } }) => {
      const rows = await listChannels(db, decodeCursor(cursor, timeKeys), limit + 1);
      const bodyOf = await channelBodies(deps, db, rows);
      return { body: page(rows, limit, row => [row.created_at, row.id], bodyOf) };
    },
  }),
  readRoute({
    url: "/v1/alert-channels/:id",
    tag: "alerts",
    summary: "One channel",
    allow: deskRoles,
    params: idParams,
    reply: channelSchema,
    read: async (deps, { db, params }) => {
      const row = await findChannel(db, params.id);
      if (!row || row.archived_at !== null) throw notFound("channel", params.id);
      return { body: await channelBody(deps, db, row) };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/alert-channels/:id",
    tag: "alerts",
    summary:
      "Change a channel; new settings, or enabled: true, mend a broken one, and what waited for it goes out",
    allow: adminOnly,
    params: idParams,
    body: change,
    reply: channelSchema,
    status: 200,
    audit: { action: "update", object: "alert-channel" },
    change: async (tx, deps, { params, body, caller, now }) => {
      assertAllBrands(caller, "channels");
      const row = await changeChannel(tx, deps, params.id, body, now);
      if (!row) throw notFound("channel", params.id);
      return { body: await channelBody(deps, tx, row), objectId: row.id, after: () => deps.enqueue.notify() };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/alert-channels/:id/rotate-secret",
    tag: "alerts",
    summary:
      "Make a webhook's new signing secret, shown in this answer alone; the old one signs too for a while",
    allow: adminOnly,
    params: idParams,
    body: z.strictObject({
      overlapHours: z
        .number()
        .min(0)
        .max(720)
        .default(24)
        .describe("how long messages carry both signatures"),
    }),
    reply: madeSchema,
    status: 200,
    secret: true,
    audit: { action: "rotate-secret", object: "alert-channel" },
    change: async (tx, deps, { params, body, caller, now }) => {
      assertAllBrands(caller, "channels");
      const made = await rotateSecret(tx, deps, params.id, body.overlapHours * 3_600_000, now);
      if (!made) throw notFound("channel", params.id);
      const { row, issued } = made;
      return {
        body: { ...(await channelBody(deps, tx, row)), issued },
        objectId: row.id,
        after: () => deps.enqueue.notify(),
      };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/alert-channels/:id",
    tag: "alerts",
    summary: "Send nothing more through a channel; what was sent stays listed",
    allow: adminOnly,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "archive", object: "alert-channel" },
    change: async (tx, _deps, { params, caller, now }) => {
      assertAllBrands(caller, "channels");
      if (!(await archiveChannel(tx, params.id, now))) throw notFound("channel", params.id);
      return { body: undefined, objectId: params.id };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/alert-channels/:id/test",
    tag: "alerts",
    summary: "Send a test message of the real shape and wait up to 10 s for what the receiver says",
    allow: adminOnly,
    params: idParams,
    body: z.strictObject({}).nullable(),
    reply: deliverySchema,
    status: 200,
    audit: { action: "test", object: "alert-channel" },
    change: async (tx, deps, { params, caller, now }) => {
      assertAllBrands(caller, "channels");
      const deliveryId = await testChannel(tx, params.id, now);
      const delivery = deliveryId && (await viewDelivery(tx, deliveryId));
      if (!delivery) throw notFound("channel", params.id);
      const changed: Changed<z.input<typeof deliverySchema>> = {
        body: deliveryBody(delivery),
        objectId: params.id,
        // The row is sent only once it is committed: the answer is what it has become by then.
        after: async () => {
          await deps.enqueue.notify();
          changed.body = (await sentWithin(deps, delivery.id, testWaitMs)) ?? changed.body;
        },
      };
      return changed;
    },
  }),
];

/** The delivery as soon as it has ended, else as it stands when the time is up. */
async function sentWithin({ db }: ApiDeps, deliveryId: string, waitMs: number) {
  for (let waitedMs = 0; ; waitedMs += testPollMs) {
    const delivery = await viewDelivery(db, deliveryId);
    if (!delivery) return undefined;
    if (delivery.ended_at !== null || waitedMs >= waitMs) return deliveryBody(delivery);
    await sleep(testPollMs);
  }
}
