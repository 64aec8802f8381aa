import { raiseAlerts } from "#pipeline/alerts.ts";
import { openCases, type Plea, planCases } from "#pipeline/case-births.ts";
import { type Cause, settleCases } from "#pipeline/case-settling.ts";
import { nobody } from "#pipeline/cases.ts";
import { moveMentionCounts, withAspects } from "#pipeline/counts.ts";
import { noticeAuthors } from "#pipeline/desk/author-moves.ts";
import { factsOf, factsOfPage } from "#pipeline/desk/changed-facts.ts";
import { firingsOfMentions } from "#pipeline/mention-alerts.ts";
import type { WatchedBrand } from "#pipeline/watch.ts";
import { touchPriorities } from "#store/case-priority.ts";
import type { Tx } from "#store/db.ts";
import { insertDocuments, insertVersions, updateDocuments } from "#store/document.ts";
import {
  insertMentions,
  type MentionInput,
  type MentionRow,
  mentionInput,
  updateMentions,
  writeAspects,
} from "#store/mention.ts";
import { effectiveTone, type Judged, needsAnswer } from "./judge.ts";
import type { Placed } from "./place.ts";

/** Writes new and changed documents, with the texts that edits replaced. */
export async function storeDocuments(tx: Tx, page: readonly Placed[], now: Date): Promise<void> {
  await insertDocuments(
    tx,
    page.filter(({ known }) => known === null).map(({ row }) => row),
  );
  const changed = page.filter(({ known }) => known !== null);
  await updateDocuments(
    tx,
    changed.map(({ row }) => row),
  );
  await insertVersions(
    tx,
    changed
      .filter(({ textChanged }) => textChanged)
      .map(({ known }) => ({
        document_id: known?.id as string,
        version: known?.version as number,
        title: known?.title ?? null,
        text: known?.text as string,
        rating_value: known?.rating_value ?? null,
        replaced_at: now,
      })),
  );
}

interface JudgedPage {
  page: readonly Placed[];
  /** Texts that stand as another source stored them. */
  stored: readonly Placed[];
  judged: readonly Judged[];
  /** All brands that were asked. */
  brands: ReadonlyMap<string, WatchedBrand>;
}

/** Writes mentions with all that follows from them: cases, counts, the log, alerts. Returns how many alerts fired. */
export async function storeMentions(
  tx: Tx,
  { page, stored, judged, brands }: JudgedPage,
  now: Date,
): Promise<number> {
  const documents = new Map([...page, ...stored].map(placed => [placed.row.id, placed]));
  const pleas = judged
    .filter(({ after }) => opensCase(after, brands))
    .map(({ after }) => plea(after, documents.get(after.document_id)));
  const plan = await planCases(tx, pleas);
  const created = judged.filter(({ before }) => before === null);
  const changed = judged.filter(({ before, after }) => before !== null && differs(before, after));
  await insertMentions(
    tx,
    created.map(({ after }) => after),
    now,
  );
  await updateMentions(
    tx,
    changed.map(({ after }) => after),
    now,
  );
  const moves = await withAspects(tx, judged);
  const scored = judged.filter(one => one.scored);
  await writeAspects(
    tx,
    scored.flatMap(({ before }) => before?.id ?? []),
    scored.flatMap(({ aspects }) => aspects),
  );
  await openCases(tx, plan, now);
  await noticeAuthors(tx, page, judged, now);
  await settleCases(
    tx,
    changed.flatMap(one => causeOf(one)),
    nobody,
    now,
  );
  await touchPriorities(tx, { ...factsOf(judged), ...factsOfPage(page, brands.keys()) }, now);
  await moveMentionCounts(tx, moves);
  return raiseAlerts(tx, await firingsOfMentions(tx, judged.flatMap(candidateOf), now), now);
}

/** What rules may look at: new texts, new words, and what asks for an answer and did not before. */
function candidateOf({ before, after, scored }: Judged) {
  const fresh = before === null || (needsAnswer(after) && !needsAnswer(before));
  const reread = before === null || scored;
  if (!after.acts || after.deleted_at !== null || !(fresh || reread)) return [];
  return [{ id: after.id, brandId: after.brand_id, fresh, reread, tone: effectiveTone(after) }];
}

/** Every negative, unanswered, non-spam mention of an own brand that is young enough; a search result never. */
function opensCase(after: MentionInput, brands: ReadonlyMap<string, WatchedBrand>): boolean {
  return (
    after.case_id === null &&
    after.acts &&
    needsAnswer(after) &&
    after.kind !== "search-result" &&
    brands.get(after.brand_id)?.own === true
  );
}

function plea(mention: MentionInput, placed: Placed | undefined): Plea {
  return {
    mention,
    clusterId: placed?.row.cluster_id ?? null,
    publishedAt: placed?.row.published_at ?? null,
  };
}

/** Re-scoring and facts of the page that a reader of the mention would see. */
const differs = (before: MentionRow, after: MentionInput): boolean => {
  const { scored_at: _scored, ...left } = mentionInput(before);
  const { scored_at: _rescored, ...right } = after;
  return (
    JSON.stringify(left) !==
    JSON.stringify(Object.fromEntries(Object.keys(left).map(key => [key, right[key as keyof typeof right]])))
  );
};

function causeOf({ before, after, scored }: Judged): Cause[] {
  if (before === null || after.case_id === null || before.case_id === null) return [];
  if (needsAnswer(before) === needsAnswer(after) && !scored) return [];
  const outcome =
    after.deleted_at !== null ? "author-updated" : after.answered ? "answered" : "author-updated";
  return [
    {
      caseId: after.case_id,
      outcome,
      reopens: scored || before.answered,
      answeredAt: after.answered ? after.scored_at : null,
    },
  ];
}
