import { type Dispatcher, errors } from "undici";
import { InputError, MolvaError } from "#domain/errors.ts";
import { type BodyLimits, readBody } from "./decode.ts";
import { type AllowList, mayAsk } from "./egress.ts";
import { EgressError, TransportError } from "./faults.ts";
import type { Hop } from "./redirects.ts";

/** What one address answered; header names are lower case, repeated headers joined by ", ". */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface ExchangeLimits {
  maxBodyBytes: number;
  timeoutMs: number;
  signal: AbortSignal;
  larger: BodyLimits["larger"];
  /** Whether the status is worth an answer whose body never ends or breaks off. */
  statusSuffices?: boolean;
}

/** What all requests of one client share. */
export interface Line {
  dispatcher: Dispatcher;
  allow: AllowList;
  userAgent: string;
  now: () => number;
  limits: { timeoutMs: number; maxBodyBytes: number };
}

/** One request and its reply, no redirects. Only faults of the transport and refusals of our own throw. */
export async function exchange(hop: Hop, limits: ExchangeLimits, line: Line): Promise<Answer> {
  if (!mayAsk(hop.url, line.allow)) throw new EgressError();
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([limits.signal, timeout]);
  try {
    const { statusCode, headers, body } = await line.dispatcher.request({
      origin: hop.url.origin,
      path: hop.url.pathname + hop.url.search,
      method: hop.method,
      headers: hop.headers,
      body: hop.body,
      signal,
    });
    const flat = flatten(headers);
    const bodyLimits = { maxBytes: limits.maxBodyBytes, larger: limits.larger, signal };
    const read = readBody(body, flat["content-encoding"] ?? "", bodyLimits);
    return {
      status: statusCode,
      headers: flat,
      body: await (limits.statusSuffices ? orNothing(read) : read),
    };
  } catch (cause) {
    limits.signal.throwIfAborted();
    throw timeout.aborted ? silence(hop.url, limits.timeoutMs, cause) : named(hop.url, cause);
  }
}

/** What was read, or nothing where reading failed. */
const orNothing = (read: Promise<Buffer>): Promise<Buffer> => read.catch(() => Buffer.alloc(0));

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    [value ?? ""].flat().join(", "),
  ]);
  return Object.fromEntries(pairs);
}

/** Errors of ours are passed on; undici's and the system's get a name and a text for people. */
function named(url: URL, cause: unknown): MolvaError {
  if (cause instanceof MolvaError) return cause;
  if (cause instanceof errors.InvalidArgumentError) {
    return new InputError(`The request to ${url.host} has a header or an address that HTTP does not allow.`);
  }
  const isLate = cause instanceof errors.ConnectTimeoutError || cause instanceof errors.HeadersTimeoutError;
  if (isLate)
    return new TransportError("timeout", `${url.host} did not answer in time. It may be down.`, { cause });
  if (cause instanceof errors.HTTPParserError || cause instanceof errors.HeadersOverflowError) {
    return new TransportError("broken-reply", `${url.host} answered something that is not HTTP.`, { cause });
  }
  return new TransportError("unreachable", `${url.host} could not be reached, or it cut the connection.`, {
    cause,
  });
}

function silence(url: URL, timeoutMs: number, cause: unknown): TransportError {
  const message = `${url.host} did not answer in full within ${timeoutMs / 1000} s.`;
  return new TransportError("timeout", message, { cause });
}
