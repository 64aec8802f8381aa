import { Worker as BullWorker, type IQueueBackend, type Job, WaitingError } from "bullmq";
import { type Backend, connect } from "./backend.ts";
import { type JobData, type JobName, parseJob } from "./jobs.ts";
import { retryDelayMs, toQueueError } from "./retry.ts";
import { maxStalledCount, type Timing } from "./timing.ts";

/** What a handler knows of its run. */
export interface JobContext {
  /** Aborted when the process has to stop soon, or when another worker has taken the job over. */
  signal: AbortSignal;
  /** 1 for the first attempt. */
  attempt: number;
  /** True when a failure now is a failure for good. */
  final: boolean;
}

export type Handlers = {
  [Name in JobName]: (data: JobData<Name>, context: JobContext) => Promise<void>;
};

/** A job that will not be tried again. */
export interface FailedJob {
  name: JobName;
  data: unknown;
  reason: string;
  attempts: number;
}

export interface WorkOptions {
  /** Jobs of one kind at a time in this process; ticks never overlap. */
  concurrency: number;
  /** Told once per job that failed for good, also when its process died too often and no handler saw the end. */
  onFailed: (job: FailedJob) => void;
  /** Told of every error of a handler and of lost connections, with the full cause, for the log. */
  onError: (error: Error) => void;
}

/** Jobs being worked on. */
export interface Work {
  /**
   * Takes no new job, lets the running ones end, aborts their signal at 80 % of the deadline and at 90 % hands
   * those that still run back to the queue, each exactly once. Answers how many were handed back.
   */
  stop(deadlineMs: number): Promise<{ handedBack: number }>;
}

interface Setting {
  queueName: string;
  backend: Backend;
  timing: Timing;
  random: () => number;
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const abortShare = 0.8;
const handBackShare = 0.9;

/** Works on the jobs of one kind. */
export function workOn<Name extends JobName>(
  name: Name,
  handle: Handlers[Name],
  { queueName, backend, timing, random }: Setting,
  options: WorkOptions,
): Work {
  const concurrency = name === "tick" ? 1 : options.concurrency;
  const connected = connect(backend, { concurrency });
  const stopping = new AbortController();
  const cut = new AbortController();
  const cutNow = new Promise<"cut">(resolve => {
    cut.signal.addEventListener("abort", () => resolve("cut"), { once: true });
  });
  const running = new Map<string, AbortController>();
  let stopped = false;
  let handedBack = 0;

  const putBack = async (job: Job, token: string): Promise<never> => {
    await job.moveToWait(token);
    throw new WaitingError();
  };
  const handBack = (job: Job, token: string): Promise<never> => {
    handedBack++;
    return putBack(job, token);
  };

  const run = async (job: Job, taken: AbortController): Promise<"done"> => {
    const attempt = job.attemptsMade + 1;
    await handle(parseJob(name, job.data), {
      signal: AbortSignal.any([stopping.signal, taken.signal]),
      attempt,
      final: attempt >= (job.opts.attempts ?? 1),
    });
    return "done";
  };

  const process = async (job: Job, token = ""): Promise<void> => {
    // A fetch that was under way when the stop began may still bring a job.
    if (stopped) await putBack(job, token);
    const taken = new AbortController();
    const jobId = job.id as string;
    running.set(jobId, taken);
    try {
      // A handler that ignores its signal loses the race; its late end changes nothing.
      const end = await Promise.race([run(job, taken), cutNow]);
      if (end === "cut") await handBack(job, token);
    } catch (error) {
      if (error instanceof WaitingError) throw error;
      if (stopping.signal.aborted) await handBack(job, token);
      options.onError(asError(error));
      throw toQueueError(error);
    } finally {
      running.delete(jobId);
    }
  };

  const worker = new BullWorker<unknown, void, string, IQueueBackend, number, unknown>(
    queueName,
    process,
    {
      connection: connected.connection,
      concurrency,
      lockDuration: timing.lockDurationMs,
      stalledInterval: timing.stalledIntervalMs,
      maxStalledCount,
      runRetryDelay: timing.reconnectMs,
      settings: {
        backoffStrategy: (attemptsMade, _type, error) =>
          retryDelayMs(attemptsMade, error, timing.backoffMs, random),
      },
    },
    connected.factory,
  );
  worker.on("error", options.onError);
  worker.on("lockRenewalFailed", jobIds => {
    for (const jobId of jobIds) running.get(jobId)?.abort();
  });
  worker.on("failed", (job, error) => {
    if (job?.finishedOn === undefined) return;
    options.onFailed({ name, data: job.data, reason: error.message, attempts: job.attemptsMade });
  });

  const stop = async (deadlineMs: number): Promise<{ handedBack: number }> => {
    stopped = true;
    const timers = [
      setTimeout(() => stopping.abort(), deadlineMs * abortShare),
      setTimeout(() => cut.abort(), deadlineMs * handBackShare),
    ];
    // Past the deadline the store itself does not answer; the lock's expiry hands the jobs back then.
    const late = Promise.withResolvers<void>();
    timers.push(setTimeout(late.resolve, deadlineMs));
    await Promise.race([worker.close(), late.promise]);
    connected.release();
    for (const timer of timers) clearTimeout(timer);
    return { handedBack };
  };
  return { stop };
}
