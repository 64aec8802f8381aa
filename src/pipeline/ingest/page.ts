import type { Item } from "#domain/item.ts";
import { wakeForAuthors } from "#pipeline/desk/author-wrote.ts";
import { noticeAnswers } from "#pipeline/desk/seen.ts";
import { watchedBrand } from "#pipeline/watch.ts";
import { upsertAuthors } from "#store/author.ts";
import { shareBrands } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import { lockDocuments } from "#store/document.ts";
import { type Draft, draftPage } from "./draft.ts";
import { forgetErased } from "./erased.ts";
import type { Judged } from "./judge.ts";
import { type IngestSource, type IngestTools, judgePage } from "./judge-page.ts";
import { type Placed, place } from "./place.ts";
import { recogniseReposts } from "./recognise.ts";
import { storeDocuments, storeMentions } from "./store.ts";
import { answerThreads } from "./threads.ts";

type ItemStatus = "created" | "updated" | "unchanged" | "erased";

export interface Ingested {
  /** By external id. */
  statuses: Map<string, { status: ItemStatus; documentId: string | null; mentionIds: string[] }>;
  newCount: number;
  updatedCount: number;
  duplicateCount: number;
  alertCount: number;
}

/**
 * Stores one page of items with all that follows from it, in the caller's transaction: documents, versions,
 * mentions, counts, cases, alerts. The same page again changes nothing.
 */
export async function ingestPage(
  tx: Tx,
  tools: IngestTools,
  source: IngestSource,
  items: readonly Item[],
  now: Date,
): Promise<Ingested> {
  const identity = { sourceKind: source.kind, site: source.site };
  const brands = (await shareBrands(tx, source.id)).map(watchedBrand);
  const drafts = draftPage(items, now);
  const known = new Map(
    (await lockDocuments(tx, identity, [...drafts.keys()])).map(row => [row.external_id, row]),
  );
  const erased = await forgetErased(tx, source.kind, [...drafts.values()]);
  const wanted = [...drafts.values()].filter(draft => {
    const before = known.get(draft.item.externalId);
    return !erased.has(draft) && !before?.erased_at && before?.fact_hash !== draft.factHash;
  });
  const authorIds = await upsertAuthors(tx, identity, authorsOf(wanted), now);
  const context = {
    sourceId: source.id,
    sourceKind: source.kind,
    site: source.site,
    brands,
    authorIds,
    badgeWords: source.badgeWords,
    now,
  };
  const page = wanted.map(draft => place(draft, known.get(draft.item.externalId) ?? null, context));
  const stored = [...drafts.values()].flatMap(draft => {
    const before = known.get(draft.item.externalId);
    if (before === undefined || before.erased_at || before.source_id === source.id) return [];
    if (erased.has(draft) || before.fact_hash !== draft.factHash) return [];
    const placed = place(draft, before, context);
    return [{ ...placed, row: { ...placed.row, author_id: before.author_id } }];
  });
  const repeats = await recogniseReposts(tx, page, now);
  const answered = await answerThreads(tx, identity, page, now);
  const judged = await judgePage(tx, tools, source, { page, stored, brands, answered, repeats, now });
  await storeDocuments(tx, page, now);
  const alertCount = await storeMentions(tx, { page, stored, ...judged }, now);
  await noticeAnswers(tx, [...page.flatMap(answeredId), ...answered], now);
  await wakeForAuthors(tx, identity, page, now);
  return summary(drafts, known, erased, page, judged.judged, { repeats, alertCount });
}

/** Its id when the source shows an answer under it, or did. */
const answeredId = ({ row, known }: Placed): string[] =>
  known !== null && (row.answer_state !== "none" || known.answer_state !== "none") ? [row.id] : [];

function authorsOf(drafts: readonly Draft[]) {
  const authors = new Map(
    drafts.flatMap(({ authorKey, item }) =>
      authorKey === null
        ? []
        : [
            [
              authorKey,
              {
                key: authorKey,
                name: item.author?.name ?? null,
                url: item.author?.url ?? null,
                reach: item.author?.reach ?? null,
              },
            ] as const,
          ],
    ),
  );
  return [...authors.values()];
}

function summary(
  drafts: ReadonlyMap<string, Draft>,
  known: ReadonlyMap<string, { id: string; erased_at: Date | null }>,
  erased: ReadonlySet<Draft>,
  page: readonly Placed[],
  judged: readonly Judged[],
  { repeats, alertCount }: { repeats: ReadonlySet<string>; alertCount: number },
): Ingested {
  const placed = new Map(page.map(one => [one.row.external_id, one]));
  const mentions = Map.groupBy(
    judged.filter(({ after }) => after.deleted_at === null),
    ({ after }) => after.document_id,
  );
  const statuses: Ingested["statuses"] = new Map();
  for (const [externalId, draft] of drafts) {
    const one = placed.get(externalId);
    const before = known.get(externalId);
    const documentId = one?.row.id ?? before?.id ?? null;
    const status =
      erased.has(draft) || before?.erased_at
        ? "erased"
        : one === undefined
          ? "unchanged"
          : one.known
            ? "updated"
            : "created";
    const mentionIds = (mentions.get(documentId ?? "") ?? []).map(({ after }) => after.id);
    statuses.set(externalId, { status, documentId, mentionIds });
  }
  const created = page.filter(one => one.known === null).length;
  return {
    statuses,
    newCount: created,
    updatedCount: page.length - created,
    duplicateCount: repeats.size,
    alertCount,
  };
}
