import { z } from "zod";
import { claim, claimNext, note, release, reopen, resolve } from "#pipeline/desk/steps.ts";
import { outcomes } from "#store/tables.ts";
import { caseBodies, caseSchema, etagOf } from "./case-shape.ts";
import { answer, assertPerson, step } from "./case-step.ts";
import { deskRoles, type Route, writeRoute } from "./define.ts";
import { scopedBrands, words } from "./scope.ts";
import { id, idParams } from "./shape.ts";

const ordinaryLease = 15 * 60;
const leaseSeconds = z
  .int()
  .min(30)
  .max(8 * 3_600)
  .default(ordinaryLease)
  .describe("how long nobody else gets the case; claim again to prolong");

const claimBody = z.strictObject({
  limit: z.int().min(1).max(100).default(1),
  brandIds: z.array(id).min(1).max(100).optional(),
  minPriority: z.int().min(0).max(100).default(0),
  leaseSeconds,
});

/** A step that needs nothing but the case; no body at all is fine too. */
const empty = z.strictObject({}).nullable();

const webAddress = z.url({ protocol: /^https?$/, error: "expected an http or https address" }).max(4_000);

export const queueStepRoutes: readonly Route[] = [
  writeRoute({
    method: "POST",
    url: "/v1/queue/claim",
    tag: "queue",
    summary:
      "Take the next free cases for a while, the most urgent first; an empty list when nothing is free",
    allow: deskRoles,
    body: claimBody,
    reply: z.object({ items: z.array(caseSchema) }),
    status: 200,
    audit: { action: "claim", object: "case" },
    alone: true,
    change: async (tx, _deps, { body, caller, scope, now }) => {
      assertPerson(caller);
      const { limit, minPriority } = body;
      const brandIds = scopedBrands(caller, body.brandIds);
      const wish = { limit, minPriority, brandIds, leaseMs: body.leaseSeconds * 1_000 };
      const rows = await claimNext(tx, scope, wish, now);
      const [only] = rows;
      return {
        body: { items: await caseBodies(tx, rows, now) },
        objectId: rows.length === 1 && only ? only.id : null,
        ...(rows.length === 1 && only ? { etag: etagOf(only) } : {}),
      };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/queue/:id/claim",
    tag: "queue",
    summary: "Take this case for a while, or prolong your own claim; 409 names who holds it",
    allow: deskRoles,
    params: idParams,
    body: z.strictObject({ leaseSeconds }).nullable(),
    reply: caseSchema,
    status: 200,
    audit: { action: "claim", object: "case" },
    change: async (tx, _deps, { params, body, caller, scope, now }) => {
      assertPerson(caller);
      const leaseMs = (body?.leaseSeconds ?? ordinaryLease) * 1_000;
      return answer(tx, params.id, await claim(tx, scope, params.id, leaseMs, now), now);
    },
  }),
  step("release", "Give a case back to the queue", empty, (tx, scope, at) => release(tx, scope, at)),
  step(
    "note",
    "Add a note for colleagues; it is no part of the history and is erased with the author",
    z.strictObject({ text: words(10_000) }),
    (tx, scope, at, { text }) => note(tx, scope, at, text),
  ),
  step(
    "resolve",
    "End a case with its outcome; answered, with the answer's address, marks its texts as answered",
    z.strictObject({ outcome: z.enum(outcomes), answerUrl: webAddress.nullable().default(null) }),
    (tx, scope, at, { outcome, answerUrl }) => resolve(tx, scope, at, outcome, answerUrl),
  ),
  step("reopen", "Bring an ended case back", empty, (tx, scope, at) => reopen(tx, scope, at)),
];
