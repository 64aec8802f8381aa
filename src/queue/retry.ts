import { UnrecoverableError } from "bullmq";
import { MolvaError, type Retry } from "#domain/errors.ts";

const maxBackoffMs = 15 * 60_000;

/** What BullMQ stores of an error: a text fit for people (its own texts may quote URLs with tokens) and the policy. */
class RetriedError extends Error {
  readonly retry: Exclude<Retry, "never">;

  constructor(message: string, retry: Exclude<Retry, "never">) {
    super(message);
    this.name = "RetriedError";
    this.retry = retry;
  }
}

/** The error's own policy; an error that nobody foresaw is tried again. */
const retryOf = (error: unknown): Retry => (error instanceof MolvaError ? error.retry : "backoff");

/** The text that may be stored beside the job. */
const publicText = (error: unknown): string =>
  error instanceof MolvaError
    ? `${error.code}: ${error.message}`
    : `unexpected ${error instanceof Error ? error.name : typeof error}; the log has the details`;

/** Turns any error of a handler into the one that BullMQ acts on. */
export function toQueueError(error: unknown): Error {
  const retry = retryOf(error);
  return retry === "never"
    ? new UnrecoverableError(publicText(error))
    : new RetriedError(publicText(error), retry);
}

/**
 * Milliseconds until the next attempt after `attemptsMade` failed ones: exactly what the error asked for,
 * else 1, 2, 4 … times the base, ± 20 % so that jobs which failed together do not return together.
 */
export function retryDelayMs(
  attemptsMade: number,
  error: unknown,
  baseMs: number,
  random: () => number,
): number {
  const retry = error instanceof RetriedError ? error.retry : "backoff";
  if (retry !== "backoff") return retry.afterMs;
  const exact = Math.min(baseMs * 2 ** (attemptsMade - 1), maxBackoffMs);
  return Math.round(exact * (0.8 + 0.4 * random()));
}
