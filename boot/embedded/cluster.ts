import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { MolvaError } from "#domain/errors.ts";
import type { Account } from "./account.ts";
import type { Place } from "./place.ts";

/** Passwords of the two roles, kept inside the cluster's folder (mode 600) so that they live and die with it. */
export interface Roles {
  ownerPassword: string;
  appPassword: string;
}

/** What a server process of ours sees of the environment: no secret of the parent. */
export const serverEnvironment = {
  PATH: process.env["PATH"] ?? "",
  SystemRoot: process.env["SystemRoot"] ?? "",
  LC_ALL: "C",
  TZ: "UTC",
} as const;

/** Only our two roles, only on this machine; the superuser cannot log in at all. */
const accessRules = `local all molva_owner,molva_app scram-sha-256
host all molva_owner,molva_app 127.0.0.1/32 scram-sha-256
host all molva_owner,molva_app ::1/128 scram-sha-256
`;

const provision = ({ ownerPassword, appPassword }: Roles): string =>
  [
    `CREATE ROLE molva_owner LOGIN CREATEDB PASSWORD '${ownerPassword}';`,
    `CREATE ROLE molva_app LOGIN PASSWORD '${appPassword}';`,
    "CREATE DATABASE molva OWNER molva_owner;",
    "",
  ].join("\n");

const rolesFile = (clusterDir: string): string => join(clusterDir, "molva-roles.json");

async function run(file: string, args: string[], account: Account | null, input = ""): Promise<void> {
  const options = { ...account, cwd: "/", env: serverEnvironment };
  try {
    const running = promisify(execFile)(file, args, options);
    running.child.stdin?.end(input);
    await running;
  } catch (cause) {
    const { stderr } = cause as { stderr?: string };
    throw new MolvaError(
      "embedded-postgres",
      `PostgreSQL could not make its data folder: ${stderr?.trim().split("\n").slice(-5).join(" | ") || String(cause)}`,
      { retry: "never" },
    );
  }
}

async function build(
  dir: string,
  { binaries }: Place,
  account: Account | null,
  durable: boolean,
): Promise<void> {
  await mkdir(dir, { mode: 0o700 });
  if (account) await chown(dir, account.uid, account.gid);
  // Its own letters, not ICU's: words are put into the search index for a third less.
  const locale = [
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
  ];
  const sync = durable ? [] : ["--no-sync"];
  // A new segment of the log is filled with zeros while every commit waits: 60 ms for the usual 16 MB.
  const log = ["--wal-segsize=4"];
  await run(
    binaries.initdb,
    ["-D", dir, "-U", "postgres", "-A", "trust", ...locale, ...log, ...sync],
    account,
  );
  const roles = {
    ownerPassword: randomBytes(24).toString("hex"),
    appPassword: randomBytes(24).toString("hex"),
  };
  // Single-user mode needs no listening server and no password of a superuser.
  const single = ["--single", "-D", dir, "-c", "exit_on_error=on", "-c", "log_checkpoints=off", "postgres"];
  await run(binaries.postgres, single, account, provision(roles));
  await writeFile(rolesFile(dir), JSON.stringify(roles), { mode: 0o600 });
}

async function assertSameMajor(clusterDir: string): Promise<void> {
  const major = (await readFile(join(clusterDir, "PG_VERSION"), "utf8")).trim();
  if (major === "18") return;
  throw new MolvaError(
    "embedded-postgres",
    `${clusterDir} was made by PostgreSQL ${major} and this is 18: \`backup\` with the old version, \`restore\` with this one`,
    { retry: "never" },
  );
}

/** Makes the cluster when there is none (built aside, then renamed: a killed first start leaves no half) and returns its passwords. */
export async function ensureCluster(place: Place, account: Account | null, durable: boolean): Promise<Roles> {
  const { clusterDir } = place;
  if (!existsSync(clusterDir)) {
    const aside = `${clusterDir}.new-${process.pid}`;
    await rm(aside, { recursive: true, force: true });
    await build(aside, place, account, durable);
    await rename(aside, clusterDir).catch(async error => {
      await rm(aside, { recursive: true });
      if (!existsSync(clusterDir)) throw error;
    });
  }
  await assertSameMajor(clusterDir);
  // At each start: a folder of an older version has older rules.
  await writeFile(join(clusterDir, "pg_hba.conf"), accessRules);
  return JSON.parse(await readFile(rolesFile(clusterDir), "utf8")) as Roles;
}
