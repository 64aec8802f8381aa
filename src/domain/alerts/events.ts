import type { Firing } from "./firing.ts";
import type { RuleSettings } from "./kinds.ts";

/** A case whose answer is due soon or overdue. */
export interface SlaFact {
  caseId: string;
  mentionId: string;
  sourceId: string;
  sourceKind: string;
  state: "near" | "breached";
  dueAt: Date;
  priority: number;
  at: Date;
}

/** Once for each state and due time: a clock that was moved tells anew. */
export function firesForSla(
  { on, minPriority, sourceKinds }: RuleSettings<"sla">,
  fact: SlaFact,
): Firing | null {
  const { caseId, mentionId, sourceId, state, dueAt, priority, at } = fact;
  if (!on.includes(state) || (minPriority !== undefined && priority < minPriority)) return null;
  if (sourceKinds?.includes(fact.sourceKind) === false) return null;
  return {
    subject: `case:${caseId}:${state}:${dueAt.toISOString()}`,
    at,
    mentionId,
    caseId,
    sourceId,
    reason: { state, dueAt: dueAt.toISOString(), priority },
  };
}

/** A reply that did not arrive, or stands there no more. */
export interface ReplyFact {
  replyId: string;
  caseId: string;
  mentionId: string;
  sourceId: string;
  state: "refused" | "removed" | "unknown";
  at: Date;
}

export function firesForReply({ on }: RuleSettings<"reply-failed">, fact: ReplyFact): Firing | null {
  const { replyId, caseId, mentionId, sourceId, state, at } = fact;
  if (!on.includes(state)) return null;
  return {
    subject: `reply:${replyId}:${state}`,
    at,
    mentionId,
    caseId,
    sourceId,
    reason: { state, replyId },
  };
}

/** A source that has turned bad just now. */
export interface SourceFact {
  sourceId: string;
  health: string;
  /** In words for people. */
  problem: string | null;
  at: Date;
}

export function firesForSource(
  { on, sourceIds }: RuleSettings<"source-health">,
  { sourceId, health, problem, at }: SourceFact,
): Firing | null {
  if (!on.some(wanted => wanted === health) || sourceIds?.includes(sourceId) === false) return null;
  return {
    subject: `source:${sourceId}:${health}:${at.toISOString()}`,
    at,
    mentionId: null,
    caseId: null,
    sourceId,
    reason: { health, problem },
  };
}
