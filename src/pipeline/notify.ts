import { setTimeout as sleep } from "node:timers/promises";
import { answerOne, claimDueAnswers } from "./sending/chat-answer.ts";
import { claimDeliveries } from "./sending/claim.ts";
import type { NotifyDeps } from "./sending/deps.ts";
import { claimDueEdits, editOne } from "./sending/edit.ts";
import { sendOne } from "./sending/send.ts";

/** While a slow receiver is waited for, what has become due for the others is looked for so often. */
const lookEveryMs = 200;

/**
 * Sends what is due until nothing is, and nothing is under way; returns how many attempts were made. No message
 * waits for another one: a receiver that is slow or away holds up its own channel alone.
 */
export async function notifyDue(deps: NotifyDeps, signal: AbortSignal): Promise<number> {
  const underWay = new Set<Promise<void>>();
  let sentCount = 0;
  const faults: unknown[] = [];
  const begin = (work: Promise<void>): void => {
    sentCount++;
    const ended = work.catch(fault => void faults.push(fault)).finally(() => underWay.delete(ended));
    underWay.add(ended);
  };
  try {
    while (!signal.aborted && faults.length === 0) {
      if (await beginDue(deps, begin, signal)) continue;
      if (underWay.size === 0) break;
      await Promise.race([...underWay, sleep(lookEveryMs)]);
    }
  } finally {
    await Promise.all(underWay);
  }
  if (faults.length > 0) throw faults[0];
  return sentCount;
}

/** Begins everything that may be sent now; false when there was nothing. */
async function beginDue(
  deps: NotifyDeps,
  begin: (work: Promise<void>) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { claimed, putOffCount } = await claimDeliveries(deps);
  for (const delivery of claimed) begin(sendOne(deps, delivery, signal));
  const answers = await claimDueAnswers(deps);
  for (const answer of answers) begin(answerOne(deps, answer, signal));
  const edits = await claimDueEdits(deps);
  for (const edit of edits) begin(editOne(deps, edit, signal));
  return claimed.length + putOffCount + answers.length + edits.length > 0;
}
