import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describe, expect, inject, test } from "vitest";
import { MolvaError } from "#domain/errors.ts";
import { migrateQueue } from "#queue/migrate.ts";
import { openQueue } from "#queue/open.ts";
import { freshDatabase, service } from "#tests/database.ts";
import { onDatabase, spawnRedis } from "#tests/services.ts";
import { scene, until } from "./backends.ts";

const nobody = "127.0.0.1:9";
const ignore = { warn: () => {}, onError: () => {} };

async function refusal(backend: Parameters<typeof openQueue>[0]["backend"]): Promise<MolvaError> {
  const asked = performance.now();
  const error = await openQueue({ backend, ...ignore }).then(
    () => undefined,
    reason => reason,
  );
  expect(error).toBeInstanceOf(MolvaError);
  expect(performance.now() - asked).toBeLessThan(5000);
  return error as MolvaError;
}

describe("the queue on Redis", () => {
  test("says within seconds that there is no server, without showing the password", async () => {
    const { message } = await refusal({ redisUrl: `redis://:canary-secret@${nobody}/0` });
    expect(message).toMatch(/^no Redis at redis:\/\/127\.0\.0\.1:9\/0 .*correct REDIS_URL/);
    expect(message).not.toContain("canary-secret");
  });

  test("refuses a server that may evict jobs", async ({ onTestFinished }) => {
    const redis = await spawnRedis(inject("runDir"), ["--maxmemory-policy", "allkeys-lru"]);
    onTestFinished(redis.stop);
    const { message } = await refusal({ redisUrl: redis.url });
    expect(message).toContain("maxmemory-policy allkeys-lru");
    expect(message).toContain("set it to noeviction");
  });

  test("warns, once, of a server without append-only file, and not of one with it", async ({
    onTestFinished,
  }) => {
    const warnings = async (flags: string[]): Promise<string[]> => {
      const redis = await spawnRedis(inject("runDir"), flags);
      onTestFinished(redis.stop);
      const said: string[] = [];
      const queue = await openQueue({
        ...ignore,
        backend: { redisUrl: redis.url },
        warn: line => said.push(line),
      });
      await queue.close();
      return said;
    };
    expect(await warnings(["--appendonly", "no"])).toEqual([expect.stringContaining("appendonly yes")]);
    expect(await warnings(["--appendonly", "yes"])).toEqual([]);
  });

  test("while the server is away a producer is told soon; after kill -9 no accepted job is lost and workers resume by themselves", {
    timeout: 60_000,
  }, async ({ onTestFinished }) => {
    const flags = ["--appendonly", "yes"];
    const redis = await spawnRedis(inject("runDir"), flags);
    onTestFinished(redis.stop);
    const { open, work, attemptsOf } = scene({ redisUrl: redis.url }, onTestFinished);
    const queue = await open();
    const seen = attemptsOf(queue, async () => {});
    await queue.add("collect", { sourceId: "before", runId: "r1" });
    await queue.add("collect", { sourceId: "kept", runId: "r1" }, { delayMs: 2500 });
    await until("it works", () => seen.length === 1);
    const leaving = await open();
    const leavingWork = work(leaving, { notify: async () => {} });
    await sleep(1100); // `everysec` has written
    process.kill(redis.pid, "SIGKILL");
    await sleep(200);
    const asked = performance.now();
    await expect(queue.add("collect", { sourceId: "refused", runId: "r1" })).rejects.toThrow();
    expect(performance.now() - asked).toBeLessThan(5500);
    const left = performance.now();
    await leavingWork.stop(1000);
    await leaving.close();
    expect(performance.now() - left).toBeLessThan(1500);
    const revived = await spawnRedis(inject("runDir"), flags, redis);
    onTestFinished(revived.stop);
    await until("the kept job ran", () => seen.length === 2, 25_000);
    expect(seen.map(({ sourceId }) => sourceId)).toEqual(["before", "kept"]);
    await until("a producer is served again", () =>
      queue.add("collect", { sourceId: "after", runId: "r1" }).catch(() => false),
    );
    await until("and its job runs", () => seen.length === 3);
  });
});

describe("the queue on PostgreSQL", () => {
  test("says within seconds that there is no server, without showing the password", async () => {
    const { message } = await refusal({ databaseUrl: `postgres://u:canary-secret@${nobody}/molva` });
    expect(message).toMatch(
      /^no queue in PostgreSQL at postgres:\/\/127\.0\.0\.1:9\/molva .*correct DATABASE_URL/,
    );
    expect(message).not.toContain("canary-secret");
  });

  test("says which command is missing when the database was not migrated", async () => {
    const { appUrl } = await service("postgres");
    expect((await refusal({ databaseUrl: onDatabase(appUrl, "molva") })).message).toContain(
      "run `molva migrate`",
    );
  });

  test("needs no right to change the schema, and has none", async ({ onTestFinished }) => {
    const database = await freshDatabase();
    onTestFinished(database.drop);
    const client = new pg.Client(database.appUrl);
    await client.connect();
    await expect(client.query("create table bullmq.mine (id int)")).rejects.toThrow(/permission denied/);
    await expect(client.query("delete from bullmq.migration")).rejects.toThrow(/permission denied/);
    await client.end();
    const queue = await openQueue({ ...ignore, backend: { databaseUrl: database.appUrl } });
    expect(await queue.add("collect", { sourceId: "s1", runId: "r1" })).toBe(true);
    await queue.close();
  });

  test("is migrated again without harm, also by two at once", async ({ onTestFinished }) => {
    const database = await freshDatabase();
    onTestFinished(database.drop);
    const queue = await openQueue({ ...ignore, backend: { databaseUrl: database.appUrl } });
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await Promise.all([migrateQueue(database), migrateQueue(database)]);
    expect((await queue.counts(0)).collect.waiting).toBe(1);
    await queue.close();
  });

  test("loses no job and no worker while its connections are cut again and again", {
    timeout: 60_000,
  }, async ({ onTestFinished }) => {
    const database = await freshDatabase();
    onTestFinished(database.drop);
    const { open, attemptsOf, failures } = scene({ databaseUrl: database.appUrl }, onTestFinished);
    const queue = await open();
    const seen = attemptsOf(queue, () => sleep(20));
    const killer = new pg.Client(database.appUrl);
    await killer.connect();
    const accepted: string[] = [];
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 20; i++) {
        const sourceId = `r${round}-${i}`;
        const added = await queue.add("collect", { sourceId, runId: "r1" }).catch(() => false);
        if (added) accepted.push(sourceId);
      }
      await killer.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
    }
    expect(accepted.length).toBeGreaterThan(100);
    const ran = () => new Set(seen.map(({ sourceId }) => sourceId));
    await until("all accepted jobs ran", () => accepted.every(sourceId => ran().has(sourceId)), 20_000);
    expect(failures).toEqual([]);
    const before = seen.length;
    const asked = performance.now();
    await queue.add("collect", { sourceId: "fresh", runId: "r1" });
    await until("a fresh job is picked up", () => seen.length > before);
    expect(performance.now() - asked).toBeLessThan(2000);
    await killer.end();
  });
});
