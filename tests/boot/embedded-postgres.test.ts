import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { getPriority } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Embedded, startEmbedded } from "#boot/embedded/postgres.ts";
import { isAlive } from "#boot/embedded/server.ts";
import { openDb } from "#store/db.ts";

const program = fileURLToPath(new URL("embedded-process.ts", import.meta.url));

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process (leader of its own group, like one started in a terminal) that keeps the server. */
async function spawnKeeper(
  dataDir: string,
): Promise<{ child: ChildProcess; pid: number; output: () => string }> {
  const child = spawn(process.execPath, [program, dataDir], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", chunk => {
    output += String(chunk);
  });
  while (!output.includes("ready")) await once(child.stdout, "data");
  return { child, pid: Number(output.split(" ")[1]), output: () => output };
}

describe("the embedded PostgreSQL", () => {
  let dataDir: string;
  let logged: string[];
  const start = (more: { port?: number; settings?: Record<string, string> } = {}): Promise<Embedded> => {
    logged = [];
    return startEmbedded({ dataDir, log: line => logged.push(line), ...more });
  };

  beforeAll(() => {
    dataDir = join(inject("runDir"), "embedded");
  });
  afterAll(async () => (await start()).stop());

  test("starts on an empty folder, and warm within 1 s; `stop` leaves no process", async () => {
    const first = await start();
    await ask(first.ownerUrl, "create table kept as select 42 as answer");
    await ask(first.ownerUrl, "grant select on kept to molva_app");
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const begun = performance.now();
    const second = await start();
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(await ask(second.appUrl, "select * from kept")).toEqual([{ answer: 42 }]);
    await second.stop();
    expect(isAlive(second.pid)).toBe(false);
  });

  test("is spoken to through its socket, and over TCP where the folder's path is too long for one", async () => {
    const settings = { fsync: "off" };
    const long = join(inject("runDir"), "long".repeat(30));
    const servers = [
      await start({ settings }),
      await startEmbedded({ dataDir: long, settings, log: () => {} }),
    ];
    const ways = servers.map(({ appUrl }) => ask(appUrl, "select host(inet_client_addr()) as client"));
    expect(await Promise.all(ways)).toEqual([[{ client: null }], [{ client: "127.0.0.1" }]]);
    for (const server of servers) await server.stop();
  });

  test("works for a nice pool only in the processor time that others leave", async () => {
    const server = await start();
    const options = {
      url: server.appUrl,
      maxConnections: 1,
      statementTimeoutMs: 5_000,
      applicationName: "test",
      onLostConnection: () => {},
    };
    const pools = [openDb(options), openDb({ ...options, niceness: 10 })];
    const niceness = pools.map(async db => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
      return getPriority(rows[0]?.pid);
    });
    expect(await Promise.all(niceness)).toEqual([0, 10]);
    for (const db of pools) await db.destroy();
    await server.stop();
  });

  test("is durable, speaks UTF-8 with Russian letters, and lives in UTC on loopback", async () => {
    const server = await start();
    const shown = await ask(
      server.appUrl,
      "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'server_encoding', 'TimeZone', 'listen_addresses') order by 1",
    );
    expect(Object.fromEntries(shown.map(row => [row["name"], row["setting"]]))).toEqual({
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
      server_encoding: "UTF8",
      TimeZone: "UTC",
      listen_addresses: "127.0.0.1",
    });
    const [russian] = await ask(
      server.appUrl,
      "select lower('ПЛОХО, ЁЖ') as low, to_tsvector('russian', 'Плохая доставка')::text as words, 'ё' < 'ж' collate \"und-x-icu\" as sorted",
    );
    expect(russian).toEqual({ low: "плохо, ёж", words: "'доставк':2 'плох':1", sorted: true });
    await server.stop();
  });

  test("has an owner and an application without rights on the schema; nobody enters without a password", async () => {
    const server = await start();
    await expect(ask(server.appUrl, "create table mine (id int)")).rejects.toThrow(/permission denied/);
    await expect(ask(server.ownerUrl, "create extension pg_trgm")).resolves.toEqual([]);
    const wrong = new URL(server.ownerUrl);
    wrong.password = "wrong";
    await expect(ask(wrong.href, "select 1")).rejects.toThrow(/password authentication failed/);
    wrong.username = "postgres";
    await expect(ask(wrong.href, "select 1")).rejects.toThrow(/no pg_hba.conf entry/);
    expect(statSync(join(dataDir, "postgres", "molva-roles.json")).mode & 0o777).toBe(0o600);
    await server.stop();
  });

  test("takes a free port when the wanted one is busy, and says so", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await once(busy, "listening");
    const { port } = busy.address() as { port: number };
    const server = await start({ port });
    expect(new URL(server.appUrl).port).not.toBe(String(port));
    expect(logged).toEqual([expect.stringContaining(`port ${port} is busy`)]);
    await server.stop();
    busy.close();
  });

  test("shares the server that a live process keeps, and leaves it running", async () => {
    const keeper = await spawnKeeper(dataDir);
    const guest = await start();
    expect(guest.pid).toBe(keeper.pid);
    await guest.stop();
    expect(isAlive(keeper.pid)).toBe(true);
    keeper.child.kill("SIGINT");
    await once(keeper.child, "exit");
    expect(isAlive(keeper.pid)).toBe(false);
  });

  test("outlives Ctrl-C in the terminal until its keeper has ended its work", async () => {
    const keeper = await spawnKeeper(dataDir);
    process.kill(-(keeper.child.pid as number), "SIGINT");
    await once(keeper.child, "exit");
    expect(keeper.output()).toContain("stopped after its work");
    expect(isAlive(keeper.pid)).toBe(false);
  });

  test("left behind by a killed process, is adopted with its data and stopped by the adopter", async () => {
    const keeper = await spawnKeeper(dataDir);
    keeper.child.kill("SIGKILL");
    await once(keeper.child, "exit");
    const server = await start();
    expect(server.pid).toBe(keeper.pid);
    expect(logged.join()).toContain("its starter is gone");
    expect(await ask(server.appUrl, "select * from kept")).toEqual([{ answer: 42 }]);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  test("killed itself, comes back with its data", async () => {
    const server = await start();
    process.kill(server.pid, "SIGKILL");
    while (isAlive(server.pid)) await new Promise(resolve => setTimeout(resolve, 10));
    const again = await start();
    expect(await ask(again.appUrl, "select * from kept")).toEqual([{ answer: 42 }]);
    await again.stop();
  });

  test("a lock file that names a foreign process does not stop the start", async () => {
    writeFileSync(
      join(dataDir, "postgres", "postmaster.pid"),
      `${process.pid}\n/nowhere\n0\n1\n\n\n\nready\n`,
    );
    const server = await start();
    expect(server.pid).not.toBe(process.pid);
    await server.stop();
  });

  test("that cannot start, shows the end of its log", async () => {
    await expect(start({ settings: { shared_buffers: "nonsense" } })).rejects.toThrow(
      /did not start[\s\S]*invalid value for parameter "shared_buffers"/,
    );
  });

  test.runIf(process.getuid?.() === 0)(
    "started by root from a closed folder, says where it lives instead",
    async () => {
      const closed = mkdtempSync(join(inject("runDir"), "closed-"));
      mkdirSync(join(closed, "home"), { mode: 0o700 });
      const said: string[] = [];
      const server = await startEmbedded({
        dataDir: join(closed, "home", "data"),
        log: line => said.push(line),
      });
      expect(await ask(server.appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
      await server.stop();
      const place = /may not pass (\S+), so the database is kept in (\/var\/lib\/molva\/data-\w+)/.exec(
        said.join(),
      );
      expect(place?.[1]).toBe(closed);
      expect(readdirSync(place?.[2] ?? "")).toContain("postgres");
      rmSync(place?.[2] ?? "", { recursive: true });
      if (readdirSync("/var/lib/molva").length === 0) rmdirSync("/var/lib/molva");
    },
  );
});
