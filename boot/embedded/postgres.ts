import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { MolvaError } from "#domain/errors.ts";
import { serverAccount } from "./account.ts";
import { ensureCluster, type Roles } from "./cluster.ts";
import { type Place, settlePlace } from "./place.ts";
import {
  findPostmaster,
  isAlive,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
  waitReady,
} from "./server.ts";

/** A running embedded server: connection strings of the owner (migrations) and of the application. */
export interface Embedded {
  ownerUrl: string;
  appUrl: string;
  /** Process id of the server, for a last-resort kill. */
  pid: number;
  /** Ends the server when this process keeps it; leaves it to its keeper otherwise. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder for the database, its log and its passwords; made when absent. */
  dataDir: string;
  /** Wanted port on loopback; a busy one is replaced by a free one. */
  port?: number;
  /** Refuse a folder whose server another live process keeps. */
  alone?: boolean;
  /** Further server settings, for example `{ fsync: "off" }` in tests. */
  settings?: Record<string, string>;
  log: (line: string) => void;
}

/** Tells a process from a later one with the same id where the kernel says when it started. */
function processMark(pid: number): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19]}`;
  } catch {
    return String(pid);
  }
}

const keeperFile = (clusterDir: string): string => join(clusterDir, "molva-keeper");

/** Another live process that has started (or adopted) the server and will stop it, or null. */
function otherKeeper(clusterDir: string): number | null {
  if (!existsSync(keeperFile(clusterDir))) return null;
  const mark = readFileSync(keeperFile(clusterDir), "utf8");
  const pid = Number(mark.split(" ")[0]);
  return pid !== process.pid && isAlive(pid) && processMark(pid) === mark ? pid : null;
}

const inUse = (dataDir: string, pid: number): MolvaError =>
  new MolvaError(
    "data-folder-in-use",
    `the data folder ${dataDir} is in use by another Molva (process ${pid}): stop that one, or set MOLVA_DATA_DIR to another folder`,
    { retry: "never" },
  );

const connectionString = (role: string, password: string, { port, socketDir }: Postmaster): string =>
  `postgres://${role}:${password}@127.0.0.1:${port}/molva${socketDir === null ? "" : `?host=${encodeURIComponent(socketDir)}`}`;

function handle(place: Place, roles: Roles, running: Postmaster, keeps: boolean): Embedded {
  const { clusterDir } = place;
  if (keeps) writeFileSync(keeperFile(clusterDir), processMark(process.pid));
  return {
    ownerUrl: connectionString("molva_owner", roles.ownerPassword, running),
    appUrl: connectionString("molva_app", roles.appPassword, running),
    pid: running.pid,
    stop: async () => {
      if (!keeps) return;
      await stopPostmaster(running);
      rmSync(keeperFile(clusterDir), { force: true });
    },
  };
}

/**
 * Starts PostgreSQL from `node_modules` on a folder, or joins the server that already runs there: one left
 * behind by a killed process is adopted (and stopped by us later), one that a live process keeps is shared.
 */
export async function startEmbedded({
  dataDir,
  port,
  settings = {},
  alone = false,
  log,
}: EmbeddedOptions): Promise<Embedded> {
  const account = serverAccount();
  const place = await settlePlace(resolve(dataDir), account, log);
  const roles = await ensureCluster(place, account, settings["fsync"] !== "off");
  const share = async (running: Postmaster): Promise<Embedded> => {
    await waitReady(place.clusterDir, running.pid, () => !isAlive(running.pid));
    const keeper = otherKeeper(place.clusterDir);
    if (alone && keeper !== null) throw inUse(dataDir, keeper);
    const keeps = keeper === null;
    log(`joined the PostgreSQL that runs on port ${running.port}${keeps ? " (its starter is gone)" : ""}`);
    return handle(place, roles, running, keeps);
  };
  const running = findPostmaster(place.clusterDir);
  if (running) return share(running);
  try {
    const started = await startPostmaster(place, account, port ?? 0, settings);
    if (port && started.port !== port) log(`port ${port} is busy: PostgreSQL listens on ${started.port}`);
    return handle(place, roles, started, true);
  } catch (error) {
    // Another process may have started it between our look and our start.
    const other = findPostmaster(place.clusterDir);
    if (other) return share(other);
    throw error;
  }
}
