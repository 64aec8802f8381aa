import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "#domain/errors.ts";
import { applyConfig } from "#pipeline/apply/apply.ts";
import { readConfig, type Variable } from "#pipeline/apply/read.ts";
import type { Runtime } from "./runtime.ts";

/** What `start` sets up by itself, when it is there. */
export const configFile = fileURLToPath(new URL("../config/molva.yaml", import.meta.url));

/** Applies the file if there is one; a mistake in it stops the start. Returns how much was changed. */
export async function applyFile(
  path: string,
  { deps, net }: Pick<Runtime, "deps" | "net">,
  variable: Variable,
): Promise<number> {
  if (!existsSync(path)) return 0;
  const config = readConfig(await readFile(path, "utf8"), variable);
  const checkAddress = (url: string): void => {
    if (!net.mayAsk(url))
      throw new InputError(`${url} may not be reached; MOLVA_EGRESS_ALLOW can list its host`);
  };
  const applied = await applyConfig(deps, config, { dryRun: false, randomBytes, checkAddress });
  const changedCount = applied.filter(({ action }) => action !== "keep").length;
  deps.log.info({ path, changedCount, sameCount: applied.length - changedCount }, "configuration applied");
  return changedCount;
}
