import type { SerpResult } from "#domain/serp.ts";
import type { Firing } from "./firing.ts";
import type { RuleSettings } from "./kinds.ts";

/** A tracked query as a reason names it. */
export interface TrackedPhrase {
  queryId: string;
  sourceId: string;
  query: string;
  region: string;
  device: string;
}

/** An answered look at a query. */
export interface SerpLookFact extends TrackedPhrase {
  at: Date;
  /** Places that both this look and the one before it had; null for a query's first look. */
  sharedDepth: number | null;
  results: readonly (Omit<SerpResult, "value"> & { previousPosition: number | null })[];
}

/** A page that came into the top of a query. */
export interface SerpEntry {
  queryId: string;
  pageId: string;
  /** Its alert, but for the mention that the result is. */
  firing: Firing;
}

/**
 * Pages in the top of a look that the look before did not have there; the top ends where the shallower of both looks
 * does, and the first look has none. The subject is query and page: one that left and comes back is not told again,
 * because pages at the edge of the top come and go with every look.
 */
export function entriesIn({ top, of }: RuleSettings<"serp-entry">, look: SerpLookFact): SerpEntry[] {
  const { queryId, sourceId, query, region, device, at, sharedDepth, results } = look;
  const last = Math.min(top, sharedDepth ?? 0);
  return results
    .filter(({ position, previousPosition }) => position <= last && (previousPosition ?? Infinity) > last)
    .filter(({ standing }) => of === "all" || standing === of)
    .map(({ pageId, position, previousPosition, standing }) => ({
      queryId,
      pageId,
      firing: {
        subject: `query:${queryId}:page:${pageId}`,
        at,
        mentionId: null,
        caseId: null,
        sourceId,
        reason: { query, region, device, queryId, pageId, position, previousPosition, standing, top },
      },
    }));
}
