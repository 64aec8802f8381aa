import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { secretBox } from "#boot/secret-box.ts";
import type { Timing } from "#queue/timing.ts";
import { newId } from "#store/id.ts";
import { freshDatabase, service } from "#tests/database.ts";
import { type Fleet, openFleet } from "./fleet.ts";
import type { WorkerSetting } from "./worker.ts";

export type StoreName = "PostgreSQL" | "Redis";

/** A database of our own, worker processes on it, and the tools to fill and to judge it. */
export interface Scene {
  fleet: Fleet;
  /** Cuts all connections of the workers to the database; answers how many there were. */
  cutConnections(): Promise<number>;
  /** The time that the workers see. */
  now(): Date;
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Everything in one moment: queries inside see one state of the database. */
  atOneMoment<T>(look: (query: Scene["query"]) => Promise<T>): Promise<T>;
  makeBrand(name: string, query: string, timezone: string): Promise<string>;
  makeSource(kind: string, settings: object, every: string, brandIds: readonly string[]): Promise<string>;
  /** A webhook for everything negative about all brands. */
  makeAlerts(url: string): Promise<void>;
  close(): Promise<void>;
}

/** Lock and stall times short enough to wait for. */
const quick: Partial<Timing> = {
  lockDurationMs: 1500,
  stalledIntervalMs: 500,
  backoffMs: 200,
  reconnectMs: 200,
};

/** Opens a scene whose queue is on that store; `speed` makes the workers' clock run faster than ours. */
export async function openScene(
  store: StoreName,
  { speed = 1, timing = quick }: { speed?: number; timing?: Partial<Timing> } = {},
): Promise<Scene> {
  const database = await freshDatabase();
  const secretKey = randomBytes(32).toString("base64");
  const box = secretBox([secretKey]);
  const clock: WorkerSetting["clock"] = { sinceMs: Date.now(), speed };
  const now = () => new Date(clock.sinceMs + (Date.now() - clock.sinceMs) * speed);
  const prefix = `f${randomBytes(5).toString("hex")}`;
  const fleet = openFleet(
    { queue: { prefix, timing }, clock },
    {
      DATABASE_URL: database.appUrl,
      ...(store === "Redis" ? { REDIS_URL: (await service("redis")).url } : {}),
      MOLVA_SECRET_KEY: secretKey,
      MOLVA_EGRESS_ALLOW: "127.0.0.1",
      MOLVA_DATA_DIR: mkdtempSync(join(inject("runDir"), "data-")),
      MOLVA_LOG_LEVEL: "warn",
      NODE_COMPILE_CACHE: join(inject("runDir"), "compiled"),
    },
  );
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 3 });
  pool.on("error", () => {});
  const query: Scene["query"] = async (sql, values = []) => (await pool.query(sql, values)).rows;

  return {
    fleet,
    cutConnections: async () => {
      // A role may cut its own connections, and nobody else's.
      const client = new pg.Client(database.appUrl);
      await client.connect();
      const { rowCount } = await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`);
      await client.end();
      return rowCount ?? 0;
    },
    now,
    query,
    atOneMoment: async look => {
      const client = await pool.connect();
      try {
        await client.query("begin isolation level repeatable read read only");
        return await look(async (sql, values = []) => (await client.query(sql, values)).rows);
      } finally {
        await client.query("rollback");
        client.release();
      }
    },
    makeBrand: async (name, brandQuery, timezone) => {
      const id = newId();
      await query(
        `insert into brand (id, name, query, timezone, language, sla, created_at, updated_at)
         values ($1, $2, $3, $4, 'ru', '{"hours": 24, "urgentHours": 4}', $5, $5)`,
        [id, name, brandQuery, timezone, now()],
      );
      return id;
    },
    makeSource: async (kind, settings, every, brandIds) => {
      const id = newId();
      await query(
        `insert into source (id, kind, title, settings, schedule, enabled, hosts, act_from, next_run_at, created_at, updated_at)
         values ($1, $2, $2, $3, $4, true, '{127.0.0.1}', '2020-01-01', $5, $5, $5)`,
        [id, kind, JSON.stringify(settings), JSON.stringify({ every }), now()],
      );
      for (const brandId of brandIds) await query("insert into source_brand values ($1, $2)", [id, brandId]);
      return id;
    },
    makeAlerts: async url => {
      const channelId = newId();
      const secret = `whsec_${randomBytes(32).toString("base64")}`;
      await query(
        `insert into alert_channel (id, kind, name, settings, secrets, created_at, updated_at)
         values ($1, 'webhook', 'receiver', $2, $3, $4, $4)`,
        [channelId, JSON.stringify({ url }), box.seal(JSON.stringify({ secret })), now()],
      );
      const brands = await query<{ id: string }>("select id from brand");
      for (const { id: brandId } of brands)
        await query(
          `insert into alert_rule (id, brand_id, kind, name, settings, channel_ids, created_at, updated_at)
           values ($1, $2, 'negative-mention', 'complaints', '{}', array[$3]::uuid[], $4, $4)`,
          [newId(), brandId, channelId, now()],
        );
    },
    close: async () => {
      await fleet.end();
      await pool.end();
      await database.drop();
    },
  };
}
