import { QuotaError } from "#domain/errors.ts";
import { type Observation, observe, type Pace, type PaceBounds, startPace } from "./pacing.ts";

/** Waits; rejects with the signal's reason when it is aborted first. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface Gate {
  /** Runs `task` when it is this host's turn: one at a time, in order, at the host's pace. */
  pass<T>(
    host: string,
    signal: AbortSignal,
    task: () => Promise<{ result: T; seen: Observation }>,
  ): Promise<T>;
}

interface Lane {
  pace: Pace;
  /** Settles when everyone who queued so far has passed. */
  last: Promise<void>;
  waiting: number;
}

/** Hosts remembered at once; a forgotten idle host starts anew. */
const maxLanes = 10_000;

/** One gate per process; the limits across processes are the schedule's. */
export function createGate(options: {
  boundsOf: (host: string) => PaceBounds;
  now: () => number;
  sleep: Sleep;
}): Gate {
  const { boundsOf, now, sleep } = options;
  const lanes = new Map<string, Lane>();

  async function runInTurn<T>(
    lane: Lane,
    host: string,
    signal: AbortSignal,
    task: () => Promise<{ result: T; seen: Observation }>,
  ): Promise<T> {
    signal.throwIfAborted();
    const bounds = boundsOf(host);
    const waitMs = lane.pace.nextAt - now();
    if (waitMs > bounds.maxWaitMs) throw tooSoon(host, waitMs);
    if (waitMs > 0) await sleep(waitMs, signal);
    const startedAt = now();
    try {
      const { result, seen } = await task();
      lane.pace = observe(lane.pace, seen, now(), bounds);
      return result;
    } catch (error) {
      const seen = { status: null, latencyMs: now() - startedAt, retryAfterMs: null, crawlDelayMs: 0 };
      lane.pace = observe(lane.pace, seen, now(), bounds);
      throw error;
    }
  }

  return {
    async pass(host, signal, task) {
      const lane = lanes.get(host) ?? {
        pace: startPace(boundsOf(host)),
        last: Promise.resolve(),
        waiting: 0,
      };
      lanes.set(host, lane);
      lane.waiting += 1;
      const turn = lane.last.then(() => runInTurn(lane, host, signal, task));
      lane.last = turn.then(ignore, ignore);
      try {
        return await turn;
      } finally {
        lane.waiting -= 1;
        if (lanes.size > maxLanes) forgetIdle(lanes, now());
      }
    },
  };
}

function forgetIdle(lanes: Map<string, Lane>, now: number): void {
  for (const [host, lane] of lanes) {
    if (lane.waiting === 0 && lane.pace.nextAt < now) lanes.delete(host);
  }
}

function tooSoon(host: string, waitMs: number): QuotaError {
  const seconds = Math.ceil(waitMs / 1000);
  return new QuotaError(`${host} asked for a pause: the next request may go in ${seconds} s.`, waitMs);
}

const ignore = (): void => undefined;
