import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";
import { type Checked, complaintsOf, type Issue } from "#domain/complaint.ts";
import { ForbiddenError, InputError, MolvaError, TooMuchError } from "#domain/errors.ts";
import { QuerySyntaxError } from "#domain/query/syntax-error.ts";
import { ReplyProblemsError } from "#pipeline/desk/reply-text.ts";
import { CaseConflictError, StaleVersionError } from "#pipeline/desk/steps.ts";
import type { CaseRow } from "#store/case.ts";
import { sqlState } from "#store/db.ts";

/** Largest body that an address takes unless it says otherwise. */
export const bodyLimitMiB = 5;

/** RFC 9457. `type` is stable; `errors` name each wrong field. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    current: z.unknown().optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.input<typeof problemSchema>;

export type ProblemType =
  | "invalid-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "stale-version"
  | "precondition-required"
  | "too-large"
  | "unsupported-media-type"
  | "too-many-requests"
  | "unavailable"
  | "internal"
  | "query-syntax"
  | "idempotency-mismatch"
  | "gone"
  | "method-not-allowed";

/** An error of the API itself; `detail` says what was given, what is expected and what to do next. */
export class ProblemError extends Error {
  readonly status: number;
  readonly type: ProblemType;
  readonly more: Partial<Problem>;

  constructor(status: number, type: ProblemType, detail: string, more: Partial<Problem> = {}) {
    super(detail);
    this.status = status;
    this.type = type;
    this.more = more;
  }
}

export const notFound = (what: string, id: string) =>
  new ProblemError(404, "not-found", `There is no ${what} ${id} that this key may see`);

/** Every problem type with its title; the reference page is made from it. */
export const titles: Record<ProblemType, string> = {
  "invalid-request": "The request is not valid",
  unauthorized: "A valid key is needed",
  forbidden: "This key may not do that",
  "not-found": "Not found",
  conflict: "Impossible now",
  "stale-version": "The case has changed",
  "precondition-required": "If-Match is needed",
  "too-large": "The request is too large",
  "unsupported-media-type": "The body must be JSON",
  "too-many-requests": "Too many requests",
  unavailable: "Not available now",
  internal: "Something went wrong here",
  "query-syntax": "The query has a mistake",
  "idempotency-mismatch": "The Idempotency-Key was used for another request",
  gone: "No longer kept",
  "method-not-allowed": "The method is not allowed here",
};

/** Postgres is out of reach, shutting down or out of connections: asking again helps. */
const unavailableStates = new Set([
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08006",
  "08001",
  "08003",
  "ECONNREFUSED",
  "ECONNRESET",
]);

/** Postgres stopped a statement that took, or waited for a lock, longer than it may. */
const tooLongStates = new Set(["57014", "55P03"]);

/** Where a case stands now, for whoever came too late. */
function stateOf({ id, status, outcome, version, claimed_by, claim_expires_at }: CaseRow) {
  const claim = claim_expires_at === null ? null : { by: claimed_by, expiresAt: claim_expires_at };
  return { id, status, outcome, version, claim };
}

/** Postgres could not take a value in: U+0000, half of a surrogate pair, a number or date out of its range. */
const unstorableStates = new Set(["22021", "22P05", "22P02", "22003", "22008"]);

/** The problem that an error is to a caller; `request` lets a refusal say what was given. */
export function toProblem(error: unknown, request?: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error as FastifyError, request);
  if (error instanceof QuerySyntaxError) {
    const more = { errors: [{ path: "query", message: error.message }] };
    return new ProblemError(422, "query-syntax", error.message, more);
  }
  if (error instanceof StaleVersionError)
    return new ProblemError(412, "stale-version", error.message, { current: stateOf(error.current) });
  if (error instanceof CaseConflictError)
    return new ProblemError(409, "conflict", error.message, { current: stateOf(error.current) });
  if (error instanceof InputError) {
    const errors = [...error.complaints];
    return new ProblemError(422, "invalid-request", error.message, errors.length === 0 ? {} : { errors });
  }
  if (error instanceof ReplyProblemsError) {
    const errors = error.problems.map(({ message }) => ({ path: "text", message }));
    return new ProblemError(422, "invalid-request", error.message, { errors });
  }
  if (error instanceof ForbiddenError) return new ProblemError(403, "forbidden", error.message);
  if (error instanceof TooMuchError) return new ProblemError(413, "too-large", error.message);
  if (error instanceof MolvaError) return new ProblemError(503, "unavailable", error.message);
  return ofFramework(error);
}

