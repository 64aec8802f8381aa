import { randomUUID } from "node:crypto";
import { Queue as BullQueue, type IQueueBackend, type Job } from "bullmq";
import { MolvaError } from "#domain/errors.ts";
import { assertUsable, type Backend, connect } from "./backend.ts";
import { type JobData, type JobName, jobDedupeKey, jobKinds, jobNames, parseJob } from "./jobs.ts";
import { productionTiming, type Timing } from "./timing.ts";
import { type FailedJob, type Handlers, type Work, type WorkOptions, workOn } from "./work.ts";

/** How many jobs of one kind are in which state, and for how long the first of the waiting ones has waited. */
interface JobCounts {
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  oldestWaitingMs: number;
}

export interface QueueOptions {
  backend: Backend;
  /** First part of the queues' names; installations that share a store differ in it. */
  prefix?: string;
  timing?: Partial<Timing>;
  random?: () => number;
  /** Told what is allowed but risky, once. */
  warn: (line: string) => void;
  /** Told of lost connections of the producing side. */
  onError: (error: Error) => void;
}

/** The queue, whatever carries it. */
export interface Queue {
  /**
   * Asks for a job. False when an unfinished job with the same subject is there already; `hurry` then
   * starts that one at once if it waits for a retry.
   */
  add<Name extends JobName>(
    name: Name,
    data: JobData<Name>,
    options?: { delayMs?: number; hurry?: boolean },
  ): Promise<boolean>;
  /** Starts working on the kinds that have a handler. */
  work(handlers: Partial<Handlers>, options: WorkOptions): Work;
  /** Makes the store ask for a `tick` every so often, once for all processes; while open, a lost schedule is made anew. */
  keepTicking(everyMs: number): Promise<void>;
  counts(nowMs: number): Promise<Record<JobName, JobCounts>>;
  /** The newest jobs that failed for good. */
  failed(limit: number): Promise<(FailedJob & { failedAt: Date })[]>;
  close(): Promise<void>;
}

type AnyQueue = BullQueue<unknown, void, string, unknown, void, string, IQueueBackend, unknown>;

const defaultOptions = (name: JobName) => ({
  attempts: jobKinds[name].attempts,
  backoff: { type: "by-error" },
  removeOnComplete: { age: jobKinds[name].keepDoneSeconds },
  removeOnFail: { age: jobKinds[name].keepFailedSeconds },
  stackTraceLimit: 0,
});

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const fail = () =>
    late.reject(new MolvaError("queue-unavailable", "the queue does not answer: is its server up?"));
  const timer = setTimeout(fail, timeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function countsOf(queue: AnyQueue, nowMs: number): Promise<JobCounts> {
  const [counts, [first]] = await Promise.all([
    queue.getJobCounts("waiting", "active", "delayed", "failed"),
    queue.getWaiting(0, 0),
  ]);
  const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
  return {
    waiting,
    active,
    delayed,
    failed,
    oldestWaitingMs: first ? Math.max(0, nowMs - first.timestamp) : 0,
  };
}

/** Starts a delayed job now; one that has moved on meanwhile needs no hurry. */
async function hurryUp(queue: AnyQueue, jobId: string): Promise<void> {
  const job = await queue.getJob(jobId);
  if (await job?.isDelayed()) await job?.promote().catch(() => {});
}

async function scheduleTick(queue: AnyQueue, everyMs: number): Promise<void> {
  const template = { name: "tick", data: {}, opts: defaultOptions("tick") };
  await queue.upsertJobScheduler("tick", { every: everyMs }, template);
}

/** A flushed or failed-over Redis forgets the schedule; nobody would restart us for that. */
async function scheduleIfLost(queue: AnyQueue, everyMs: number): Promise<void> {
  if (!(await queue.getJobScheduler("tick"))) await scheduleTick(queue, everyMs);
}

/** Opens the queue on Redis or PostgreSQL, or says in one sentence within seconds why it cannot. */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const { backend, prefix = "molva", random = Math.random, warn } = options;
  let isClosing = false;
  const onError = (error: Error): void => {
    if (!isClosing) options.onError(error);
  };
  const timing = { ...productionTiming, ...options.timing };
  await assertUsable(backend, warn);
  const connected = connect(backend, { producer: true });
  const queueName = (name: JobName) => `${prefix}-${name}`;
  const open = (name: JobName): AnyQueue => {
    const queue: AnyQueue = new BullQueue(
      queueName(name),
      { connection: connected.connection, defaultJobOptions: defaultOptions(name) },
      connected.factory,
    );
    queue.on("error", onError);
    return queue;
  };
  const queues = Object.fromEntries(jobNames.map(name => [name, open(name)])) as Record<JobName, AnyQueue>;
  let ticking: NodeJS.Timeout | undefined;

  return {
    add: async (name, data, { delayMs = 0, hurry = false } = {}) => {
      const checked = parseJob(name, data);
      const key = jobDedupeKey(name, checked);
      const jobId = randomUUID();
      const { againAfterActive } = jobKinds[name];
      const deduplication =
        key === null ? {} : { deduplication: { id: key, keepLastIfActive: againAfterActive } };
      const job: Job = await within(
        timing.addTimeoutMs,
        queues[name].add(name, checked, { jobId, delay: delayMs, ...deduplication }),
      );
      const added = job.id === jobId;
      if (!added && hurry) await within(timing.addTimeoutMs, hurryUp(queues[name], job.id as string));
      return added;
    },

    work: (handlers, workOptions) => {
      const started = jobNames.flatMap(name => {
        const handle = handlers[name] as Handlers[typeof name] | undefined;
        return handle
          ? [workOn(name, handle, { queueName: queueName(name), backend, timing, random }, workOptions)]
          : [];
      });
      return {
        stop: async deadlineMs => {
          const ends = await Promise.all(started.map(work => work.stop(deadlineMs)));
          return { handedBack: ends.reduce((sum, end) => sum + end.handedBack, 0) };
        },
      };
    },

    keepTicking: async everyMs => {
      await scheduleTick(queues.tick, everyMs);
      ticking ??= setInterval(() => {
        scheduleIfLost(queues.tick, everyMs).catch(onError);
      }, timing.scheduleCheckMs).unref();
    },

    counts: async nowMs =>
      Object.fromEntries(
        await Promise.all(jobNames.map(async name => [name, await countsOf(queues[name], nowMs)])),
      ) as Record<JobName, JobCounts>,

    failed: async limit => {
      const lists = await Promise.all(
        jobNames.map(async name =>
          (await queues[name].getFailed(0, limit - 1)).map(job => ({
            name,
            data: job.data,
            reason: job.failedReason,
            attempts: job.attemptsMade,
            failedAt: new Date(job.finishedOn ?? 0),
          })),
        ),
      );
      return lists
        .flat()
        .sort((a, b) => b.failedAt.getTime() - a.failedAt.getTime())
        .slice(0, limit);
    },

    close: async () => {
      isClosing = true;
      clearInterval(ticking);
      await Promise.all(Object.values(queues).map(queue => queue.close()));
      connected.release();
    },
  };
}
