import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MolvaError } from "#domain/errors.ts";
import type { Account } from "./account.ts";
import { serverEnvironment } from "./cluster.ts";
import type { Place } from "./place.ts";

/** A running server process. */
export interface Postmaster {
  pid: number;
  port: number;
  /** Folder of its Unix socket, which is a fifth faster than TCP; null when it has TCP alone. */
  socketDir: string | null;
}

const pollMs = 5;
const startTimeoutMs = 60_000;
const maxLogBytes = 10_000_000;

/** Sized for a laptop: a fresh install must not look greedy. `pglz` is what the packaged binaries have. */
const settings: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  max_connections: "100",
  shared_buffers: "256MB",
  effective_cache_size: "1GB",
  maintenance_work_mem: "128MB",
  work_mem: "8MB",
  fsync: "on",
  synchronous_commit: "on",
  wal_compression: "on",
  max_wal_size: "2GB",
  random_page_cost: "1.1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
};

/** An ended process that nobody has reaped still has an id: an adopted server in a container without an init. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.startsWith("Z") ?? false;
  } catch {
    return false;
  }
}

const hasId = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** True while the process runs. */
export const isAlive = (pid: number): boolean => hasId(pid) && !isZombie(pid);

function isPostgres(pid: number): boolean {
  try {
    return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).includes("postgres");
  } catch {
    // No `ps` in a slim image: the kernel's own listing, else trust the lock file.
    const comm = `/proc/${pid}/comm`;
    return existsSync(comm) ? readFileSync(comm, "utf8").startsWith("postgres") : isAlive(pid);
  }
}

const lockLines = (clusterDir: string): string[] => {
  try {
    return readFileSync(join(clusterDir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
};

/**
 * The server that holds this cluster, whoever started it, or null. A lock file that names a foreign
 * or ended process (ids start anew in a restarted container) is removed: PostgreSQL itself would refuse to start over it.
 */
export function findPostmaster(clusterDir: string): Postmaster | null {
  const [pidText, , , portText, socketDir] = lockLines(clusterDir);
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0 || !hasId(pid)) return null;
  if (isAlive(pid) && isPostgres(pid)) return { pid, port: Number(portText), socketDir: socketDir || null };
  rmSync(join(clusterDir, "postmaster.pid"), { force: true });
  return null;
}

/** A TCP port on loopback: the wanted one when it is free, else any free one. */
export async function freePort(wanted = 0): Promise<number> {
  const probe = createServer();
  const port = await new Promise<number>(resolve => {
    probe.once("error", () => resolve(0));
    probe.listen(wanted, "127.0.0.1", () => resolve((probe.address() as { port: number }).port));
  });
  await new Promise(resolve => probe.close(resolve));
  return port === 0 ? freePort() : port;
}

/** Waits until the server with this id says `ready` in its lock file; `ended` gives the wait up. */
export async function waitReady(clusterDir: string, pid: number, ended: () => boolean): Promise<boolean> {
  const until = performance.now() + startTimeoutMs;
  while (performance.now() < until && !ended()) {
    const [holder, , , , , , , status] = lockLines(clusterDir);
    if (Number(holder) === pid && status?.trim() === "ready") return true;
    await sleep(pollMs);
  }
  return false;
}

/** What may pass by itself: a port taken since we looked, processes of a killed server that are still ending. */
const passing = /could not create any TCP\/IP sockets|pre-existing shared memory block/;
const startAttempts = 5;
const startPauseMs = 300;

/** Starts the server; a wanted port that is busy is replaced by a free one. */
export async function startPostmaster(
  place: Place,
  account: Account | null,
  wantedPort: number,
  extraSettings: Record<string, string>,
): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await spawnPostmaster(place, account, await freePort(wantedPort), extraSettings);
    } catch (error) {
      if (attempt === startAttempts || !passing.test(String(error))) throw error;
      await sleep(startPauseMs);
    }
  }
}

function openLog(dataDir: string): { file: string; descriptor: number; startsAt: number } {
  const file = join(dataDir, "postgres.log");
  if (existsSync(file) && statSync(file).size > maxLogBytes) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, "a", 0o600);
  return { file, descriptor, startsAt: fstatSync(descriptor).size };
}

const lastLines = (file: string, startsAt: number): string =>
  readFileSync(file).subarray(startsAt).toString("utf8").trimEnd().split("\n").slice(-8).join("\n");

/** The kernel's limit is 107 bytes with the socket's name; what would need quotes is left alone as well. */
const socketFolder = /^[\w./-]{1,90}$/;

/** Starts the server in a session of its own: Ctrl-C in the terminal reaches us, and we stop it after our own work. */
async function spawnPostmaster(
  { binaries, clusterDir, dataDir }: Place,
  account: Account | null,
  port: number,
  extraSettings: Record<string, string>,
): Promise<Postmaster> {
  const log = openLog(dataDir);
  // The cluster's own folder: nobody but its account may enter.
  const socketDir = socketFolder.test(clusterDir) ? clusterDir : null;
  const own = { unix_socket_directories: socketDir ?? "" };
  const flags = Object.entries({ ...settings, ...own, ...extraSettings }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const child = spawn(binaries.postgres, ["-D", clusterDir, "-p", String(port), ...flags], {
    ...account,
    cwd: "/",
    env: serverEnvironment,
    detached: true,
    stdio: ["ignore", log.descriptor, log.descriptor],
  });
  closeSync(log.descriptor);
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  child.once("error", end).once("exit", end);
  child.unref();
  const { pid } = child;
  if (pid !== undefined && (await waitReady(clusterDir, pid, () => ended))) return { pid, port, socketDir };
  if (!ended) child.kill("SIGQUIT");
  throw new MolvaError(
    "embedded-postgres",
    `PostgreSQL did not start in ${clusterDir}. The end of ${log.file}:\n${lastLines(log.file, log.startsAt)}`,
    { retry: "never" },
  );
}

async function waitGone(pid: number, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > until) return false;
    await sleep(pollMs);
  }
  return true;
}

/** Stops a server: its clients are cut and the data is checkpointed; after 8 s without that, at once (the log repairs it). */
export async function stopPostmaster({ pid }: Postmaster): Promise<void> {
  for (const [signal, timeoutMs] of [
    ["SIGINT", 8000],
    ["SIGQUIT", 2000],
    ["SIGKILL", 1000],
  ] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    if (await waitGone(pid, timeoutMs)) return;
  }
}
