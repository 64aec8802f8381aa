import { z } from "zod";
import { saidOf } from "#domain/expected.ts";
import type { Scope } from "#pipeline/desk/steps.ts";
import { type CaseRow, lockCases } from "#store/case.ts";
import type { Tx } from "#store/db.ts";
import { apart } from "#store/savepoint.ts";
import { assertAllowed } from "./auth.ts";
import { caseBodies, caseSchema } from "./case-shape.ts";
import type { Step } from "./case-step.ts";
import { deskRoles, type Route, writeRoute } from "./define.ts";
import { notFound, ProblemError, problemBody, problemSchema, toProblem } from "./problem.ts";
import { id } from "./shape.ts";

const mostCases = 500;
const firstServerError = 500;

const bulkSchema = z
  .object({
    items: z.array(
      z.object({
        id,
        status: z.int().describe("as the single step would answer"),
        case: caseSchema.nullable(),
        problem: problemSchema.nullable(),
      }),
    ),
  })
  .meta({ id: "BulkSteps" });

interface Wanted {
  id: string;
  version: number;
}

/** One step on many cases: each goes or fails by itself. What a role may not do alone it may not do here. */
export const queueBulkRoute = (steps: readonly Step[]): Route => {
  const byName = new Map(steps.map(step => [step.name, step]));
  return writeRoute({
    method: "POST",
    url: "/v1/queue/bulk",
    tag: "queue",
    summary: "Take one step on many cases, each with the version that you saw; one answer for each",
    allow: deskRoles,
    body: z.strictObject({
      cases: z
        .array(z.strictObject({ id, version: z.int().min(1) }))
        .min(1)
        .max(mostCases)
        .refine(cases => new Set(cases.map(one => one.id)).size === cases.length, "each case once"),
      step: z.enum([...byName.keys()] as [string, ...string[]]),
      body: z
        .record(z.string(), z.unknown())
        .nullable()
        .default(null)
        .describe("as the single step takes it"),
    }),
    reply: bulkSchema,
    status: 200,
    audit: { action: "bulk", object: "case" },
    change: async (tx, deps, { body, caller, scope, now, request }) => {
      const step = byName.get(body.step) as Step;
      assertAllowed(caller, step.allow);
      const given = readBody(step, body.body);
      // In one order for all, so that two bulks do not wait for each other.
      await lockCases(
        tx,
        body.cases.map(one => one.id),
      );
      const taken = [];
      for (const one of body.cases) taken.push(await takeOne(tx, scope, step, { ...one, now }, given));
      const rows = taken.flatMap(one => ("row" in one ? [one.row] : []));
      const bodies = new Map((await caseBodies(tx, rows, now)).map(each => [each.id, each]));
      const items = taken.map(one =>
        "row" in one
          ? { id: one.row.id, status: 200, case: bodies.get(one.row.id) ?? null, problem: null }
          : {
              id: one.id,
              status: one.problem.status,
              case: null,
              problem: problemBody(one.problem, request.id),
            },
      );
      return {
        body: { items },
        objectId: null,
        ...(step.hurries && rows.length > 0 ? { after: () => deps.enqueue.publish() } : {}),
      };
    },
  });
};

function readBody(step: Step, body: unknown): never {
  const read = step.body.safeParse(body ?? (step.body.safeParse(null).success ? null : {}));
  if (read.success) return read.data as never;
  const errors = read.error.issues.map(issue => ({
    path: ["body", ...issue.path].join("."),
    message: saidOf(issue),
  }));
  const [first] = errors;
  throw new ProblemError(
    422,
    "invalid-request",
    `body of the step ${step.name}, field ${first?.path}: ${first?.message}`,
    { errors },
  );
}

async function takeOne(
  tx: Tx,
  scope: Scope,
  step: Step,
  at: Wanted & { now: Date },
  body: never,
): Promise<{ row: CaseRow } | { id: string; problem: ProblemError }> {
  try {
    return await apart(tx, async () => {
      const row = await step.take(tx, scope, at, body);
      if (!row) throw notFound("case", at.id);
      return { row };
    });
  } catch (error) {
    const problem = toProblem(error);
    if (problem.status >= firstServerError) throw error;
    return { id: at.id, problem };
  }
}
