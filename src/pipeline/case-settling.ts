import { type CaseRow, casesInNeed, lockCases, lockLivingTwin, markFirstAnswers } from "#store/case.ts";
import type { Tx } from "#store/db.ts";
import type { Outcome } from "#store/tables.ts";
import { moveTexts } from "./case-moves.ts";
import { type Actor, endStep, reopenStep, takeStep } from "./cases.ts";

/** Why the mentions of a case may have stopped, or begun again, to ask for an answer. */
export interface Cause {
  caseId: string;
  /** How the case ends if nothing in it asks for an answer any more. */
  outcome: Outcome;
  /** Whether it comes back if something in it asks again after it had ended. */
  reopens: boolean;
  answeredAt: Date | null;
}

/**
 * Brings cases in line with their mentions: ends those in which nothing asks for an answer any more, reopens
 * those whose author changed the text after the answer. An ended case stays ended for any other cause.
 */
export async function settleCases(tx: Tx, causes: readonly Cause[], actor: Actor, now: Date): Promise<void> {
  if (causes.length === 0) return;
  const byCase = new Map(causes.map(cause => [cause.caseId, cause]));
  const rows = await lockCases(tx, [...byCase.keys()]);
  const ids = rows.map(row => row.id);
  const inNeed = await casesInNeed(tx, ids);
  const answers = await markFirstAnswers(tx, ids);
  for (const locked of rows) {
    const cause = byCase.get(locked.id) as Cause;
    const answer = answers.get(locked.id);
    const row = { ...locked, first_answer_at: answer?.firstAt ?? locked.first_answer_at };
    if (row.status !== "ended" && !inNeed.has(row.id)) {
      const answeredAt = cause.answeredAt === null ? null : (answer?.lastAt ?? cause.answeredAt);
      await takeStep(tx, row, endStep(cause.outcome, answeredAt, now), {
        kind: "ended",
        actor,
        data: { outcome: cause.outcome },
      });
    } else if (row.status === "ended" && inNeed.has(row.id) && cause.reopens) {
      await bringBack(tx, row, actor, now);
    }
  }
}

/** A story has one living case: where a later copy has opened another one meanwhile, the texts join that. */
async function bringBack(tx: Tx, row: CaseRow, actor: Actor, now: Date): Promise<void> {
  const data = { outcome: row.outcome };
  const back = await takeStep(tx, row, reopenStep(now), { kind: "reopened", actor, data });
  const living = await lockLivingTwin(tx, row);
  if (living === undefined) return;
  await moveTexts(tx, back, living, actor, now);
  const step = { ...endStep("answered-elsewhere", null, now), merged_into: living.id };
  const told = { outcome: "answered-elsewhere", mergedInto: living.id };
  await takeStep(tx, back, step, { kind: "ended", actor, data: told });
}
