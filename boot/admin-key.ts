import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKey, hasAdminKey, newKeyText } from "#pipeline/keys.ts";
import { inTransaction } from "#store/db.ts";
import type { Runtime } from "./runtime.ts";

export interface AdminKey {
  /** Null when there is one already and we do not know it. */
  text: string | null;
  isNew: boolean;
  /** The file that holds it; null when it was shown once and is not kept. */
  file: string | null;
}

/**
 * Makes sure that somebody can get in: MOLVA_ADMIN_KEY, else a key made now and shown once. With `keep` (the
 * demo) its text stays in the data folder, readable by its owner only, so that each start can show it.
 */
export async function ensureAdminKey({ env, deps }: Runtime, keep: boolean): Promise<AdminKey> {
  const path = join(env.MOLVA_DATA_DIR, "admin.key");
  const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : null;
  const wanted = env.MOLVA_ADMIN_KEY ?? null;
  if (wanted === null && (await hasAdminKey(deps.db, deps.clock()))) {
    return { text: kept, isNew: false, file: kept === null ? null : path };
  }
  const text = wanted ?? kept ?? newKeyText(size => randomBytes(size));
  // Written before it counts: a death in between must not leave a key that nobody knows.
  const file = keep && wanted === null ? path : null;
  if (file !== null) writeFileSync(file, `${text}\n`, { mode: 0o600 });
  const isNew = await inTransaction(deps.db, tx => ensure(tx, text, deps.clock()));
  return { text, isNew, file };
}

type Tx = Parameters<typeof createKey>[0];

async function ensure(tx: Tx, text: string, now: Date): Promise<boolean> {
  return createKey(
    tx,
    { text, name: "first admin key", role: "admin", brandIds: null, personName: "Admin", expiresAt: null },
    now,
  );
}
