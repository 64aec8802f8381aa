/** How far the pause between two requests to one host may move, in ms. */
export interface PaceBounds {
  startMs: number;
  minMs: number;
  maxMs: number;
  /** Longest wait inside a run; a longer one is handed back as a quota that is used up. */
  maxWaitMs: number;
}

export const ordinaryPace: PaceBounds = { startMs: 1000, minMs: 250, maxMs: 60_000, maxWaitMs: 60_000 };

const ownPace: PaceBounds = { ...ordinaryPace, startMs: 0, minMs: 0 };

/** This machine's own servers (`name` or `name:port`): nobody there needs our politeness. */
export const isThisMachine = (host: string): boolean =>
  /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/.test(host);

/** The bounds for a host: this machine's own servers are asked as fast as they answer. */
export const paceFor = (host: string): PaceBounds => (isThisMachine(host) ? ownPace : ordinaryPace);

/** One host's pace: the pause after a reply, and the earliest instant of the next request (ms since 1970). */
export interface Pace {
  delayMs: number;
  nextAt: number;
}

/** What one exchange showed; `status` is null when no reply came. */
export interface Observation {
  status: number | null;
  latencyMs: number;
  retryAfterMs: number | null;
  /** What robots.txt asks for, 0 if nothing: a floor under every pause. */
  crawlDelayMs: number;
}

/** The pace of a host not asked yet. */
export function startPace(bounds: PaceBounds): Pace {
  return { delayMs: bounds.startMs, nextAt: 0 };
}

/**
 * The pace after one more exchange. Scrapy's AutoThrottle at one request at a time: the pause follows the latency,
 * `max(latency, (pause + latency) / 2)` within bounds, and a reply other than 200 may not lower it. Beyond that a
 * 429 or 503 doubles it, and `Retry-After` moves the next request.
 */
export function observe(pace: Pace, seen: Observation, now: number, bounds: PaceBounds): Pace {
  const target = seen.latencyMs;
  const adjusted = clamp(Math.max(target, (pace.delayMs + target) / 2), bounds);
  const isRefusal = seen.status === 429 || seen.status === 503;
  const floorMs = isRefusal ? clamp(pace.delayMs * 2, bounds) : pace.delayMs;
  const delayMs = seen.status === 200 ? adjusted : Math.max(adjusted, floorMs);
  const pauseMs = Math.max(delayMs, seen.crawlDelayMs, seen.retryAfterMs ?? 0);
  return { delayMs, nextAt: now + pauseMs };
}

const clamp = (ms: number, { minMs, maxMs }: PaceBounds): number => Math.min(Math.max(ms, minMs), maxMs);
