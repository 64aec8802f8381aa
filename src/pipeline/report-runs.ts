import { latestReportAt, nextReportAt, reportPeriod } from "#domain/export/report-period.ts";
import { inTransaction } from "#store/db.ts";
import { insertReportDeliveries, lockDueReports, updateReportSchedule } from "#store/report-schedule.ts";
import type { Deps } from "./deps.ts";

/** Schedules of one transaction; the rest is due at the next tick. */
const atOnce = 50;

/**
 * Has the reports that are due wait for the notifier, in the transaction that moves the schedule on: who dies
 * before its end has done nothing, and a period goes to a channel once. Returns how many messages there are.
 */
export async function startReports({ db, clock, log }: Pick<Deps, "db" | "clock" | "log">): Promise<number> {
  const now = clock();
  return inTransaction(db, async tx => {
    let madeCount = 0;
    for (const due of await lockDueReports(tx, now, atOnce)) {
      const timezone = due.timezone ?? due.brandTimezone;
      const at = latestReportAt(due, timezone, due.next_at, now);
      if (!due.brandArchived) {
        const period = reportPeriod(due, timezone, at);
        const count = await insertReportDeliveries(tx, due, period, now);
        log.info({ scheduleId: due.id, ...period, count }, "report due");
        madeCount += count;
      }
      await updateReportSchedule(tx, due.id, { next_at: nextReportAt(due, timezone, at) });
    }
    return madeCount;
  });
}
