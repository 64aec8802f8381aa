import { setPriority } from "node:os";
import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import { prepareOften } from "./prepared.ts";
import type { DB } from "./tables.ts";

/** A connection that reads. */
export type Db = Kysely<DB>;

/** An open transaction: what every write takes, so that none can be done on a bare connection. */
export type Tx = Transaction<DB>;

/** Numbers of Postgres `bigint` that fit a double (counts, `seq`) arrive as numbers. */
const types = new pg.TypeOverrides();
types.setTypeParser(20, Number);

export interface DbOptions {
  url: string;
  /** Connections of this process. */
  maxConnections: number;
  /** A statement that runs longer is cut; 5,000 for the API, 60,000 for workers. */
  statementTimeoutMs: number;
  applicationName: string;
  /**
   * Keeps one plan per statement for all parameters. Planning costs a short statement more than running it; one
   * whose best plan hangs on its parameters (a list with a limit) must not run here.
   */
  steadyPlans?: boolean;
  /**
   * By how much these connections' processes are nice to others (1 to 19) where processors are short. Only for a
   * server of our own on this machine: of another one the numbers of processes mean nothing here.
   */
  niceness?: number;
  /** Told of lost connections; the pool replaces them by itself, and the query that meets one rejects. */
  onLostConnection: (error: Error) => void;
}

/** Opens a pool; nothing connects before the first query. */
export function openDb(options: DbOptions): Db {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: Math.min(options.statementTimeoutMs, 10_000),
    idle_in_transaction_session_timeout: 30_000,
    connectionTimeoutMillis: 5_000,
    options: `-c timezone=UTC${options.steadyPlans ? " -c plan_cache_mode=force_generic_plan" : ""}`,
    types,
  });
  // A lost client says so once for its pool and once for itself; the second, unheard, would end the process.
  pool.on("error", () => {});
  pool.on("connect", client => {
    prepareOften(client);
    if (options.niceness !== undefined) beNice(client, options.niceness);
    // What a stopping server says to connections that we are closing is no loss.
    client.on("error", ({ message }) => {
      if (!pool.ending) options.onLostConnection(new Error(message));
    });
  });
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
}

/** A server whose processes we may not slow down works as before. */
function beNice(client: pg.PoolClient, niceness: number): void {
  const { processID } = client as pg.PoolClient & { processID: number | null };
  try {
    if (processID !== null) setPriority(processID, niceness);
  } catch {}
}

const retriable = new Set(["40001", "40P01", "55P03"]);
const transactionAttempts = 5;

/**
 * Runs `work` in one transaction. A deadlock, a serialisation failure or a lock timeout is Postgres asking
 * to run it again: `work` must not have effects elsewhere.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === transactionAttempts || !retriable.has(sqlState(error))) throw error;
    }
  }
}

/** Runs several reads on one moment of the database. */
export const inSnapshot = <T>(db: Db, read: (db: Db) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(read);

/** The five-character SQLSTATE of a Postgres error, or "". */
export const sqlState = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
