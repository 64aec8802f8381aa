import { setTimeout as sleep } from "node:timers/promises";
import type { QuotaError } from "#domain/errors.ts";
import { decodeText } from "#net/charset.ts";
import type { Net } from "#net/client.ts";
import { authorized, keepPause, takePlace } from "#pipeline/ask.ts";
import type { Deps } from "#pipeline/deps.ts";
import type { SourceReply, SourceRequest } from "#sources/define.ts";
import type { Errand } from "./publish-errand.ts";

export type PublishDeps = Deps & { net: Net };

/** One exchange, and with the wait for the host's turn; well within the lease. */
const exchangeMs = 15_000;
const turnMs = 40_000;
const maxAnswerBytes = 1024 * 1024;

const usualPauseMs = 60_000;

/** Lets everybody with this quota keep the pause that the source has asked for; answers its length in ms. */
export async function pause(deps: PublishDeps, { asker }: Errand, error: QuotaError): Promise<number> {
  const waitMs = typeof error.retry === "object" ? error.retry.afterMs : usualPauseMs;
  await keepPause(deps, asker, new Date(deps.clock().getTime() + waitMs));
  return waitMs;
}

/** A short wait is sat out within the lease. */
const shortWaitMs = 3_000;
const waitAttempts = 4;

/** 0 when a place in the source's quota is taken, else after how many ms to come back. */
export async function waitForPlace(
  deps: PublishDeps,
  { asker }: Errand,
  signal: AbortSignal,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const waitMs = await takePlace(deps, asker);
    if (waitMs === 0 || waitMs > shortWaitMs || attempt === waitAttempts) return waitMs;
    await sleep(waitMs, undefined, { signal });
  }
}

/** Asks the source once, in its host's turn. A redirect is an answer: what is said in public goes to no other address. */
export async function exchange(
  { net }: PublishDeps,
  { asker }: Errand,
  request: SourceRequest,
  { signal, leaving }: { signal: AbortSignal; leaving?: () => Promise<void> },
): Promise<SourceReply> {
  const { url, method = "GET", headers = {}, body } = authorized(asker, request);
  const reply = await net.fetch({
    url,
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    follows: false,
    maxBodyBytes: maxAnswerBytes,
    ...(leaving ? { leaving } : {}),
    timeoutMs: exchangeMs,
    signal: AbortSignal.any([signal, AbortSignal.timeout(turnMs)]),
  });
  const { text } = decodeText(reply.body, reply.headers);
  return { request, url: reply.url, status: reply.status, headers: reply.headers, body: text };
}
