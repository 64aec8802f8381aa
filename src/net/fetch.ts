import { BlockedError } from "#domain/errors.ts";
import { acceptedCodings } from "./decode.ts";
import { type Answer, exchange, type Line } from "./exchange.ts";
import { TransportError } from "./faults.ts";
import type { Gate } from "./gate.ts";
import { follow, type Hop } from "./redirects.ts";
import { forever, lowerCased, readUrl } from "./request.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { Robots } from "./robots.ts";
import { conditionalHeaders, type Stored, storedFrom, updateStored } from "./validators.ts";

/** What collecting asks: paced per host, redirects followed, conditional when `stored` is given. */
export interface NetRequest {
  url: string;
  method?: "GET" | "POST" | "PATCH";
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** Validators of the last reply of this very address. */
  stored?: Stored | null;
  obeysRobots?: boolean;
  /** Whether a redirect is followed (the default) or is the reply: what was sent once is not sent on by another's word. */
  follows?: boolean;
  /** Run when it is the request's turn, before anything of it leaves; when it rejects, nothing is sent. */
  leaving?: () => Promise<void>;
  timeoutMs?: number;
  maxBodyBytes?: number;
}

/** 4xx and 5xx are replies too; `url` is the last one asked. */
export interface NetReply {
  url: string;
  status: number;
  headers: Record<string, string>;
  /** Content codings undone, charset not: see `charset.ts`. Empty after a 304. */
  body: Uint8Array;
  /** The server says that nothing changed since `stored`. */
  notModified: boolean;
  /** Hand this back with the next request; null when the reply cannot be compared. */
  stored: Stored | null;
  retryAfterMs: number | null;
  redirectCount: number;
  durationMs: number;
}

/** Fetching for collectors: robots.txt, pacing and conditions on every hop. */
export function createFetch(
  line: Line,
  gate: Gate,
  robots: Robots,
): (request: NetRequest) => Promise<NetReply> {
  const { now } = line;

  /** One hop in its host's turn, which also waits for the pause that robots.txt asks for. */
  function passHop(hop: Hop, request: NetRequest, signal: AbortSignal): Promise<Answer> {
    return gate.pass(hop.url.host, signal, async () => {
      const crawlDelayMs = request.obeysRobots === true ? await obey(robots, hop.url, signal) : 0;
      await request.leaving?.();
      const askedAt = now();
      const result = await exchange(
        hop,
        { ...line.limits, ...limitsOf(request), signal, larger: "refuse" },
        line,
      );
      const seen = { status: result.status, latencyMs: now() - askedAt, crawlDelayMs };
      return { result, seen: { ...seen, retryAfterMs: retryAfterMs(result.headers, now()) } };
    });
  }

  return async request => {
    const { signal = forever, stored = null } = request;
    const startedAt = now();
    const start = firstHop(request, line.userAgent);
    const { answer, hop, redirectCount } =
      request.follows === false
        ? { answer: await passHop(start, request, signal), hop: start, redirectCount: 0 }
        : await follow(start, each => passHop(each, request, signal));
    return { ...replyFrom(answer, hop.url, stored, now()), redirectCount, durationMs: now() - startedAt };
  };
}

function limitsOf({ timeoutMs, maxBodyBytes }: NetRequest): { timeoutMs?: number; maxBodyBytes?: number } {
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
  };
}

function firstHop(request: NetRequest, userAgent: string): Hop {
  const { method = "GET", stored = null, body = null } = request;
  const headers = {
    accept: "*/*",
    "accept-language": "ru, en;q=0.8",
    ...lowerCased(request.headers ?? {}),
    ...(method === "GET" ? conditionalHeaders(stored) : {}),
    "accept-encoding": acceptedCodings,
    "user-agent": userAgent,
  };
  return { url: readUrl(request.url), method, headers, body };
}

function replyFrom(
  answer: Answer,
  url: URL,
  stored: Stored | null,
  now: number,
): Omit<NetReply, "redirectCount" | "durationMs"> {
  const { status, headers, body } = answer;
  const notModified = status === 304;
  if (notModified && stored === null) {
    throw new TransportError(
      "broken-reply",
      `${url.host} says "not modified", but was not asked for changes.`,
    );
  }
  return {
    url: url.href,
    status,
    headers,
    body,
    notModified,
    stored: notModified && stored !== null ? updateStored(stored, headers) : storedFrom(status, headers),
    retryAfterMs: retryAfterMs(headers, now),
  };
}

/** The pause that robots.txt asks for, in ms; throws when it asks not to come at all. */
async function obey(robots: Robots, url: URL, signal: AbortSignal): Promise<number> {
  const { verdict, crawlDelayMs } = await robots.judge(url, signal);
  if (verdict === "allowed") return crawlDelayMs;
  throw verdict === "disallowed" ? forbiddenByRobots(url) : unknownRobots(url);
}

function forbiddenByRobots(url: URL): BlockedError {
  const message = `${url.origin}/robots.txt asks programs not to read ${url.pathname}. Ask its owner, or use an API of the site.`;
  return new BlockedError(message, { retry: "never" });
}

function unknownRobots(url: URL): BlockedError {
  return new BlockedError(
    `${url.origin}/robots.txt cannot be read now, so nothing may be read there until it can.`,
  );
}
