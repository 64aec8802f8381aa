import { z } from "zod";
import { channelKinds } from "#channels/registry.ts";
import {
  type AlertInput,
  type AlertRuleRow,
  activeRules,
  gatherDelivery,
  insertAlerts,
  insertSingleDeliveries,
  usableChannels,
} from "#store/alert.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import type { MentionInput } from "#store/mention.ts";

/** Settings of a rule by its kind; an absent bound holds for everything. */
export const ruleSettings = {
  "negative-mention": z.strictObject({
    maxScore: z.number().min(-1).max(1).optional().describe("fires at this score or below"),
    maxRating: z.number().min(0).max(5).optional().describe("fires at this many stars of five or fewer"),
  }),
  "source-health": z.strictObject({}),
} as const;

/** What a rule of kind negative-mention fires for. */
export async function firingsOfMentions(
  tx: Tx,
  mentions: readonly MentionInput[],
  now: Date,
): Promise<AlertInput[]> {
  const brandIds = [...new Set(mentions.map(mention => mention.brand_id))];
  const rules = await activeRules(tx, brandIds, "negative-mention");
  return mentions.flatMap(mention =>
    rules
      .filter(rule => rule.brand_id === mention.brand_id && fires(rule, mention))
      .map(rule => ({
        id: newId(),
        rule_id: rule.id,
        brand_id: rule.brand_id,
        kind: rule.kind,
        subject: `mention:${mention.id}`,
        mention_id: mention.id,
        case_id: mention.case_id,
        source_id: mention.source_id,
        fired_at: now,
        reason: { score: mention.score, rating5: mention.rating5, intents: mention.intents },
      })),
  );
}

function fires(rule: AlertRuleRow, mention: MentionInput): boolean {
  const { maxScore, maxRating } = ruleSettings["negative-mention"].parse(rule.settings);
  if (maxScore !== undefined && mention.score > maxScore) return false;
  return maxRating === undefined || (mention.rating5 !== null && mention.rating5 <= maxRating);
}

/**
 * Stores firings with what is to be sent of them, in the transaction that caused them. A rule fires once
 * for a subject; channels that group get one message for all that happens within their time.
 */
export async function raiseAlerts(tx: Tx, firings: readonly AlertInput[], now: Date): Promise<number> {
  const fresh = await insertAlerts(tx, firings);
  if (fresh.length === 0) return 0;
  const byRule = Map.groupBy(fresh, alert => alert.rule_id);
  for (const { ruleId, channelId, kind } of await usableChannels(tx, [...byRule.keys()])) {
    const alertIds = (byRule.get(ruleId) ?? []).map(alert => alert.id);
    const groupMs = channelKinds.find(candidate => candidate.id === kind)?.groupMs;
    if (groupMs === undefined) continue;
    if (groupMs > 0) await gatherDelivery(tx, { ruleId, channelId, groupMs }, alertIds, now);
    else
      await insertSingleDeliveries(
        tx,
        alertIds.map(alertId => ({ alertId, ruleId, channelId })),
        now,
      );
  }
  return fresh.length;
}
