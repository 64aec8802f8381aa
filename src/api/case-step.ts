import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Scope, StepRequest } from "#pipeline/desk/steps.ts";
import type { CaseRow } from "#store/case.ts";
import type { Tx } from "#store/db.ts";
import type { Role } from "#store/tables.ts";
import { caseBodies, caseSchema, etagOf } from "./case-shape.ts";
import { type Caller, deskRoles, type Route, writeRoute } from "./define.ts";
import { notFound, ProblemError } from "./problem.ts";
import { idParams } from "./shape.ts";

/** A step of the workflow as data: it has an address of its own and stands among the bulk steps. */
export interface Step {
  name: string;
  summary: string;
  allow: readonly Role[];
  body: z.ZodType;
  take: (tx: Tx, scope: Scope, at: StepRequest, body: never) => Promise<CaseRow | undefined>;
  /** What it releases is sent without waiting for the tick. */
  hurries?: boolean;
}

type Take<Body extends z.ZodType> = (
  tx: Tx,
  scope: Scope,
  at: StepRequest,
  body: z.output<Body>,
) => Promise<CaseRow | undefined>;

/** Gives `take` the type of its body; everybody at the desk may take it. */
export const stepOn = <Body extends z.ZodType>(
  name: string,
  summary: string,
  body: Body,
  take: Take<Body>,
): Step => ({ name, summary, allow: deskRoles, body, take: take as Step["take"] });

/** The route of a step: needs the version that the caller saw, answers with the case after it. */
export const stepRoute = ({ name, summary, allow, body, take }: Step): Route =>
  writeRoute({
    method: "POST",
    url: `/v1/queue/:id/${name}`,
    tag: "queue",
    summary,
    allow,
    params: idParams,
    body,
    reply: caseSchema,
    status: 200,
    audit: { action: name, object: "case" },
    change: async (tx, _deps, { params, body: given, scope, now, request }) => {
      const at = { id: params.id, version: ifMatch(request), now };
      return answer(tx, params.id, await take(tx, scope, at, given as never), now);
    },
  });

/** A step that needs nothing but the case; no body at all is fine too. */
export const emptyBody = z.strictObject({}).nullable();

/** A case as the answer to a step on it; a 404 when there is none. */
export async function answer(tx: Tx, caseId: string, row: CaseRow | undefined, now: Date) {
  if (!row) throw notFound("case", caseId);
  const [body] = await caseBodies(tx, [row], now);
  if (!body) throw notFound("case", caseId);
  return { body, objectId: row.id, etag: etagOf(row) };
}

/** The version in If-Match. */
export function ifMatch(request: FastifyRequest): number {
  const header = request.headers["if-match"];
  if (header === undefined) {
    throw new ProblemError(
      428,
      "precondition-required",
      'Send If-Match with the version that you saw, such as If-Match: "3"; the ETag of every answer with one case has it',
    );
  }
  const version = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) {
    throw new ProblemError(
      400,
      "invalid-request",
      `If-Match is ${header.slice(0, 50)}; expected one version in quotes, such as "3", as ETag gave it`,
    );
  }
  return Number(version);
}

/** Whoever holds, writes or approves is a person; a 403 for a key that is nobody's. */
export function personOf({ name, personId }: Caller): string {
  if (personId !== null) return personId;
  throw new ProblemError(
    403,
    "forbidden",
    `The key "${name}" is a service's, and this needs a person: make a key with personId by POST /v1/keys`,
  );
}

/** The same where nothing is asked of the person. */
export const assertPerson = (caller: Caller): void => void personOf(caller);
