import type { Item } from "#domain/item.ts";
import type { Matcher } from "#domain/query/match.ts";
import { wakeForAuthors } from "#pipeline/desk/author-wrote.ts";
import { noticeAnswers } from "#pipeline/desk/seen.ts";
import { layersOf, type ScoreAll } from "#pipeline/score.ts";
import { type WatchedBrand, watchedBrand } from "#pipeline/watch.ts";
import { upsertAuthors } from "#store/author.ts";
import { shareBrands } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import { lockDocuments } from "#store/document.ts";
import { lockMentions, mentionInput } from "#store/mention.ts";
import type { Scorer, ToneResult } from "#tone/define.ts";
import { type Draft, draftPage } from "./draft.ts";
import { forgetErased } from "./erased.ts";
import { type Judged, judge, type ToScore } from "./judge.ts";
import { type Placed, place } from "./place.ts";
import { recogniseReposts } from "./recognise.ts";
import { storeDocuments, storeMentions } from "./store.ts";
import { answerThreads } from "./threads.ts";

/** What ingest needs besides the transaction. */
export interface IngestTools {
  /** One text at once: its explanation, and the version of the model. */
  scorer: Scorer;
  scoreAll: ScoreAll;
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
  /** What the site prints beside people who speak for a company. */
  badgeWords: readonly string[];
}

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
  await noticeAnswers(tx, [...page.flatMap(answeredId), ...answered], now);
  await wakeForAuthors(tx, identity, page, now);
  return summary(drafts, known, erased, page, judged, { repeats, alertCount });
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
  const layers = await layersOf(tx, tools.scorer, [source.id]);
  const context = {
    brands,
    matcher: tools.matchers(brands),
    layer: layers.get(source.id) ?? null,
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
  const judged = await finished(
    page.flatMap(placed => judge(placed, byDocument.get(placed.row.id) ?? [], context)),
    tools.scoreAll,
  );
  for (const { after } of judged) after.duplicate ||= repeats.has(after.document_id);
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

/** Scores what needs it, all at once. */
async function finished(planned: readonly (Judged | ToScore)[], scoreAll: ScoreAll): Promise<Judged[]> {
  const waiting = planned.flatMap(one => ("finish" in one ? [one] : []));
  const tones = waiting.length > 0 ? await scoreAll(waiting.map(({ input }) => input)) : [];
  const made = new Map(waiting.map((one, index) => [one, one.finish(tones[index] as ToneResult)]));
  return planned.map(one => ("finish" in one ? (made.get(one) as Judged) : one));
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
