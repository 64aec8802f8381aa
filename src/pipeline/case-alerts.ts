import { firesForReply, firesForSla, type ReplyFact, type SlaFact } from "#domain/alerts/events.ts";
import { settingsOf } from "#domain/alerts/kinds.ts";
import { activeRules } from "#store/alert.ts";
import { caseFacts } from "#store/alert-case.ts";
import type { Tx } from "#store/db.ts";
import { alertOf, raiseAlerts } from "./alerts.ts";

/** Raises sla alerts for cases whose answer is due soon or overdue; returns how many fired. */
export async function alarmSla(
  tx: Tx,
  told: readonly Pick<SlaFact, "caseId" | "state" | "dueAt">[],
  now: Date,
): Promise<number> {
  if (told.length === 0) return 0;
  const cases = await caseFacts(
    tx,
    told.map(({ caseId }) => caseId),
  );
  const brandIds = [...new Set([...cases.values()].map(({ brandId }) => brandId))];
  const rules = await activeRules(tx, brandIds, ["sla"]);
  const firings = rules.flatMap(rule => {
    const settings = settingsOf("sla", rule.settings);
    return told.flatMap(one => {
      const fact = cases.get(one.caseId);
      if (fact?.brandId !== rule.brand_id) return [];
      const firing = firesForSla(settings, { ...fact, ...one, at: now });
      return firing === null ? [] : [alertOf(rule, firing, now)];
    });
  });
  return raiseAlerts(tx, firings, now);
}

/** Raises reply-failed alerts; returns how many fired. */
export async function alarmReply(
  tx: Tx,
  lost: Pick<ReplyFact, "replyId" | "caseId" | "state">,
  now: Date,
): Promise<number> {
  const fact = (await caseFacts(tx, [lost.caseId])).get(lost.caseId);
  if (!fact) return 0;
  const rules = await activeRules(tx, [fact.brandId], ["reply-failed"]);
  const firings = rules.flatMap(rule => {
    const firing = firesForReply(settingsOf("reply-failed", rule.settings), { ...fact, ...lost, at: now });
    return firing === null ? [] : [alertOf(rule, firing, now)];
  });
  return raiseAlerts(tx, firings, now);
}
