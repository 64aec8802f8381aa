import {
  assertSchemaCompatibility,
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  LATEST_SCHEMA_VERSION,
  PostgresConnection,
} from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import { MolvaError } from "#domain/errors.ts";
import { queueSchema } from "./migrate.ts";

/** Where the queue lives. */
export type Backend = { redisUrl: string } | { databaseUrl: string };

/** Who connects: one that must be answered soon, or one that waits for its server to come back. */
export type Role = { producer: true } | { concurrency: number };

/** What BullMQ's constructors take, the same for both stores. */
export interface Connected {
  factory: BackendFactory<IQueueBackend, unknown>;
  connection: unknown;
  /** Drops what BullMQ's own `close` leaves: a client whose server is away would reconnect for ever. */
  release(): void;
}

const connectTimeoutMs = 3000;
const maxConnectionsOfWorker = 5;

const unusable = (message: string, cause?: unknown): MolvaError =>
  new MolvaError("queue-unusable", message, { retry: "never", cause });

/** The address without its password, for messages. */
function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** A client that also knows the copies which BullMQ makes of it. */
class RootClient extends Redis {
  readonly #copies: Redis[] = [];

  override duplicate(options?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(options);
    // BullMQ listens while it uses the client; an error after that has no other reader.
    copy.on("error", () => {});
    this.#copies.push(copy);
    return copy;
  }

  release(): void {
    for (const client of [this, ...this.#copies]) client.disconnect();
  }
}

function redis(url: string, role: Role): Connected {
  const waiting =
    "producer" in role
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 1 }
      : { maxRetriesPerRequest: null };
  const client = new RootClient(url, {
    connectTimeout: connectTimeoutMs,
    retryStrategy: times => Math.min(100 * 2 ** times, 5000),
    ...waiting,
  });
  client.on("error", () => {});
  return {
    factory: createRedisBackend as BackendFactory<IQueueBackend, unknown>,
    connection: client,
    release: () => client.release(),
  };
}

function postgres(url: string, role: Role): Connected {
  return {
    factory: createPostgresBackend as BackendFactory<IQueueBackend, unknown>,
    // A worker's LISTEN has a connection of its own beside these.
    connection: {
      connectionString: url,
      schema: queueSchema,
      application_name: "molva-queue",
      connectionTimeoutMillis: connectTimeoutMs,
      max: "producer" in role ? 2 : Math.min(role.concurrency + 1, maxConnectionsOfWorker),
    },
    release: () => {},
  };
}

/** What one producer or one worker connects with. */
export const connect = (backend: Backend, role: Role): Connected =>
  "redisUrl" in backend ? redis(backend.redisUrl, role) : postgres(backend.databaseUrl, role);

async function readRedisInfo(url: string): Promise<Map<string, string>> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let reason: unknown;
  client.on("error", error => {
    reason = error;
  });
  try {
    await client.connect();
    const info = await client.info();
    return new Map(info.split("\r\n").map(line => line.split(":", 2) as [string, string]));
  } catch (error) {
    const cause = reason ?? error;
    throw unusable(
      `no Redis at ${shown(url)} (${cause instanceof Error ? cause.message : cause}): start it, correct REDIS_URL, or unset it to use PostgreSQL`,
      cause,
    );
  } finally {
    client.disconnect();
  }
}

async function assertRedis(url: string, warn: (line: string) => void): Promise<void> {
  const info = await readRedisInfo(url);
  const policy = info.get("maxmemory_policy");
  if (policy !== "noeviction") {
    throw unusable(
      `Redis at ${shown(url)} has maxmemory-policy ${policy}, which throws jobs away when memory is short: set it to noeviction`,
    );
  }
  if (info.get("aof_enabled") !== "1") {
    warn(
      `Redis at ${shown(url)} keeps no append-only file: a crash of it loses queued jobs (set appendonly yes)`,
    );
  }
}

async function assertPostgres(url: string): Promise<void> {
  const connection = new PostgresConnection({
    connectionString: url,
    schema: queueSchema,
    max: 1,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  connection.on("error", () => {});
  let version: number;
  try {
    version = await assertSchemaCompatibility(connection.pool, queueSchema);
  } catch (cause) {
    throw unusable(
      `no queue in PostgreSQL at ${shown(url)} (${cause instanceof Error ? cause.message : cause}): start it, correct DATABASE_URL, or run \`molva migrate\``,
      cause,
    );
  } finally {
    await connection.close();
  }
  if (version < LATEST_SCHEMA_VERSION) {
    throw unusable(
      `the queue in PostgreSQL at ${shown(url)} is of version ${version} and this program needs ${LATEST_SCHEMA_VERSION}: run \`molva migrate\``,
    );
  }
}

/** Says in one sentence why the store cannot carry the queue, within a few seconds; warns when it may lose jobs. */
export const assertUsable = (backend: Backend, warn: (line: string) => void): Promise<void> =>
  "redisUrl" in backend ? assertRedis(backend.redisUrl, warn) : assertPostgres(backend.databaseUrl);
