import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { changeRange } from "#store/change.ts";
import { type Authenticator, assertAllowed, seesBrand } from "./auth.ts";
import { type ChangeFeed, createChangeFeed, type FeedEntry } from "./change-feed.ts";
import { type ApiDeps, type Caller, everyReader } from "./define.ts";
import { ProblemError, problemSchema } from "./problem.ts";

/** How the stream paces itself; tests shorten it. */
export interface StreamPace {
  pollMs: number;
  /** A comment goes out after so long a silence, and the key is checked anew. */
  heartbeatMs: number;
  /** A client that takes nothing for so long is cut off; it resumes by its last id. */
  stuckMs: number;
  maxConnections: number;
  maxPerKey: number;
}

const usualPace: StreamPace = {
  pollMs: 250,
  heartbeatMs: 15_000,
  stuckMs: 60_000,
  maxConnections: 1_000,
  maxPerKey: 20,
};

const reconnectMs = 2_000;

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  // The connection ends with the stream: a stopping process does not wait for it to fall idle.
  connection: "close",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

/** `GET /v1/stream`: the log of changes as server-sent events; an event's id is its `seq`. */
export function registerStream(
  app: FastifyInstance,
  deps: ApiDeps,
  auth: Authenticator,
  pace: StreamPace = usualPace,
): void {
  const feed = createChangeFeed({ ...deps, pollMs: pace.pollMs });
  const open = new Map<AbortController, string>();

  app.addHook("preClose", async () => {
    feed.close();
    for (const connection of open.keys()) connection.abort();
  });

  app.route({
    method: "GET",
    url: "/v1/stream",
    exposeHeadRoute: false,
    schema: {
      tags: ["stream"],
      summary: "Changes as they happen, resumable",
      description: [
        `Roles: ${everyReader.join(", ")}.`,
        "Server-sent events `mention.created`, `mention.updated`, `case.*`, `alert.fired`, `run.finished`; data is",
        "`{id, seq, at, brandIds}`, and the object itself is read by its id. `personIds` beside them are whom a case was",
        "given to, a note called (`case.mentioned`), or all who are writing now (`case.writing`). Send the last id seen as `Last-Event-ID`",
        "(or `lastEventId`) to go on from there; without it the stream begins now. Changes are kept 7 days: an older",
        "id gets 410, and everything is to be read anew with `GET /v1/mentions?sinceSeq=0`.",
      ].join("\n"),
      security: [{ key: [] }],
      querystring: z.strictObject({ lastEventId: z.string().max(40).optional() }),
      response: {
        200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
        default: {
          description: "A problem (RFC 9457)",
          content: { "application/problem+json": { schema: problemSchema } },
        },
      },
    },
    onRequest: async request => {
      request.caller = await identifyReader(auth, request, deps.clock());
    },
    handler: async (request, reply) => {
      const caller = request.caller as Caller;
      const closed = new AbortController();
      const { signal } = closed;
      const identify = () => identifyReader(auth, request, deps.clock());
      assertRoom([...open.values()], caller.keyId, pace);
      open.set(closed, caller.keyId);
      try {
        const position = await startOf(deps, lastIdOf(request));
        reply.raw.once("close", () => closed.abort());
        await serve({ feed, response: begin(reply), identify, pace, signal }, caller, position);
      } catch (err) {
        if (!reply.raw.headersSent) throw err;
        deps.log.warn({ err }, "stream: a client was cut off and will resume");
      } finally {
        open.delete(closed);
        if (reply.raw.headersSent) reply.raw.end();
      }
      return reply;
    },
  });
}

async function identifyReader(auth: Authenticator, request: FastifyRequest, now: Date): Promise<Caller> {
  const caller = await auth.identify(request.headers.authorization, now);
  assertAllowed(caller, everyReader);
  return caller;
}

