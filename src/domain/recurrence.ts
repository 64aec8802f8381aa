/** A failing source is asked again after its interval times 2, 4, 8 …, at most this long. */
const maxBackoffMs = 6 * 3_600_000;
const maxDoublings = 10;

/** Spread of the next run around its interval, so that sources made together do not run together. */
const jitterShare = 0.1;

/**
 * When an interval-driven source runs next. `random` in [0, 1) spreads it by ±5 %; failures double the wait
 * up to six hours (or the interval, if that is longer); `afterMs` is what the site itself asked for.
 */
export function nextRunAt(
  now: Date,
  everyMs: number,
  failureCount: number,
  random: number,
  afterMs = 0,
): Date {
  const doubled = everyMs * 2 ** Math.min(failureCount, maxDoublings);
  const waitMs = failureCount === 0 ? everyMs : Math.max(everyMs, Math.min(doubled, maxBackoffMs));
  const spread = 1 + (random - 0.5) * jitterShare;
  return new Date(now.getTime() + Math.max(afterMs, Math.round(waitMs * spread)));
}
