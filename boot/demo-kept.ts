import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Env } from "#config/env.ts";
import { MolvaError } from "#domain/errors.ts";

const keptSchema = z.object({
  /** The first start of this folder: what the pages say is dated from it. */
  epoch: z.iso.datetime(),
  /** Addresses of documents carry the port, so it stays the same. */
  port: z.int().min(1).max(65_535),
  /** Ids of sources that are switched off while nothing serves their pages, each with the time of that change. */
  stopped: z.record(z.string(), z.iso.datetime()).optional(),
});

type Kept = z.output<typeof keptSchema>;

const keptPath = (env: Env) => join(env.MOLVA_DATA_DIR, "demo.json");

/** What the demo has left in the data folder; null: it never ran there. A MolvaError when it cannot be read. */
export function readKept(env: Env): Kept | null {
  const path = keptPath(env);
  if (!existsSync(path)) return null;
  try {
    return keptSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new MolvaError(
      "demo-file-broken",
      `${path}, which says on which port and from which day on the demo serves its pages, cannot be read: put a copy of it back, or set MOLVA_DATA_DIR to another folder for a new demo`,
      { retry: "never", cause },
    );
  }
}

/** Written aside and renamed: whoever dies in between leaves the file of before. */
export function writeKept(env: Env, kept: Kept): void {
  const path = keptPath(env);
  writeFileSync(`${path}.new`, JSON.stringify(kept), { flush: true });
  renameSync(`${path}.new`, path);
}
