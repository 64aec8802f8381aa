import type { Env } from "#config/env.ts";
import { switchSource } from "#pipeline/sources.ts";
import { writeAudit } from "#store/audit.ts";
import { inTransaction } from "#store/db.ts";
import { livingSources } from "#store/source.ts";
import { readKept, writeKept } from "./demo.ts";
import type { Runtime } from "./runtime.ts";

/** Switches off the sources whose pages only the demo serves: each of their runs would fail. Says so, once. */
export async function stopDemoSources(env: Env, { deps }: Pick<Runtime, "deps">): Promise<void> {
  const kept = readKept(env);
  if (kept === null) return;
  const origin = `http://127.0.0.1:${kept.port}`;
  const sources = await livingSources(deps.db);
  const ids = sources.filter(row => row.enabled && isAt(origin, row.settings)).map(({ id }) => id);
  if (ids.length === 0) return;
  // Written first: a death in between must not leave sources that the next demo does not know.
  writeKept(env, { ...kept, stopped: [...new Set([...(kept.stopped ?? []), ...ids])] });
  await switchAll(deps, ids, false);
  deps.log.warn(
    { sourceCount: ids.length },
    "the demo's sources are switched off: their pages are served by --demo alone, which switches them on again",
  );
}

/** Switches on what was switched off because the demo did not run; what a person switched off stays off. */
export async function resumeDemoSources(env: Env, { deps }: Pick<Runtime, "deps">): Promise<void> {
  const kept = readKept(env);
  if (kept?.stopped === undefined) return;
  const { stopped, ...rest } = kept;
  await switchAll(deps, stopped, true);
  writeKept(env, rest);
}

const isAt = (origin: string, settings: unknown): boolean =>
  Object.values(settings as Record<string, unknown>).some(
    value => value === origin || (typeof value === "string" && value.startsWith(`${origin}/`)),
  );

async function switchAll({ db, clock }: Runtime["deps"], ids: readonly string[], enabled: boolean) {
  const now = clock();
  await inTransaction(db, async tx => {
    for (const id of ids) {
      if (!(await switchSource(tx, id, enabled, now))) continue;
      const entry = { keyId: null, personId: null, action: "update", object: "source", objectId: id };
      await writeAudit(tx, { ...entry, fields: ["enabled"] }, now);
    }
  });
}
