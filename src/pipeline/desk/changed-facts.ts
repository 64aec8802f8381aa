import type { ChangedFacts } from "#store/case-priority.ts";
import type { DocumentRow } from "#store/document.ts";
import type { MentionInput, MentionRow } from "#store/mention.ts";

interface Changed {
  before: MentionRow | null;
  after: MentionInput;
}

/** What the changes of mentions change for priorities: their own cases, and later ones of the same authors. */
export function factsOf(changes: readonly Changed[]): ChangedFacts {
  return {
    caseIds: changes.flatMap(({ before, after }) => (before === null ? [] : (after.case_id ?? []))),
    authors: changes
      .filter(({ before, after }) => counts(before) !== counts(after))
      .flatMap(({ after }) =>
        after.author_id === null
          ? []
          : {
              mentionId: after.id,
              brandId: after.brand_id,
              authorId: after.author_id,
              occurredAt: after.occurred_at,
            },
      ),
  };
}

/** Whether a mention counts among its author's negatives. */
function counts(mention: MentionRow | MentionInput | null): boolean {
  if (mention === null || mention.deleted_at !== null || (mention.human_spam ?? mention.model_spam))
    return false;
  return (mention.human_tone ?? mention.model_tone) === "negative";
}

/** What the texts of a page change for priorities: clusters that have grown, and places in search results. */
export function factsOfPage(
  page: readonly { row: DocumentRow; known: object | null }[],
  brandIds: Iterable<string>,
): ChangedFacts {
  const grown = page.flatMap(({ row, known }) => (known === null ? (row.cluster_id ?? []) : []));
  const found = page.flatMap(({ row }) => (row.kind === "search-result" ? (row.url ?? []) : []));
  return {
    clusterIds: [...new Set(grown)],
    searched: [...brandIds].flatMap(brandId => found.map(url => ({ brandId, url }))),
  };
}
