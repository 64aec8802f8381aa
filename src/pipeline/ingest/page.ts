import type { Item } from "#domain/item.ts";
import type { Matcher } from "#domain/query/match.ts";
import { firingsOfMentions, raiseAlerts } from "#pipeline/alerts.ts";
import { type Cause, nobody, openCases, type Plea, planCases, settleCases } from "#pipeline/cases.ts";
import { countChanges } from "#pipeline/counts.ts";
import { type WatchedBrand, watchedBrand } from "#pipeline/watch.ts";
import { upsertAuthors } from "#store/author.ts";
import { shareBrands } from "#store/brand.ts";
import { type Change, logChanges } from "#store/change.ts";
import type { Tx } from "#store/db.ts";
import {
  insertDocuments,
  insertVersions,
  lockDocuments,
  lockThreads,
  setAnswers,
  updateDocuments,
} from "#store/document.ts";
import {
  insertMentions,
  lockMentions,
  type MentionInput,
  type MentionRow,
  mentionInput,
  updateMentions,
  writeAspects,
} from "#store/mention.ts";
import { moveCounts } from "#store/rollup.ts";
import type { Scorer } from "#tone/define.ts";
import { threadAnswers } from "./answer.ts";
import { type Draft, draftPage } from "./draft.ts";
import { forgetErased } from "./erased.ts";
import { type Judged, judge, needsAnswer } from "./judge.ts";
import { type Placed, place } from "./place.ts";
import { recogniseReposts } from "./recognise.ts";

/** What ingest needs besides the transaction. */
export interface IngestTools {
  scorer: Scorer;
  matchers: (brands: readonly WatchedBrand[]) => Matcher;
}

export interface IngestSource {
  id: string;
  kind: string;
  title: string;
  /** First part of the identity besides the kind, already resolved. */
  site: string;
  actFrom: Date;
  matchAll: boolean;
}

export type ItemStatus = "created" | "updated" | "unchanged" | "erased";

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
  const context = { sourceId: source.id, sourceKind: source.kind, site: source.site, brands, authorIds, now };
  const page = wanted.map(draft => place(draft, known.get(draft.item.externalId) ?? null, context));
  const repeats = await recogniseReposts(tx, page, now);
  const answered = await answerThreads(tx, identity, page, now);
  const judged = await judgePage(tx, tools, source, { page, brands, answered, repeats, now });
  await storeDocuments(tx, page, now);
  const alertCount = await storeMentions(
    tx,
    page,
    judged,
    new Map(brands.map(brand => [brand.id, brand])),
    now,
  );
  return summary(drafts, known, erased, page, judged, { repeats, alertCount });
}

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

/** Answers that official posts of this page give to other texts; those on the page are changed in place. Returns the stored texts answered. */
async function answerThreads(
  tx: Tx,
  identity: { sourceKind: string; site: string },
  page: readonly Placed[],
  now: Date,
): Promise<string[]> {
  const posts = page.filter(({ row }) => row.official !== null);
  if (posts.length === 0) return [];
  const onPage = new Map(page.map(placed => [placed.row.id, placed]));
  const stored = await lockThreads(tx, identity, [
    ...new Set(posts.flatMap(({ row }) => row.thread_id ?? [])),
  ]);
  const texts = [
    ...page.map(({ row }) => ({ ...thread(row), answerState: row.answer_state })),
    ...stored
      .filter(row => !onPage.has(row.id))
      .map(row => ({ ...thread(row), answerState: row.answer_state })),
  ];
  const found = threadAnswers(
    posts.map(({ row, draft }) => ({
      row,
      authorName: draft.item.author?.name ?? null,
      evidence: row.official as string,
    })),
    texts,
    now,
  );
  const elsewhere = [];
  for (const { id, ...answer } of found.values()) {
    const placed = onPage.get(id);
    if (placed) Object.assign(placed.row, answer);
    else elsewhere.push({ id, ...answer });
  }
  await setAnswers(tx, elsewhere);
  return elsewhere.map(answer => answer.id);
}

