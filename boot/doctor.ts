import { access, constants, mkdir, statfs } from "node:fs/promises";
import type { Check, Checks } from "#cli/define.ts";
import { type Env, readEnv } from "#config/env.ts";
import { findBrowser } from "#net/browser-pool.ts";
import { createNet } from "#net/client.ts";
import { countUnreadable } from "#pipeline/rotate.ts";
import { openQueue } from "#queue/open.ts";
import { type Db, openDb } from "#store/db.ts";
import { serverFacts } from "#store/health.ts";
import { pendingMigrations } from "#store/migrate.ts";
import { createLog } from "./log.ts";
import { type Database, openDatabase } from "./runtime.ts";
import { openSecretBox } from "./secrets.ts";

const leastVersion = 140_000;
const leastFreeBytes = 1024 ** 3;
const mostSkewMs = 2_000;
/** Addresses that hand out a cloud machine's credentials, a loopback one, and one that must pass. */
const guarded = { metadata: "http://169.254.169.254/latest/", open: "https://example.com/" };

/** Opened by the first check that needs it. */
interface Opened {
  env: () => Env;
  database: () => Promise<Database>;
  db: () => Promise<Db>;
}

/** Everything that `doctor` looks at. */
export function openChecks(variables: Record<string, string | undefined>): Checks {
  let database: Promise<Database> | null = null;
  let db: Promise<Db> | null = null;
  const env = () => readEnv(variables);
  const opened: Opened = {
    env,
    database: () => (database ??= openDatabase(env(), createLog("silent"))),
    db: () => (db ??= opened.database().then(openForDoctor)),
  };
  return {
    list: [
      { name: "environment", run: async () => environment(env()) },
      { name: "data folder", run: async () => dataFolder(env()) },
      { name: "time zones", run: async () => timeZones() },
      { name: "database", run: async () => databaseVersion(await opened.db()) },
      { name: "migrations", run: async () => migrations(await opened.db()) },
      { name: "clock", run: async () => clock(await opened.db()) },
      { name: "queue", run: () => queue(opened) },
      { name: "secret key", run: async () => secretKey(await opened.db(), env()) },
      { name: "browser", run: async () => browser(env()) },
      { name: "egress guard", run: async () => egress(env()) },
    ] satisfies Check[],
    close: async () => {
      await (await db?.catch(() => null))?.destroy();
      await (await database?.catch(() => null))?.stop();
    },
  };
}

const openForDoctor = ({ appUrl }: Database): Db =>
  openDb({
    url: appUrl,
    maxConnections: 2,
    statementTimeoutMs: 10_000,
    applicationName: "molva-doctor",
    onLostConnection: () => {},
  });

function environment(env: Env): string {
  const contact = env.MOLVA_CONTACT.includes(".invalid")
    ? "; MOLVA_CONTACT is not set: please name a page or mailbox where site owners reach you"
    : "";
  return `every variable is understood${contact}`;
}

async function dataFolder({ MOLVA_DATA_DIR: path }: Env): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.R_OK | constants.W_OK);
  } catch {
    throw new Error(`${path} cannot be written; let this user own it, or set MOLVA_DATA_DIR`);
  }
  const { bavail, bsize } = await statfs(path);
  const freeBytes = bavail * bsize;
  const shown = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free`;
  if (freeBytes < leastFreeBytes) throw new Error(`${path} has ${shown}; make room: at least 1 GiB`);
  return `${path}, ${shown}`;
}

function timeZones(): string {
  const shown = new Intl.DateTimeFormat("en", {
    timeZone: "Asia/Vladivostok",
    hour: "numeric",
    hourCycle: "h23",
  });
  if (shown.format(new Date(0)) !== "10")
    throw new Error("Node has no full time zone data; use a build with full ICU");
  return `${Intl.supportedValuesOf("timeZone").length} known, data of ${process.versions["tz"]}`;
}

async function databaseVersion(db: Db): Promise<string> {
  const { version, versionNumber } = await serverFacts(db);
  if (versionNumber < leastVersion)
    throw new Error(`PostgreSQL ${version}; expected 14 or later: upgrade it`);
  return `PostgreSQL ${version}`;
}

async function migrations(db: Db): Promise<string> {
  const pending = await pendingMigrations(db);
  if (pending.length > 0) throw new Error(`${pending.join(", ")} not applied: run \`molva migrate\``);
  return "all applied";
}

async function clock(db: Db): Promise<string> {
  const before = Date.now();
  const { at } = await serverFacts(db);
  const skewMs = Math.round(at.getTime() - (before + Date.now()) / 2);
  if (Math.abs(skewMs) > mostSkewMs)
    throw new Error(`the database's clock is ${skewMs} ms off this machine's: synchronise both with NTP`);
  return `${skewMs} ms off the database's`;
}

async function queue({ env, database }: Opened): Promise<string> {
  const { REDIS_URL: redisUrl } = env();
  const backend = redisUrl === undefined ? { databaseUrl: (await database()).appUrl } : { redisUrl };
  const open = await openQueue({ backend, warn: () => {}, onError: () => {} });
  try {
    await open.counts(Date.now());
    return redisUrl === undefined ? "BullMQ on PostgreSQL answers" : "BullMQ on Redis answers";
  } finally {
    await open.close();
  }
}

async function secretKey(db: Db, env: Env): Promise<string> {
  const { sealedCount, unreadableCount } = await countUnreadable(db, openSecretBox(env));
  if (unreadableCount > 0) {
    throw new Error(
      `${unreadableCount} of ${sealedCount} stored secrets were sealed with another key: add it to MOLVA_SECRET_KEYS_OLD`,
    );
  }
  return sealedCount === 0 ? "nothing sealed yet" : `opens all ${sealedCount} stored secrets`;
}

/** Without a browser everything works but PDF, so its absence is no fault. */
function browser({ MOLVA_BROWSER_PATH: configured }: Env): string {
  const path = findBrowser(configured);
  if (path !== null) return `${path} makes PDF`;
  if (configured !== undefined)
    throw new Error(`MOLVA_BROWSER_PATH is ${configured}, where there is no program; expected Chromium's`);
  return "none, so no PDF: install Chromium (Debian's package chromium) or set MOLVA_BROWSER_PATH";
}

async function egress(env: Env): Promise<string> {
  const net = createNet({
    allow: env.MOLVA_EGRESS_ALLOW,
    userAgent: "Molva/0.1",
    contact: env.MOLVA_CONTACT,
  });
  try {
    if (net.mayAsk(guarded.metadata))
      throw new Error("metadata addresses pass; this is a defect, please report it");
    if (!net.mayAsk(guarded.open))
      throw new Error("public addresses do not pass; this is a defect, please report it");
  } finally {
    await net.close();
  }
  const allowed = env.MOLVA_EGRESS_ALLOW;
  return allowed.length === 0
    ? "private addresses are refused"
    : `private addresses are refused but for ${allowed.join(", ")}`;
}
