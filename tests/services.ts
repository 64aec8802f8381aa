import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chmodSync, constants, mkdtempSync, statfsSync } from "node:fs";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "#boot/embedded/postgres.ts";
import { freePort } from "#boot/embedded/server.ts";
import { migrateQueue } from "#queue/migrate.ts";
import { migrate } from "#store/migrate.ts";
import { installDebian } from "./debian.ts";

/** What a test file asks the run for. */
interface PostgresService {
  ownerUrl: string;
  appUrl: string;
}
interface RedisService {
  url: string;
}
export interface Services {
  postgres: PostgresService;
  redis: RedisService;
}

/** The database that every test database is a copy of. */
export const templateName = "molva_template";

/** The same server and role, another database. */
export function onDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Ends a server when the run ends in any way, SIGKILL included. Returns the ordinary end. */
function leash(pid: number, signal: "QUIT" | "TERM", dir: string): () => Promise<void> {
  return afterUs(
    `kill -s ${signal} "$1"; n=0
    while kill -0 "$1" 2>/dev/null && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.02; done; rm -rf "$2"`,
    String(pid),
    dir,
  );
}

/**
 * Runs a shell script when this process has ended in any way or asks for it: a shell in a session of its own
 * waits for the pipe from us to close.
 */
function afterUs(script: string, ...args: string[]): () => Promise<void> {
  const shell = spawn("sh", ["-c", `cat >/dev/null; ${script}`, "after-us", ...args], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  (shell.stdin as Socket).unref();
  return async () => {
    const ended = once(shell, "exit");
    shell.ref();
    shell.stdin.end();
    await ended;
  };
}

type Started<T> = { service: T; stop: () => Promise<void> };

async function startPostgres(runDir: string): Promise<Started<PostgresService>> {
  const dataDir = join(runDir, "postgres");
  const server = await startEmbedded({
    dataDir,
    // A test's data need not outlive the machine.
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "128MB" },
    log: () => {},
  });
  const stop = leash(server.pid, "QUIT", dataDir);
  const template = {
    ownerUrl: onDatabase(server.ownerUrl, templateName),
    appUrl: onDatabase(server.appUrl, templateName),
  };
  const client = new pg.Client(server.ownerUrl);
  await client.connect();
  await client.query(`create database ${templateName}`);
  await client.end();
  await migrate(template);
  await migrateQueue(template);
  return { service: { ownerUrl: server.ownerUrl, appUrl: server.appUrl }, stop };
}

const onPath = (names: string[]): string | undefined =>
  names.find(name => {
    try {
      execFileSync(name, ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });

/** The name of a Redis-like server on this machine; Debian's is installed when there is none and we may. */
async function redisProgram(): Promise<string> {
  const names = ["valkey-server", "redis-server"];
  if (!onPath(names)) await installDebian("no redis-server on the PATH", "redis-server");
  const found = onPath(names);
  if (found) return found;
  throw new Error(
    "the second queue backend needs Redis: install `redis-server` or `valkey-server`, or set REDIS_URL",
  );
}

async function startRedis(runDir: string): Promise<Started<RedisService>> {
  const given = process.env["REDIS_URL"];
  if (given) return { service: { url: given }, stop: async () => {} };
  const { url, stop } = await spawnRedis(runDir);
  return { service: { url }, stop };
}

/** A Redis of a test's own. */
export interface OwnRedis {
  url: string;
  pid: number;
  port: number;
  dir: string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a Redis that keeps nothing on disk, unless `flags` say otherwise; `again` reuses folder and port. */
export async function spawnRedis(
  runDir: string,
  flags: string[] = [],
  again?: Pick<OwnRedis, "port" | "dir">,
): Promise<OwnRedis> {
  const dir = again?.dir ?? mkdtempSync(join(runDir, "redis-"));
  const port = again?.port ?? (await freePort());
  const basics = ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--save", ""];
  const child = spawn(await redisProgram(), [...basics, ...flags], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.unref();
  await new Promise<void>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", chunk => {
      output += String(chunk);
      if (output.includes("eady to accept connections")) resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`redis-server did not start: ${output.slice(-2000)}`)));
  });
  const pid = child.pid as number;
  return { url: `redis://127.0.0.1:${port}`, pid, port, dir, stop: leash(pid, "TERM", dir) };
}

/** Ten times what a run was seen to hold. */
const roomyBytes = 4 * 2 ** 30;

/**
 * Where a run keeps its files: in memory where there is plenty. A database is some 700 files, and a disk takes ten
 * times longer to copy them.
 */
function roomyFolder(): string {
  const memory = "/dev/shm";
  try {
    const { bavail, bsize } = statfsSync(memory);
    accessSync(memory, constants.W_OK);
    return bavail * bsize >= roomyBytes && freemem() >= roomyBytes ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/**
 * The door where test files ask for services: each starts on the first question, so a run of pure tests
 * starts none. `GET /postgres` and `GET /redis` answer the service, or 500 with the reason.
 */
export async function openServices(): Promise<{ url: string; runDir: string; close: () => Promise<void> }> {
  const runDir = mkdtempSync(join(roomyFolder(), "molva-test-"));
  chmodSync(runDir, 0o755);
  const sweep = afterUs('for n in 1 2 3 4 5 6 7 8 9; do rm -rf "$1" && break; sleep 0.3; done', runDir);
  const starters: Record<string, () => Promise<Started<unknown>>> = {
    "/postgres": () => startPostgres(runDir),
    "/redis": () => startRedis(runDir),
  };
  const started = new Map<string, Promise<Started<unknown>>>();
  const ask = (path: string): Promise<Started<unknown>> => {
    const start = starters[path];
    if (!start) return Promise.reject(new Error(`no service ${path}`));
    const running = started.get(path) ?? start();
    started.set(path, running);
    return running;
  };
  const door = createServer((request, response) => {
    ask(request.url ?? "").then(
      ({ service }) => response.end(JSON.stringify(service)),
      error => response.writeHead(500).end(String(error instanceof Error ? error.message : error)),
    );
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  const { port } = door.address() as { port: number };
  const close = async () => {
    door.close();
    door.closeAllConnections();
    const results = await Promise.allSettled(started.values());
    await Promise.all(
      results.map(result => (result.status === "fulfilled" ? result.value.stop() : undefined)),
    );
    await sweep();
  };
  return { url: `http://127.0.0.1:${port}`, runDir, close };
}
