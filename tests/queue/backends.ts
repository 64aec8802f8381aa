import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import pg from "pg";
import type { Backend } from "#queue/backend.ts";
import { openQueue, type Queue, type QueueOptions } from "#queue/open.ts";
import type { Timing } from "#queue/timing.ts";
import type { FailedJob, Handlers, JobContext, Work } from "#queue/work.ts";
import { freshDatabase, service } from "#tests/database.ts";

/** One store under test: its address, a look at everything in it, and a way to empty it. */
export interface Store {
  backend: Backend;
  dump(prefix: string): Promise<string>;
  wipe(prefix: string): Promise<void>;
  drop(): Promise<void>;
}

async function postgres(): Promise<Store> {
  const { appUrl, drop } = await freshDatabase();
  const query = async (sql: string): Promise<unknown[]> => {
    const client = new pg.Client(appUrl);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    backend: { databaseUrl: appUrl },
    dump: async prefix =>
      JSON.stringify([
        await query(`select * from bullmq.job where queue like '${prefix}%'`),
        await query(`select * from bullmq.event where queue like '${prefix}%'`),
      ]),
    wipe: async prefix => {
      for (const table of ["job", "scheduler", "dedup"]) {
        await query(`delete from bullmq.${table} where queue like '${prefix}%'`);
      }
    },
    drop,
  };
}

async function redis(): Promise<Store> {
  const { url } = await service("redis");
  const client = new Redis(url);
  const read = async (key: string): Promise<unknown> => {
    const type = await client.type(key);
    if (type === "hash") return client.hgetall(key);
    return type === "stream" ? client.xrange(key, "-", "+") : type;
  };
  // The server may be the developer's own (REDIS_URL): nothing but ours is touched.
  const keysOf = (prefix: string): Promise<string[]> => client.keys(`*:${prefix}-*`);
  return {
    backend: { redisUrl: url },
    dump: async prefix => JSON.stringify(await Promise.all((await keysOf(prefix)).map(read))),
    wipe: async prefix => {
      await client.del(await keysOf(prefix));
    },
    drop: async () => {
      await client.quit();
    },
  };
}

export const stores = [
  ["PostgreSQL", postgres],
  ["Redis", redis],
] as const;

/** A test's own part of a store: queues and workers that end with the test, and what they reported. */
export interface Scene {
  prefix: string;
  failures: FailedJob[];
  errors: Error[];
  open(more?: Partial<QueueOptions>): Promise<Queue>;
  work(queue: Queue, handlers: Partial<Handlers>): Work;
  /** Works on `collect` and notes when each attempt began. */
  attemptsOf(queue: Queue, handle: (context: JobContext) => Promise<void>): Attempt[];
}

interface Attempt {
  sourceId: string;
  attempt: number;
  final: boolean;
  atMs: number;
}

/** Lock and stall times short enough to wait for. */
export const quick: Partial<Timing> = {
  lockDurationMs: 1000,
  stalledIntervalMs: 500,
  backoffMs: 100,
  reconnectMs: 100,
};

export function scene(backend: Backend, onTestFinished: (end: () => Promise<void>) => void): Scene {
  const prefix = `t${randomBytes(5).toString("hex")}`;
  const opened: Queue[] = [];
  const works: Work[] = [];
  const failures: FailedJob[] = [];
  const errors: Error[] = [];
  const onError = (error: Error): void => void errors.push(error);
  const open = async (more: Partial<QueueOptions> = {}): Promise<Queue> => {
    const queue = await openQueue({
      backend,
      prefix,
      timing: quick,
      random: () => 0.5,
      warn: () => {},
      onError,
      ...more,
    });
    opened.push(queue);
    return queue;
  };
  const work = (queue: Queue, handlers: Partial<Handlers>): Work => {
    const started = queue.work(handlers, { concurrency: 4, onFailed: job => failures.push(job), onError });
    works.push(started);
    return started;
  };
  const attemptsOf: Scene["attemptsOf"] = (queue, handle) => {
    const seen: Attempt[] = [];
    work(queue, {
      collect: ({ sourceId }, context) => {
        seen.push({ sourceId, attempt: context.attempt, final: context.final, atMs: performance.now() });
        return handle(context);
      },
    });
    return seen;
  };
  onTestFinished(async () => {
    await Promise.all(works.map(started => started.stop(100)));
    await Promise.all(opened.map(queue => queue.close()));
  });
  return { prefix, failures, errors, open, work, attemptsOf };
}

/** Waits until the condition holds; says which did not. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(10);
  }
}