/** One thing that a schema found wrong, as the validator of the framework hands it on. */
interface Violation {
  /** Zod's code of the issue. */
  keyword: string;
  instancePath: string;
  message: string;
  params: Omit<Issue, "code" | "message" | "path">;
}

const issueOf = ({ keyword, instancePath, message, params }: Violation): Issue => ({
  ...params,
  code: keyword,
  message,
  path: instancePath.split("/").filter(step => step !== ""),
});

/** The schemas that the framework checks a request against. */
type Part = Exclude<Checked["where"], "file">;

const partOf = (where: Part, request: FastifyRequest | undefined): Checked => ({
  where,
  given: { body: request?.body, querystring: request?.query, params: request?.params }[where],
  schema: request?.routeOptions.schema?.[where],
});

function invalid(error: FastifyError, request: FastifyRequest | undefined): ProblemError {
  const where = (error.validationContext ?? "body") as Part;
  const issues = ((error.validation ?? []) as unknown as Violation[]).map(issueOf);
  const errors = complaintsOf(issues, partOf(where, request));
  const [first, ...others] = errors;
  const more = others.length === 0 ? "" : ` (${others.length} more in errors)`;
  const detail = first
    ? `${first.message}${more}`
    : "The request does not fit its schema; GET /docs shows it";
  return new ProblemError(where === "body" ? 422 : 400, "invalid-request", detail, { errors });
}

const byStatus: Record<number, ProblemType> = {
  400: "invalid-request",
  404: "not-found",
  405: "method-not-allowed",
  413: "too-large",
  415: "unsupported-media-type",
  429: "too-many-requests",
};

/** What the framework says too shortly. */
const sayings: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: `The body is larger than this address takes (${bodyLimitMiB} MiB for most); send less at once`,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "The body has another type; send JSON with Content-Type: application/json",
};

function ofFramework(error: unknown): ProblemError {
  const { statusCode, message, code } = error as FastifyError;
  if (
    unavailableStates.has(sqlState(error)) ||
    /timeout exceeded when trying to connect|Connection terminated/.test(message ?? "")
  ) {
    return new ProblemError(503, "unavailable", "The database does not answer; try again in a few seconds");
  }
  if (tooLongStates.has(sqlState(error)))
    return new ProblemError(
      503,
      "unavailable",
      "The database took longer than a request may take: ask for a shorter range or for less at once, or try again when it has less to do",
    );
  if (unstorableStates.has(sqlState(error))) {
    return new ProblemError(
      422,
      "invalid-request",
      "The request holds what cannot be stored: U+0000, half of a surrogate pair, or a number out of range",
    );
  }
  if (code === "FST_ERR_CTP_INVALID_JSON_BODY" || code === "FST_ERR_CTP_EMPTY_JSON_BODY") {
    return new ProblemError(
      400,
      "invalid-request",
      "The body is not valid JSON; send one JSON object in UTF-8",
    );
  }
  const type = statusCode === undefined ? undefined : byStatus[statusCode];
  if (statusCode !== undefined && type !== undefined)
    return new ProblemError(statusCode, type, sayings[code] ?? message);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ProblemError(statusCode, "invalid-request", message);
  return new ProblemError(
    500,
    "internal",
    "The request failed inside Molva; its log has the cause under this request's id",
  );
}

/** A problem as callers read it. */
export const problemBody = (problem: ProblemError, requestId: string): Problem => ({
  type: `urn:molva:problem:${problem.type}`,
  title: titles[problem.type] ?? STATUS_CODES[problem.status] ?? "Problem",
  status: problem.status,
  detail: problem.message,
  instance: `urn:molva:request:${requestId}`,
  ...problem.more,
});

/** Answers with a problem; only what broke inside is logged, with its cause. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error, request);
  if (problem.status >= 500)
    request.log.error({ err: error, url: request.routeOptions.url }, "request failed");
  if (problem.status === 503) reply.header("retry-after", "5");
  if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="molva"');
  void reply
    .code(problem.status)
    .header("content-type", "application/problem+json")
    .serializer(JSON.stringify)
    .send(problemBody(problem, request.id));
}
