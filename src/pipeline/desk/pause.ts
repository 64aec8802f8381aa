import { InputError } from "#domain/errors.ts";
import { nobody, takeStep } from "#pipeline/cases.ts";
import type { CaseRow, CaseStep } from "#store/case.ts";
import { lockSnoozedUntil } from "#store/case-pause.ts";
import { type Db, inTransaction, type Tx } from "#store/db.ts";
import { type Scope, type StepRequest, stepOf, unheld } from "./steps.ts";

const longestSnoozeMs = 366 * 86_400_000;
const perTick = 200;

/** Who put a case aside gets it back first: it stays theirs when it was nobody's. */
const aside = (row: CaseRow): Partial<CaseStep> => ({
  ...unheld,
  assignee_id: row.assignee_id ?? (row.status === "claimed" ? row.claimed_by : null),
});

const woken = (now: Date): CaseStep => ({
  status: "open",
  snoozed_until: null,
  next_priority_at: now,
  updated_at: now,
});

/** Puts a case aside until a time; the clock of the SLA runs on. */
export const snooze = (tx: Tx, scope: Scope, request: StepRequest, until: Date) => {
  const ahead = until.getTime() - request.now.getTime();
  if (ahead <= 0 || ahead > longestSnoozeMs)
    throw new InputError(`until is ${until.toISOString()}; expected a time to come, within a year`, "until");
  return stepOf(tx, scope, request, {
    kind: "snoozed",
    from: ["open", "claimed", "snoozed", "awaiting-author"],
    overHolder: false,
    step: row => ({ ...aside(row), status: "snoozed", snoozed_until: until, updated_at: request.now }),
    data: { until },
  });
};

/** Waits for the author's word: the clock of the SLA stands until it comes, or somebody wakes the case. */
export const awaitAuthor = (tx: Tx, scope: Scope, request: StepRequest) =>
  stepOf(tx, scope, request, {
    kind: "awaiting-author",
    from: ["open", "claimed", "snoozed"],
    overHolder: false,
    step: row => ({
      ...aside(row),
      status: "awaiting-author",
      snoozed_until: null,
      updated_at: request.now,
    }),
  });

/** Brings back what was put aside, before its time. */
export const wake = (tx: Tx, scope: Scope, request: StepRequest) =>
  stepOf(tx, scope, request, {
    kind: "woken",
    from: ["snoozed", "awaiting-author"],
    overHolder: true,
    step: woken(request.now),
    data: { by: "person" },
  });

/** Cases whose time has come go back to the queue. Returns how many. */
export const wakeSnoozed = (db: Db, now: Date): Promise<number> =>
  inTransaction(db, async tx => {
    const rows = await lockSnoozedUntil(tx, now, perTick);
    for (const row of rows) await wakeOne(tx, row, "time", now);
    return rows.length;
  });

/** One case comes back by itself: its time has come, or its author wrote. */
export const wakeOne = (tx: Tx, row: CaseRow, by: "time" | "author", now: Date): Promise<CaseRow> =>
  takeStep(tx, row, woken(now), {
    kind: "woken",
    actor: nobody,
    data: { by },
    personIds: row.assignee_id === null ? [] : [row.assignee_id],
  });
