import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "#config/env.ts";
import type { SecretBox } from "#pipeline/deps.ts";
import { secretBox } from "./secret-box.ts";

/** The box that seals credentials: with the operator's key, else with one made at the first start and kept in the data folder. */
export function openSecretBox(env: Env): SecretBox {
  const current = env.MOLVA_SECRET_KEY ?? keptKey(env.MOLVA_DATA_DIR);
  return secretBox([current, ...env.MOLVA_SECRET_KEYS_OLD]);
}

function keptKey(dataDir: string): string {
  const path = join(dataDir, "secret.key");
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(path, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  }
  return readFileSync(path, "utf8").trim();
}
