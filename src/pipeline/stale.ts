import { durationMs } from "#domain/duration.ts";
import { findSourceKind } from "#sources/registry.ts";
import { inTransaction } from "#store/db.ts";
import { staleCandidates, updateSource } from "#store/source.ts";
import type { Deps } from "./deps.ts";
import { alarm } from "./finish-run.ts";

/** Alarms sources that have not had one good run for longer than their kind allows. Returns how many turned stale. */
export async function alarmStale({
  db,
  clock,
  enqueue,
}: Pick<Deps, "db" | "clock" | "enqueue">): Promise<number> {
  const now = clock();
  let turned = 0;
  let alerts = 0;
  for (const source of await staleCandidates(db)) {
    const silentMs = now.getTime() - (source.last_ok_at ?? source.created_at).getTime();
    const limit = findSourceKind(source.kind).staleAfter;
    if (silentMs < durationMs(limit)) continue;
    alerts += await inTransaction(db, async tx => {
      await updateSource(tx, source.id, { stale_since: now, health: "stale" });
      return alarm(tx, source.id, { health: "stale", problem: `no good run for ${limit}` }, now);
    });
    turned++;
  }
  if (alerts > 0) await enqueue.notify();
  return turned;
}
