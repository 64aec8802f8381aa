import { connect } from "node:net";
import type { Env } from "#config/env.ts";
import { switchSource } from "#pipeline/sources.ts";
import { writeAudit } from "#store/audit.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { findSource, livingSources, type SourceRow } from "#store/source.ts";
import { readKept, writeKept } from "./demo-kept.ts";
import type { Runtime } from "./runtime.ts";

const originOf = (port: number) => `http://127.0.0.1:${port}`;

/** Switches off the sources whose pages only the demo serves, unless it runs: each of their runs would fail. Says so, once. */
export async function stopDemoSources(env: Env, { deps }: Pick<Runtime, "deps">): Promise<void> {
  const kept = keptOrWarned(env, deps);
  if (kept === null || (await isAnswering(kept.port))) return;
  const sources = await livingSources(deps.db);
  const ids = sources.filter(row => row.enabled && isAt(kept.port, row)).map(({ id }) => id);
  if (ids.length === 0) return;
  const now = deps.clock();
  // Written first: a death in between must not leave sources that the next demo does not know.
  const stopped = Object.fromEntries(ids.map(id => [id, now.toISOString()]));
  writeKept(env, { ...kept, stopped: { ...kept.stopped, ...stopped } });
  // One by one: the end of a run is counted for its brands, and others may count theirs now.
  for (const id of ids) await inTransaction(deps.db, tx => switchTo(tx, id, false, now));
  deps.log.warn(
    { sourceCount: ids.length },
    "the demo's sources are switched off: their pages are served by --demo alone, which switches them on again",
  );
}

/** A file that cannot be read keeps nobody from working without the demo. */
function keptOrWarned(env: Env, { log }: Runtime["deps"]) {
  try {
    return readKept(env);
  } catch (err) {
    log.warn({ err }, "whether the demo's sources are to be switched off is not known");
    return null;
  }
}

const answersWithinMs = 1_000;

/** Whether a program, such as a demo that runs already, listens on this port of loopback. */
function isAnswering(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: "127.0.0.1", port, timeout: answersWithinMs });
  socket.once("connect", () => resolve(true));
  for (const end of ["error", "timeout"]) socket.once(end, () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/**
 * Switches on what was switched off because the demo did not run. What a person switched off, or changed since, stays as
 * it is, and what is not in this database waits for the one that it is in.
 */
export async function resumeDemoSources(env: Env, { deps }: Pick<Runtime, "deps">): Promise<void> {
  const kept = readKept(env);
  if (kept?.stopped === undefined) return;
  const { stopped, ...rest } = kept;
  const elsewhere = await inTransaction(deps.db, async tx => {
    const missing: [string, string][] = [];
    for (const [id, at] of Object.entries(stopped)) {
      const row = await findSource(tx, id);
      if (row === undefined) missing.push([id, at]);
      else if (isAt(kept.port, row) && row.updated_at.toISOString() === at)
        await switchTo(tx, id, true, deps.clock());
    }
    return missing;
  });
  writeKept(env, elsewhere.length === 0 ? rest : { ...rest, stopped: Object.fromEntries(elsewhere) });
}

const isAt = (port: number, { settings }: SourceRow): boolean =>
  Object.values(settings as Record<string, unknown>).some(
    value =>
      value === originOf(port) || (typeof value === "string" && value.startsWith(`${originOf(port)}/`)),
  );

async function switchTo(tx: Tx, id: string, enabled: boolean, now: Date): Promise<void> {
  if (!(await switchSource(tx, id, enabled, now))) return;
  const entry = { keyId: null, personId: null, action: "update", object: "source", objectId: id };
  await writeAudit(tx, { ...entry, fields: ["enabled"] }, now);
}
