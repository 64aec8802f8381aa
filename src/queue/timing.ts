/** Every clock of the queue; tests shorten them. */
export interface Timing {
  /** A job whose worker is silent for that long counts as abandoned. */
  lockDurationMs: number;
  /** How often abandoned jobs are looked for. */
  stalledIntervalMs: number;
  /** Pause before the first retry; doubles with each. */
  backoffMs: number;
  /** Pause before a worker that lost its server asks again. */
  reconnectMs: number;
  /** A producer is told "unavailable" after that long. */
  addTimeoutMs: number;
  /** How often the schedule of the tick is looked for. */
  scheduleCheckMs: number;
}

/** A job of a killed worker is taken over within lock + interval = 14 s: 15 s are promised. */
export const productionTiming: Timing = {
  lockDurationMs: 10_000,
  stalledIntervalMs: 4_000,
  backoffMs: 10_000,
  reconnectMs: 1_000,
  addTimeoutMs: 5_000,
  scheduleCheckMs: 10_000,
};

/** A job whose worker died this often and once more is failed: it is probably the killer. */
export const maxStalledCount = 3;
