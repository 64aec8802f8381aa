import { z } from "zod";
import { claim, claimNext } from "#pipeline/desk/steps.ts";
import { bodiesOf, caseSchema, etagOf } from "./case-shape.ts";
import { answer, assertPerson } from "./case-step.ts";
import { type Caller, deskRoles, type Route, writeRoute } from "./define.ts";
import { scopedBrands } from "./scope.ts";
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
  brandIds: z.array(id).min(1).max(100).optional().describe("without it, brands that the person answers for"),
  minPriority: z.int().min(0).max(100).default(0),
  departmentId: id.optional().describe("from this queue alone; without it, everybody's and the person's own"),
  anySkill: z
    .boolean()
    .default(false)
    .describe("also what the person's languages and source kinds leave out"),
  leaseSeconds,
});

/** What a claim asks for: what the person can answer, unless it names something else. */
function wishOf(caller: Caller, body: z.output<typeof claimBody>) {
  const { limit, minPriority, departmentId, anySkill } = body;
  const skills = anySkill ? null : caller.skills;
  const wanted = body.brandIds ?? (skills?.brand_ids ? within(skills.brand_ids, caller.brandIds) : undefined);
  const own = caller.skills?.department_id ?? null;
  return {
    limit,
    minPriority,
    brandIds: scopedBrands(caller, wanted),
    leaseMs: body.leaseSeconds * 1_000,
    departmentIds: departmentId === undefined ? [null, ...(own === null ? [] : [own])] : [departmentId],
    languages: skills && skills.languages.length > 0 ? skills.languages : null,
    sourceKinds: skills?.source_kinds ?? null,
  };
}

const within = (inner: readonly string[], outer: readonly string[] | null) =>
  outer === null ? inner : inner.filter(brandId => outer.includes(brandId));

export const queueClaimRoutes: readonly Route[] = [
  writeRoute({
    method: "POST",
    url: "/v1/queue/claim",
    tag: "queue",
    summary:
      "Take the next free cases for a while: first those given to you, then what you can answer, the most urgent first; an empty list when nothing is free",
    allow: deskRoles,
    body: claimBody,
    reply: z.object({ items: z.array(caseSchema) }),
    status: 200,
    audit: { action: "claim", object: "case" },
    alone: true,
    change: async (tx, _deps, { body, caller, scope, now }) => {
      assertPerson(caller);
      const rows = await claimNext(tx, scope, wishOf(caller, body), now);
      const [only] = rows;
      return {
        body: { items: bodiesOf(rows, now) },
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
];
