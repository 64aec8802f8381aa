import { isThisMachine } from "#net/pacing.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { openRun, type RunRow, unstartedRuns } from "#store/run.ts";
import { busyHosts, lockDueSources, lockSource, updateSource } from "#store/source.ts";
import type { Deps } from "./deps.ts";

/** Sources of one foreign host that are collected at the same time; their requests are paced besides. */
const perHost = 2;
const perTick = 100;
/** A claim that nobody prolongs ends after this long, and the source is due again. */
export const claimMs = 120_000;
/** A job that has not begun by then is sent again; the queue drops it if the first is still there. */
const unstartedMs = 15_000;

type ScheduleDeps = Pick<Deps, "db" | "enqueue" | "clock">;

/** Claims the sources that are due, within the limit per host, and sends their jobs. Returns how many. */
export async function scheduleDue({ db, enqueue, clock }: ScheduleDeps): Promise<number> {
  const now = clock();
  const jobs = await inTransaction(db, async tx => {
    const due = await lockDueSources(tx, now, perTick);
    const busy = due.length > 0 ? await busyHosts(tx, now) : new Map<string, number>();
    const claimed = [];
    for (const source of due) {
      const hosts = source.hosts.filter(host => !isThisMachine(host));
      if (hosts.some(host => (busy.get(host) ?? 0) >= perHost)) continue;
      for (const host of hosts) busy.set(host, (busy.get(host) ?? 0) + 1);
      await updateSource(tx, source.id, { claimed_until: new Date(now.getTime() + claimMs) });
      const run = await openRun(tx, source.id, "schedule", now);
      claimed.push({ sourceId: source.id, runId: run.id });
    }
    return claimed;
  });
  const lost = await unstartedRuns(db, new Date(now.getTime() - unstartedMs));
  for (const job of jobs) await enqueue.collect(job);
  for (const { id, sourceId } of lost) await enqueue.collect({ sourceId, runId: id });
  return jobs.length;
}

/** "Run now": the source's open run, or a new one, whose job the caller sends after the commit; undefined for an unknown or archived source. */
export async function runNow(tx: Tx, sourceId: string, now: Date): Promise<RunRow | undefined> {
  const source = await lockSource(tx, sourceId);
  if (!source || source.archived_at !== null) return undefined;
  const run = await openRun(tx, sourceId, "manual", now);
  await updateSource(tx, sourceId, { claimed_until: new Date(now.getTime() + claimMs) });
  return run;
}
