import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { writeAudit } from "#store/audit.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { keepAnswer, takeIdempotencyKey } from "#store/idempotency.ts";
import { type Authenticator, assertAllowed } from "./auth.ts";
import {
  type Answer,
  type AnyRead,
  type AnyWrite,
  type ApiDeps,
  type Caller,
  type Changed,
  type Route,
  scopeOf,
} from "./define.ts";
import { ProblemError, problemSchema } from "./problem.ts";

const headerLimit = 200;

/** Puts declared routes into Fastify: key, role, transaction, audit and repeated calls are handled here, once for all. */
export function mountRoutes(
  app: FastifyInstance,
  deps: ApiDeps,
  auth: Authenticator,
  routes: readonly Route[],
): void {
  for (const route of routes) {
    app.route({
      method: route.method ?? "GET",
      url: route.url,
      // A file would be made for nothing.
      ...(route.produces === undefined ? {} : { exposeHeadRoute: false }),
      schema: schemaOf(route),
      onRequest: async request => {
        if (route.allow === "public") return;
        const caller = await auth.identify(request.headers.authorization, deps.clock());
        assertAllowed(caller, route.allow);
        request.caller = caller;
      },
      handler: async (request, reply) => {
        const answer = await ("read" in route ? answerRead : answerWrite)(
          deps,
          route as never,
          request,
          reply,
        );
        if (route.produces !== undefined) reply.type(route.produces);
        return send(reply, answer, statusOf(route));
      },
    });
  }
}

/** An answer on its way out; `kept` is the status of one that was given before. */
interface Given extends Answer<unknown> {
  kept?: number;
}

function send(reply: FastifyReply, answer: Given, status: number): FastifyReply {
  const { kept, etag, location, body } = answer;
  if (kept !== undefined) {
    // It was shaped by the schema when it was given; dates in it are texts by now.
    reply.header("idempotent-replayed", "true").serializer(JSON.stringify);
    if (body !== undefined) reply.type("application/json; charset=utf-8");
  }
  if (etag !== undefined) reply.header("etag", etag);
  if (location !== undefined) reply.header("location", location);
  return reply.code(kept ?? status).send(body);
}

const statusOf = (route: Route): number => ("read" in route ? 200 : route.status);

function schemaOf(route: Route) {
  const { params, query, body, reply, tag, summary, allow } = route;
  return {
    tags: [tag],
    summary,
    description: allow === "public" ? "No key needed." : `Roles: ${allow.join(", ")}.`,
    security: allow === "public" ? [] : [{ key: [] }],
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(body ? { body } : {}),
    response: {
      [statusOf(route)]:
        route.produces === undefined
          ? reply
          : { description: "The file", content: { [mediaType(route.produces)]: { schema: reply } } },
      default: {
        description: "A problem (RFC 9457)",
        content: { "application/problem+json": { schema: problemSchema } },
      },
    },
  };
}

/** Without its parameters. */
const mediaType = (contentType: string): string => contentType.split(";")[0] as string;

const nobody: Caller = { keyId: "", name: "", role: "ingest", personId: null, brandIds: [], skills: null };

function inputOf(deps: ApiDeps, request: FastifyRequest, reply: FastifyReply) {
  const caller = request.caller ?? nobody;
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    caller,
    scope: scopeOf(caller),
    now: deps.clock(),
    request,
    reply,
  };
}

const answerRead = (
  deps: ApiDeps,
  route: AnyRead,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Given> => route.read(deps, { ...inputOf(deps, request, reply), db: deps.db } as never);

async function answerWrite(
  deps: ApiDeps,
  route: AnyWrite,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Given> {
  const input = inputOf(deps, request, reply);
  const key = idempotencyKey(request);
  if (route.alone && key === null) return route.change(deps.steady as Tx, deps, input as never);
  const done = await inTransaction(deps.db, async (tx): Promise<Changed<unknown> & Given> => {
    const kept = key === null ? null : await keptAnswer(tx, input.caller, key, request, input.now);
    if (kept !== null) return { ...kept, objectId: null };
    const changed = await route.change(tx, deps, input as never);
    const { keyId, personId } = input.caller;
    const fields = Object.keys((input.body as object | undefined) ?? {});
    const { audit } = route;
    if (audit !== null && !route.alone)
      await writeAudit(tx, { keyId, personId, ...audit, objectId: changed.objectId, fields }, input.now);
    if (key !== null) {
      const secret = route.secret ?? false;
      const answer = secret ? null : asGiven(reply, changed.body, route.status);
      await keepAnswer(tx, keyId, key, { status: route.status, answer, secret, subjectId: changed.objectId });
    }
    return changed;
  });
  await done.after?.().catch(err => {
    deps.log.warn({ err, url: route.url }, "done and stored; what follows is left to the next tick");
  });
  return done;
}

/** The answer as it goes out, dates as text. */
const asGiven = (reply: FastifyReply, body: unknown, status: number): unknown =>
  body === undefined
    ? null
    : JSON.parse(reply.serializeInput(body as Record<string, unknown>, `${status}`) as string);

function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || key === "" || key.length > headerLimit) {
    throw new ProblemError(
      400,
      "invalid-request",
      `Idempotency-Key must be one value of 1–${headerLimit} characters`,
    );
  }
  return key;
}

async function keptAnswer(
  tx: Tx,
  caller: Caller,
  key: string,
  request: FastifyRequest,
  now: Date,
): Promise<Given | null> {
  const text = `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`;
  const kept = await takeIdempotencyKey(
    tx,
    caller.keyId,
    key,
    createHash("sha256").update(text).digest(),
    now,
  );
  if (kept === null) return null;
  if (!kept.bodyHash.equals(createHash("sha256").update(text).digest())) {
    throw new ProblemError(
      422,
      "idempotency-mismatch",
      "This Idempotency-Key came with another request before; use a new key for a new request",
    );
  }
  if (kept.secret) {
    throw new ProblemError(
      409,
      "conflict",
      `This call was made already and its answer held a secret; the object is ${kept.subjectId}`,
      {
        current: { id: kept.subjectId },
      },
    );
  }
  return { kept: kept.status ?? 200, body: kept.answer ?? undefined };
}
