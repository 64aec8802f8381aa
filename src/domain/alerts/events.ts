import type { Firing } from "./firing.ts";
import type { RuleSettings } from "./kinds.ts";

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