function assertRoom(keyIds: readonly string[], keyId: string, pace: StreamPace): void {
  if (keyIds.filter(other => other === keyId).length >= pace.maxPerKey) {
    throw new ProblemError(
      429,
      "too-many-requests",
      `This key has ${pace.maxPerKey} streams open; close one, or read with another key`,
    );
  }
  if (keyIds.length >= pace.maxConnections)
    throw new ProblemError(503, "unavailable", "Too many streams are open here; try again later");
}

function lastIdOf(request: FastifyRequest): string | undefined {
  const header = request.headers["last-event-id"];
  return header === undefined ? (request.query as { lastEventId?: string }).lastEventId : String(header);
}

/** Where a client begins: now, or after the last id it has seen. */
async function startOf({ db }: ApiDeps, lastId: string | undefined): Promise<number> {
  const { oldest, newest } = await changeRange(db);
  if (lastId === undefined) return newest;
  const position = /^\d{1,16}$/.test(lastId) ? Number(lastId) : Number.POSITIVE_INFINITY;
  if (position > newest) {
    throw new ProblemError(
      400,
      "invalid-request",
      "The last event id is not one that this stream gave; leave it out to begin now",
    );
  }
  if (position < oldest) {
    throw new ProblemError(
      410,
      "gone",
      `Changes up to ${oldest} are no longer kept; read everything anew, then begin at ${newest}`,
      { current: { oldest, newest } },
    );
  }
  return position;
}

function begin(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const { raw: response } = reply;
  response.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers });
  response.write(`retry: ${reconnectMs}\n\n`);
  return response;
}

interface Connection {
  feed: ChangeFeed;
  response: ServerResponse;
  identify: () => Promise<Caller>;
  pace: StreamPace;
  signal: AbortSignal;
}

/** Writes until the client goes, its key ends, or the process stops; takes more only when the last is taken. */
async function serve(connection: Connection, start: Caller, position: number): Promise<void> {
  const { feed, response, pace, signal } = connection;
  let caller: Caller | null = start;
  let after = position;
  let beatAt = performance.now();
  while (!signal.aborted) {
    const entries = await feed.next(after, pace.heartbeatMs, signal);
    const beats = performance.now() - beatAt >= pace.heartbeatMs * 0.9;
    if (beats) {
      caller = await connection.identify().catch(() => null);
      beatAt = performance.now();
    }
    if (caller === null || signal.aborted) return;
    after = entries.at(-1)?.seq ?? after;
    const text = `${written(entries, caller)}${beats ? heartbeat(after) : ""}`;
    if (text !== "" && !response.write(text) && !(await drained(connection))) return;
  }
}

/** An id without data moves what the client resumes from past changes that it may not see. */
const heartbeat = (after: number): string => `: still here\nid: ${after}\n\n`;

const written = (entries: readonly FeedEntry[], caller: Caller): string =>
  entries
    .map(entry => ({ ...entry, brandIds: entry.brandIds.filter(brandId => seesBrand(caller, brandId)) }))
    .filter(entry => caller.brandIds === null || entry.brandIds.length > 0)
    .map(({ seq, event, subjectId, at, brandIds, personIds }) => {
      const told = { id: subjectId, seq, at, brandIds, ...(personIds === null ? {} : { personIds }) };
      const data = JSON.stringify(told);
      return `id: ${seq}\nevent: ${event}\ndata: ${data}\n\n`;
    })
    .join("");

/** Whether the client took what was written, in time. */
function drained({ response, pace, signal }: Connection): Promise<boolean> {
  return new Promise(resolve => {
    const finish = (taken: boolean) => {
      clearTimeout(timer);
      response.off("drain", drain);
      signal.removeEventListener("abort", give);
      if (!taken) response.destroy();
      resolve(taken);
    };
    const drain = () => finish(true);
    const give = () => finish(false);
    const timer = setTimeout(give, pace.stuckMs);
    response.once("drain", drain);
    signal.addEventListener("abort", give);
  });
}
