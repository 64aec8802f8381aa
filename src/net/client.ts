import { setTimeout as wait } from "node:timers/promises";
import { Agent } from "undici";
import { type Dial, dialWithin, guardedConnector, type Resolve, resolveWithSystem } from "./connect.ts";
import { acceptedCodings } from "./decode.ts";
import { mayAsk, readAllowList } from "./egress.ts";
import { exchange, type Line } from "./exchange.ts";
import { createFetch, type NetReply, type NetRequest } from "./fetch.ts";
import { createGate, type Sleep } from "./gate.ts";
import { type PaceBounds, paceFor } from "./pacing.ts";
import { createPost, type PostReply, type PostRequest } from "./post.ts";
import { follow, type Hop } from "./redirects.ts";
import { type AskRobots, createRobots } from "./robots.ts";
import { maxRobotsBytes } from "./robots-rules.ts";

export type { NetReply, NetRequest } from "./fetch.ts";

export interface Net {
  /** Rejects only for faults of the transport, limits, refused addresses and robots.txt. */
  fetch(request: NetRequest): Promise<NetReply>;
  post(request: PostRequest): Promise<PostReply>;
  /** Whether the guard lets an address pass as it is written; names are checked again when they are resolved. */
  mayAsk(url: string): boolean;
  close(): Promise<void>;
}

export interface NetOptions {
  /** Entries of MOLVA_EGRESS_ALLOW: host names, addresses, CIDRs. */
  allow: readonly string[];
  /** Product and version, e.g. "Molva/1.0"; robots.txt is read for the product. */
  userAgent: string;
  /** A page or mailbox where site owners reach the operator. */
  contact: string;
  /** Politeness toward a host (`name` or `name:port`); by default this machine itself needs none. */
  paceOf?: (host: string) => PaceBounds;
  timeoutMs?: number;
  maxBodyBytes?: number;
  now?: () => number;
  sleep?: Sleep;
  resolve?: Resolve;
  dial?: Dial;
}

/** Molva's only way out: every socket passes the egress guard, on every hop. */
export function createNet(options: NetOptions): Net {
  const { now = Date.now, timeoutMs = 30_000, maxBodyBytes = 10 * 1024 * 1024, paceOf = paceFor } = options;
  const { resolve = resolveWithSystem, dial = dialWithin(10_000), sleep = sleepFor } = options;
  const allow = readAllowList(options.allow);
  const dispatcher = new Agent({
    connect: guardedConnector({ allow, resolve, dial }),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const userAgent = `${options.userAgent} (+${options.contact})`;
  const line: Line = { dispatcher, allow, userAgent, now, limits: { timeoutMs, maxBodyBytes } };
  const gate = createGate({ boundsOf: paceOf, now, sleep });
  const robots = createRobots({ agent: options.userAgent, ask: askRobotsOver(line), now });
  return {
    fetch: createFetch(line, gate, robots),
    post: createPost(line),
    mayAsk: url => URL.canParse(url) && mayAsk(new URL(url), allow),
    close: () => dispatcher.destroy(),
  };
}

function askRobotsOver(line: Line): AskRobots {
  const headers = {
    "user-agent": line.userAgent,
    "accept-encoding": acceptedCodings,
    accept: "text/plain, */*;q=0.5",
  };
  return async (url, signal) => {
    const start: Hop = { url, method: "GET", headers, body: null };
    const limits = { ...line.limits, maxBodyBytes: maxRobotsBytes, larger: "cut", signal } as const;
    const { answer } = await follow(start, hop => exchange(hop, limits, line));
    return answer;
  };
}

const sleepFor: Sleep = (ms, signal) => wait(ms, undefined, { signal });
