import type { Firing } from "./firing.ts";
import type { RuleSettings } from "./kinds.ts";

/** A text of a story: near-identical texts are one cluster. */
export interface StoryFact {
  clusterId: string;
  mentionId: string;
  caseId: string | null;
  sourceId: string;
  /** When it was first seen. */
  at: Date;
}

const hourMs = 3_600_000;

/**
 * Stories that spread: `minCount` texts on `minSources` sources within `hours`, and again at each doubling. Facts
 * come in the order of time; each is looked at with what came before it, so later looks find the same.
 */
export function growthsIn(
  { minCount, hours, minSources }: RuleSettings<"cluster-growth">,
  facts: readonly StoryFact[],
): Firing[] {
  const firings: Firing[] = [];
  for (const [clusterId, story] of Map.groupBy(facts, fact => fact.clusterId)) {
    let start = 0;
    let told = 0;
    story.forEach((fact, index) => {
      while ((story[start] as StoryFact).at.getTime() <= fact.at.getTime() - hours * hourMs) start++;
      const within = story.slice(start, index + 1);
      const step = Math.floor(Math.log2(within.length / minCount)) + 1;
      const sources = new Set(within.map(({ sourceId }) => sourceId)).size;
      if (step <= told || sources < minSources) return;
      told = step;
      firings.push({
        subject: `cluster:${clusterId}:${step}`,
        at: fact.at,
        mentionId: fact.mentionId,
        caseId: fact.caseId,
        sourceId: null,
        reason: { count: within.length, hours, sourceCount: sources },
      });
    });
  }
  return firings.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}
