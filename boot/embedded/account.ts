import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { MolvaError } from "#domain/errors.ts";

/** The operating system user that the server runs as when we ourselves are root, which PostgreSQL refuses to be. */
export interface Account {
  uid: number;
  gid: number;
}

const makeUser = ["useradd", "--system", "--user-group", "--no-create-home", "postgres"] as const;

const idOf = (flag: "-u" | "-g"): number =>
  Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));

const lookUp = (): Account | null => {
  try {
    return { uid: idOf("-u"), gid: idOf("-g") };
  } catch {
    return null;
  }
};

/** The account to run the server as: null (our own) for an ordinary user, else `postgres`, made when absent. */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const known = lookUp();
  if (known) return known;
  try {
    const [program, ...args] = makeUser;
    execFileSync(program, args, { stdio: "pipe" });
    return { uid: idOf("-u"), gid: idOf("-g") };
  } catch (cause) {
    throw new MolvaError(
      "embedded-postgres",
      "PostgreSQL refuses to run as root, and the user `postgres` could not be made: start as an ordinary user, run `useradd --system postgres`, or set DATABASE_URL",
      { retry: "never", cause },
    );
  }
}

function mayPass(dir: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(dir);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** The highest existing folder on the way to `path` (itself included) that the account may not pass, or null. */
export function closedFolder(path: string, account: Account | null): string | null {
  if (!account) return null;
  const above = dirname(path) === path ? null : closedFolder(dirname(path), account);
  if (above !== null) return above;
  return existsSync(path) && statSync(path).isDirectory() && !mayPass(path, account) ? path : null;
}