const thread = (row: {
  id: string;
  external_id: string;
  thread_id: string | null;
  occurred_at: Date;
  official: string | null;
}) => ({
  id: row.id,
  externalId: row.external_id,
  threadId: row.thread_id,
  occurredAt: row.occurred_at,
  official: row.official !== null,
});

interface Judging {
  page: readonly Placed[];
  brands: readonly WatchedBrand[];
  answered: readonly string[];
  repeats: ReadonlySet<string>;
  now: Date;
}

async function judgePage(
  tx: Tx,
  tools: IngestTools,
  source: IngestSource,
  { page, brands, answered, repeats, now }: Judging,
): Promise<Judged[]> {
  const context = {
    brands,
    matcher: tools.matchers(brands),
    scorer: tools.scorer,
    matchAll: source.matchAll,
    sourceId: source.id,
    sourceTitle: source.title,
    actFrom: source.actFrom,
    now,
  };
  const knownIds = page.flatMap(({ known }) => known?.id ?? []);
  const byDocument = Map.groupBy(
    await lockMentions(tx, [...knownIds, ...answered]),
    mention => mention.document_id,
  );
  const judged = page.flatMap(placed => {
    const mentions = judge(placed, byDocument.get(placed.row.id) ?? [], context);
    for (const { after } of mentions) after.duplicate ||= repeats.has(placed.row.id);
    return mentions;
  });
  const elsewhere = answered
    .flatMap(id => byDocument.get(id) ?? [])
    .map(mention => ({
      before: mention,
      after: { ...mentionInput(mention), answered: true },
      aspects: [],
      scored: false,
    }));
  return [...judged, ...elsewhere];
}

async function storeDocuments(tx: Tx, page: readonly Placed[], now: Date): Promise<void> {
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

async function storeMentions(
  tx: Tx,
  page: readonly Placed[],
  judged: readonly Judged[],
  brands: ReadonlyMap<string, WatchedBrand>,
  now: Date,
): Promise<number> {
  const documents = new Map(page.map(placed => [placed.row.id, placed]));
  const pleas = judged
    .filter(({ after }) => opensCase(after, brands))
    .map(({ after }) => plea(after, documents.get(after.document_id)));
  const { planned, joined } = await planCases(tx, pleas, brands, now);
  const created = judged.filter(({ before }) => before === null);
  const changed = judged.filter(({ before, after }) => before !== null && differs(before, after));
  const seqs = await insertMentions(
    tx,
    created.map(({ after }) => after),
  );
  for (const [id, seq] of await updateMentions(
    tx,
    changed.map(({ after }) => after),
  ))
    seqs.set(id, seq);
  const scored = judged.filter(one => one.scored);
  await writeAspects(
    tx,
    scored.flatMap(({ before }) => before?.id ?? []),
    scored.flatMap(({ aspects }) => aspects),
  );
  await openCases(tx, planned, joined, now);
  await settleCases(
    tx,
    changed.flatMap(one => causeOf(one)),
    nobody,
    now,
  );
  await moveCounts(
    tx,
    judged.flatMap(({ before, after }) => countChanges(before, after)),
  );
  const changes: Change[] = [...created, ...changed].map(({ before, after }) => ({
    event: before === null ? "mention.created" : "mention.updated",
    brandId: after.brand_id,
    subjectId: after.id,
    seq: seqs.get(after.id) as number,
  }));
  await logChanges(tx, changes, now);
  const firing = judged.filter(
    ({ before, after }) => after.acts && needsAnswer(after) && !(before && needsAnswer(before)),
  );
  return raiseAlerts(
    tx,
    await firingsOfMentions(
      tx,
      firing.map(({ after }) => after),
      now,
    ),
    now,
  );
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
    reach: placed?.draft.item.author?.reach ?? null,
    views: placed?.draft.item.engagement.views ?? null,
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
