import { Cron } from "croner";
import { firesForSource, type SourceFact } from "#domain/alerts/events.ts";
import { settingsOf } from "#domain/alerts/kinds.ts";
import { failuresToAlarm } from "#domain/alerts/run-health.ts";
import { durationMs } from "#domain/duration.ts";
import { MolvaError, type Retry } from "#domain/errors.ts";
import { nextRunAt } from "#domain/recurrence.ts";
import { activeRules } from "#store/alert.ts";
import { logChanges } from "#store/change.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { countRun } from "#store/rollup.ts";
import { endRun, type RunRow } from "#store/run.ts";
import { brandIdsOf, lockSource, type SourceRow, updateSource } from "#store/source.ts";
import type { Health, RunOutcome, Schedule } from "#store/tables.ts";
import { alertOf, raiseAlerts } from "./alerts.ts";
import type { Deps } from "./deps.ts";

interface RunEnd {
  error: unknown;
  /** Everything there was has been read. */
  complete: boolean;
  /** The attempt that ends the run; null when nobody works on it any more. */
  lease: string | null;
}

/** The page itself is at fault: gone, built otherwise, too large. A dead collector or line says nothing of it. */
const isAboutThePage = (error: unknown): boolean =>
  error instanceof MolvaError &&
  (error.code === "source-gone" || error.outcome === "layout-changed" || error.retry === "never");

/**
 * A run in the middle whose next page cannot be had, run after run, is given up: the next one begins anew from
 * the last complete one, so nothing is skipped.
 */
const withoutResume = (cursor: unknown): unknown =>
  cursor === null ? null : { ...(cursor as object), resume: null };

/** Ends a run, plans the next one and, when the source's health turned bad, alarms those who asked for it. */
export async function finishRun(
  deps: Pick<Deps, "db" | "clock" | "random" | "log" | "enqueue">,
  job: { runId: string; sourceId: string },
  end: RunEnd,
): Promise<void> {
  const now = deps.clock();
  const { sourceId, runId } = job;
  if (end.error !== null) deps.log.warn({ sourceId, runId, err: end.error }, "run failed");
  const alertCount = await inTransaction(deps.db, tx =>
    settleRun(tx, job, end, { now, random: deps.random() }),
  );
  if (alertCount > 0) await deps.enqueue.notify();
}

/** Returns how many alerts fired; a run that has ended, or that another attempt took over, is left alone. */
async function settleRun(
  tx: Tx,
  job: { runId: string; sourceId: string },
  end: RunEnd,
  { now, random }: { now: Date; random: number },
): Promise<number> {
  const source = await lockSource(tx, job.sourceId);
  if (!source || (end.lease !== null && source.lease !== end.lease)) return 0;
  const outcome = await outcomeOf(tx, job.runId, end);
  const run = await closeRun(tx, job.runId, { outcome, ...told(end.error) }, now);
  if (!run) return 0;
  const failureCount = end.error === null ? 0 : source.failure_count + 1;
  const health = healthAfter(end.error, failureCount, source.health);
  const givesUp = failureCount >= failuresToAlarm && run.page_count === 0 && isAboutThePage(end.error);
  await updateSource(tx, source.id, {
    claimed_until: null,
    lease: null,
    failure_count: failureCount,
    health,
    next_run_at: planNext(source, end, failureCount, now, random),
    ...(end.error === null ? { last_ok_at: now, stale_since: null } : {}),
    ...(givesUp ? { cursor: withoutResume(source.cursor) } : {}),
  });
  const turnedBad = health !== source.health && isBad(health);
  if (!turnedBad) return 0;
  const { errorCode, error } = told(end.error);
  return alarm(tx, source.id, { health: errorCode === "quota" ? "quota" : health, problem: error }, now);
}

/** Ends a run once, counts it where it was due, and tells who follows; undefined when it has ended before. */
export async function closeRun(
  tx: Tx,
  id: string,
  end: Parameters<typeof endRun>[2],
  now: Date,
): Promise<RunRow | undefined> {
  const run = await endRun(tx, id, end, now);
  if (!run) return undefined;
  if (run.trigger === "schedule")
    await countRun(tx, await brandIdsOf(tx, run.source_id), run.started_at, end.outcome === "ok");
  await logChanges(tx, [{ event: "run.finished", brandId: null, subjectId: run.id }], now);
  return run;
}

async function outcomeOf(tx: Tx, runId: string, { error, complete }: RunEnd): Promise<RunOutcome> {
  if (error === null) return complete ? "ok" : "partial";
  const run = await tx.selectFrom("run").select("page_count").where("id", "=", runId).executeTakeFirst();
  if ((run?.page_count ?? 0) > 0) return "partial";
  return error instanceof MolvaError ? error.outcome : "failed";
}

/** What people are told of an error: ours in its own words, any other without its inside. */
function told(error: unknown): { errorCode: string | null; error: string | null } {
  if (error === null) return { errorCode: null, error: null };
  if (error instanceof MolvaError) return { errorCode: error.code, error: error.message };
  return { errorCode: "internal", error: "Molva failed while reading this source; the log has the cause" };
}

const isBad = (health: Health) => health !== "ok" && health !== "new";

function healthAfter(error: unknown, failureCount: number, before: Health): Health {
  if (error === null) return "ok";
  if (error instanceof MolvaError && error.outcome !== "failed") return error.outcome;
  return failureCount >= failuresToAlarm ? "failing" : before;
}

function planNext(
  source: SourceRow,
  end: RunEnd,
  failureCount: number,
  now: Date,
  random: number,
): Date | null {
  const schedule: Schedule = source.schedule;
  if ("cron" in schedule) return new Cron(schedule.cron, { timezone: schedule.timezone }).nextRun(now);
  const retry: Retry = end.error instanceof MolvaError ? end.error.retry : "backoff";
  const afterMs = typeof retry === "object" ? retry.afterMs : 0;
  if (end.error === null && !end.complete) return now;
  return nextRunAt(now, durationMs(schedule.every), failureCount, random, afterMs);
}

/** Raises source-health alerts in the brands that the source serves. */
export async function alarm(
  tx: Tx,
  sourceId: string,
  fact: Omit<SourceFact, "sourceId" | "at">,
  now: Date,
): Promise<number> {
  const rules = await activeRules(tx, await brandIdsOf(tx, sourceId), ["source-health"]);
  const firings = rules.flatMap(rule => {
    const settings = settingsOf("source-health", rule.settings);
    const firing = firesForSource(settings, { ...fact, sourceId, at: now });
    return firing === null ? [] : [alertOf(rule, firing, now)];
  });
  return raiseAlerts(tx, firings, now);
}
