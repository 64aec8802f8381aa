import { returnExpiredClaims } from "#store/case-claim.ts";
import { inTransaction } from "#store/db.ts";
import { hasDueReplies } from "#store/reply-sending.ts";
import type { Deps } from "./deps.ts";
import { assignOpen } from "./desk/auto-assign.ts";
import { wakeSnoozed } from "./desk/pause.ts";
import { watchClocks } from "./desk/watch-clocks.ts";
import { endWriting } from "./desk/writing.ts";
import { escalateDue } from "./escalate.ts";
import { lookDue } from "./look.ts";
import { raisePriorities } from "./priorities.ts";
import { forgetOld } from "./prune.ts";
import { recalibrateSources } from "./recalibrate.ts";
import { continueRematches } from "./rematch.ts";
import { startReports } from "./report-runs.ts";
import { scheduleDue } from "./schedule.ts";
import { alarmStale } from "./stale.ts";

/** Old log entries and stored answers go once in so many ticks. */
const forgetEvery = 600;
/** Corrections are looked at once in so many ticks. */
const recalibrateEvery = 60;

/**
 * Time-driven work, once a second, by whoever gets the tick: each part claims its own due rows, so two ticks
 * at once share the work. A part that fails does not stop the others.
 */
export async function tick(
  deps: Deps,
  options: { count: number; hasDueDeliveries: () => Promise<boolean>; signal: AbortSignal },
): Promise<void> {
  const now = deps.clock();
  const parts: [string, () => Promise<unknown>][] = [
    ["schedule", () => scheduleDue(deps)],
    ["leases", () => inTransaction(deps.db, tx => returnExpiredClaims(tx, now))],
    ["clocks", () => watchClocks(deps)],
    ["snoozes", () => wakeSnoozed(deps.db, now)],
    ["assignment", () => assignOpen(deps.db, now)],
    ["writing", () => endWriting(deps.db, now)],
    ["priorities", () => raisePriorities(deps)],
    ["stale", () => alarmStale(deps)],
    ["rules", () => lookDue(deps)],
    ["escalations", () => escalateDue(deps)],
    ["reports", () => startReports(deps)],
    ["deliveries", async () => ((await options.hasDueDeliveries()) ? deps.enqueue.notify() : undefined)],
    ["replies", async () => ((await hasDueReplies(deps.db, now)) ? deps.enqueue.publish() : undefined)],
    ["rematch", () => continueRematches(deps, options.signal)],
    [
      "recalibrate",
      async () => (options.count % recalibrateEvery === 0 ? recalibrateSources(deps) : undefined),
    ],
    ["forget", async () => (options.count % forgetEvery === 0 ? forgetOld(deps) : undefined)],
  ];
  for (const [part, run] of parts) {
    try {
      await run();
    } catch (err) {
      deps.log.error({ err, part }, "tick");
    }
  }
}
