import { channelKinds } from "#channels/registry.ts";
import type { Firing } from "#domain/alerts/firing.ts";
import type { RuleTiming } from "#domain/alerts/timing.ts";
import {
  type AlertInput,
  type AlertRuleRow,
  gatherDelivery,
  insertAlerts,
  insertSingleDeliveries,
  usableChannels,
} from "#store/alert.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";

/** A firing of a rule as a row; it is dated by when it was found. */
export const alertOf = (
  rule: Pick<AlertRuleRow, "id" | "brand_id" | "kind">,
  { subject, mentionId, caseId, sourceId, reason }: Firing,
  now: Date,
): AlertInput => ({
  id: newId(),
  rule_id: rule.id,
  brand_id: rule.brand_id,
  kind: rule.kind,
  subject,
  mention_id: mentionId,
  case_id: caseId,
  source_id: sourceId,
  fired_at: now,
  reason,
});

/**
 * Stores firings with what is to be sent of them, in the transaction that caused them. A rule fires once
 * for a subject; channels that group get one message for all that happens within their time.
 */
export async function raiseAlerts(tx: Tx, firings: readonly AlertInput[], now: Date): Promise<number> {
  const fresh = await insertAlerts(tx, firings);
  if (fresh.length === 0) return 0;
  const byRule = Map.groupBy(fresh, alert => alert.rule_id);
  for (const channel of await usableChannels(tx, [...byRule.keys()])) {
    const alertIds = (byRule.get(channel.ruleId) ?? []).map(alert => alert.id);
    await tellChannel(tx, { ...channel, escalation: 0 }, alertIds, now);
  }
  return fresh.length;
}

interface Target {
  ruleId: string;
  timing: RuleTiming;
  channelId: string;
  /** Of the channel. */
  kind: string;
  escalation: number;
}

/** Has alerts of one rule told through one channel: programs get each alone, chats get them joined. */
export async function tellChannel(
  tx: Tx,
  { kind, timing, ...target }: Target,
  alertIds: readonly string[],
  now: Date,
): Promise<void> {
  const kindMs = channelKinds.find(candidate => candidate.id === kind)?.groupMs;
  if (kindMs === undefined) return;
  if (kindMs === 0) {
    const singles = alertIds.map(alertId => ({ alertId, ...target }));
    return insertSingleDeliveries(tx, singles, now);
  }
  const groupMs = Math.max(kindMs, (timing.groupSeconds ?? 0) * 1_000);
  await gatherDelivery(tx, { ...target, groupMs }, alertIds, now);
}
