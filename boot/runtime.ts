import { resolve } from "node:path";
import { startEmbedded } from "#boot/embedded/postgres.ts";
import type { Env } from "#config/env.ts";
import { createPrinter, findBrowser, type Printer } from "#net/browser-pool.ts";
import { createNet, type Net } from "#net/client.ts";
import type { Deps, Log } from "#pipeline/deps.ts";
import { scoreHere } from "#pipeline/score.ts";
import { createScorePool } from "#pipeline/score-pool.ts";
import { createMatchers } from "#pipeline/watch.ts";
import { migrateQueue } from "#queue/migrate.ts";
import { openQueue, type Queue, type QueueOptions } from "#queue/open.ts";
import { type Db, openDb } from "#store/db.ts";
import { assertMigrated, migrate } from "#store/migrate.ts";
import { createScorer } from "#tone/scorer.ts";
import { readModelFiles } from "./scorer.ts";
import { openSecretBox } from "./secrets.ts";

/** Commits that wait for the disk together are written together: with three a slow write held up all claims. */
const steadyConnections = 8;

/** A person who waits for an answer gets nine tenths of a processor that a page of mentions wants, too. */
export const collectingNiceness = 10;

/** A process that is connected to everything and does nothing yet. */
export interface Runtime {
  env: Env;
  deps: Deps;
  /** Connections for short statements that are always the same: each is planned once, and no report holds them up. */
  steady: Db;
  /** For collecting, which gives way to everything else; null where the server's processes are not ours. */
  patient: Db | null;
  queue: Queue;
  net: Net;
  /** Makes PDF in a process of its own, which starts when it is first asked. */
  printer: Printer;
  publicUrl: string;
  /** The role that owns the schema. */
  ownerUrl: string;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  env: Env;
  log: Log;
  /** Connections of this process to the database, those for claims not counted. */
  maxConnections: number;
  /** How many of them are for collecting. */
  collecting?: number;
  statementTimeoutMs: number;
  name: string;
  /** Installations that share a queue's store differ in its prefix; its clocks are production's unless said otherwise. */
  queue?: Pick<QueueOptions, "prefix" | "timing">;
  clock?: () => Date;
  /** Refuse a data folder that another process uses. */
  alone?: boolean;
}

export interface Database {
  ownerUrl: string;
  appUrl: string;
  embedded: boolean;
  stop(): Promise<void>;
}

/** The operator's database, or the embedded one, started if need be and brought to the newest schema. */
export async function openDatabase(env: Env, log: Log, alone = false): Promise<Database> {
  if (env.DATABASE_URL !== undefined) {
    const ownerUrl = env.MOLVA_MIGRATE_DATABASE_URL ?? env.DATABASE_URL;
    return { ownerUrl, appUrl: env.DATABASE_URL, embedded: false, stop: async () => {} };
  }
  const server = await startEmbedded({
    dataDir: resolve(env.MOLVA_DATA_DIR),
    alone,
    log: line => log.info({}, line),
  });
  const urls = { ownerUrl: server.ownerUrl, appUrl: server.appUrl };
  try {
    await migrateAll(urls);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...urls, embedded: true, stop: server.stop };
}

/** Brings our schema and the queue's to the newest version; returns the names of our steps. */
export async function migrateAll(urls: { ownerUrl: string; appUrl: string }): Promise<string[]> {
  const steps = await migrate(urls);
  await migrateQueue(urls);
  return steps;
}

/** Connects a process; `close`, or a failure on the way, lets go of everything in the reverse order. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const letGo of opened.splice(0).reverse()) await letGo();
  };
  try {
    return { ...(await connect(options, opened)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function connect(
  { env, log, maxConnections, collecting = 0, statementTimeoutMs, name, ...rest }: RuntimeOptions,
  opened: (() => Promise<void>)[],
): Promise<Omit<Runtime, "close">> {
  const { queue: queueOptions = {}, clock = () => new Date(), alone = false } = rest;
  const database = await openDatabase(env, log, alone);
  opened.push(database.stop);
  const connections = {
    url: database.appUrl,
    statementTimeoutMs,
    applicationName: `molva-${name}`,
    onLostConnection: (err: Error) => log.warn({ err }, "database connection lost"),
  };
  const apart = database.embedded ? collecting : 0;
  const db = openDb({ ...connections, maxConnections: maxConnections - apart });
  opened.push(() => db.destroy());
  const patient =
    apart > 0 ? openDb({ ...connections, maxConnections: apart, niceness: collectingNiceness }) : null;
  opened.push(async () => patient?.destroy());
  const steady = openDb({ ...connections, maxConnections: steadyConnections, steadyPlans: true });
  opened.push(() => steady.destroy());
  await assertMigrated(db);
  const net = createNet({
    allow: env.MOLVA_EGRESS_ALLOW,
    userAgent: "Molva/0.1",
    contact: env.MOLVA_CONTACT,
  });
  opened.push(net.close);
  const printer = createPrinter({ path: findBrowser(env.MOLVA_BROWSER_PATH), allow: [] });
  opened.push(printer.close);
  const queue = await openQueue({
    backend: env.REDIS_URL === undefined ? { databaseUrl: database.appUrl } : { redisUrl: env.REDIS_URL },
    ...queueOptions,
    warn: line => log.warn({}, line),
    onError: err => log.warn({ err }, "queue connection"),
  });
  opened.push(queue.close);
  const model = await readModelFiles();
  const scorer = createScorer(...model);
  const scorePool = createScorePool({ model, scoreHere: scoreHere(scorer) });
  opened.push(scorePool.close);
  const deps: Deps = {
    db,
    log,
    secrets: openSecretBox(env),
    clock,
    random: Math.random,
    scorer,
    scoreAll: scorePool.scoreAll,
    matchers: createMatchers(),
    enqueue: {
      collect: job => queue.add("collect", job, { hurry: true }),
      notify: async () => void (await queue.add("notify", {})),
      publish: async () => void (await queue.add("publish", {})),
    },
  };
  const publicUrl = env.MOLVA_PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`;
  return { env, deps, steady, patient, queue, net, printer, ownerUrl: database.ownerUrl, publicUrl };
}
