import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
// RUNLEVEL=1 keeps a package from starting a server of its own.
const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };

/**
 * Installs packages of Debian, where this is Debian and we are root. Test files run in several processes and
 * apt refuses to work beside itself, so each waits for the others' lock.
 */
export async function installDebian(missing: string, ...packages: string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const installer = "apt-get";
  if (!(await run(installer, ["--version"]).catch(() => null))) return;
  console.log(`${missing}: installing Debian's package (${installer} install ${packages.join(" ")})`);
  const lock = join(tmpdir(), "molva-packages.lock");
  const locked = (...args: string[]) => run("flock", [lock, installer, "-qq", ...args], { env });
  await locked("update");
  await locked("install", "-y", "--no-install-recommends", ...packages);
}
