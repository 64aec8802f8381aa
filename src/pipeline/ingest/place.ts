import { officialEvidence } from "#domain/official.ts";
import type { WatchedBrand } from "#pipeline/watch.ts";
import type { DocumentRow, KnownDocument } from "#store/document.ts";
import { newId } from "#store/id.ts";
import { answerOf } from "./answer.ts";
import type { Draft } from "./draft.ts";

/** A document of the page as it will be stored, beside what was known of it. */
export interface Placed {
  draft: Draft;
  known: KnownDocument | null;
  row: DocumentRow;
  textChanged: boolean;
  /** Brands whose own voice this is; no mention of theirs. */
  officialFor: ReadonlySet<string>;
}

export interface PlaceContext {
  sourceId: string;
  sourceKind: string;
  site: string;
  brands: readonly WatchedBrand[];
  /** What the site prints beside people who speak for a company. */
  badgeWords: readonly string[];
  authorIds: ReadonlyMap<string, string>;
  now: Date;
}

/** The row of a new or changed document; language, cluster and bands are filled in by later steps. */
export function place(draft: Draft, known: KnownDocument | null, context: PlaceContext): Placed {
  const { item } = draft;
  const { now } = context;
  const textChanged = known?.content_hash !== draft.contentHash;
  const official = officialBrands(draft, context);
  const row: DocumentRow = {
    ...(known === null ? newborn(now) : carriedOver(known, textChanged)),
    ...datesOf(draft, known, now),
    ...answerOf(draft, known, textChanged, now),
    source_kind: context.sourceKind,
    site: context.site,
    source_id: context.sourceId,
    external_id: item.externalId,
    kind: item.kind,
    url: item.url,
    title: item.title,
    text: item.text,
    product: item.product,
    rating_value: item.rating?.value ?? null,
    rating_scale: item.rating?.scale ?? null,
    author_id: draft.authorKey === null ? null : (context.authorIds.get(draft.authorKey) ?? null),
    last_seen_at: now,
    thread_id: item.threadId,
    thread_title: item.threadTitle,
    parent_external_id: item.parentExternalId,
    engagement: item.engagement as Record<string, number>,
    owned: item.owned,
    official: official.evidence,
    content_hash: draft.contentHash,
    fact_hash: draft.factHash,
    observation: item.observation,
    erased_at: null,
  };
  return { draft, known, row, textChanged, officialFor: official.brandIds };
}

const newborn = (now: Date) => ({
  id: newId(),
  first_seen_at: now,
  language: "und",
  version: 1,
  repost_keys: null,
  cluster_id: null,
});

const carriedOver = (known: KnownDocument, textChanged: boolean) => ({
  id: known.id,
  first_seen_at: known.first_seen_at,
  language: known.language,
  version: known.version + (textChanged ? 1 : 0),
  repost_keys: known.repost_keys,
  cluster_id: known.cluster_id,
});

/** A date once known is kept when a later look lacks it; an edit that the site does not date is dated by its sight. */
function datesOf(draft: Draft, known: KnownDocument | null, now: Date) {
  const publishedAt = draft.publishedAt ?? known?.published_at ?? null;
  const seenEditAt = known !== null && known.content_hash !== draft.contentHash ? now : null;
  return {
    published_at: publishedAt,
    edited_at: draft.item.editedAt ?? seenEditAt,
    occurred_at: publishedAt ?? known?.first_seen_at ?? now,
    date_basis: publishedAt === null ? ("seen" as const) : ("published" as const),
  };
}

/** A brand that names its accounts is known by them alone: a badge may be that of another company. */
function officialBrands({ item }: Draft, { brands, sourceKind, badgeWords }: PlaceContext) {
  const brandIds = new Set<string>();
  let evidence: string | null = null;
  if (item.author === null) return { brandIds, evidence };
  for (const brand of brands) {
    const accounts = brand.officialAccounts
      .filter(entry => entry.sourceKind === sourceKind)
      .map(entry => entry.account);
    const found = officialEvidence(
      item.author,
      accounts.length > 0 ? { accounts, badgeWords: [], names: [] } : { badgeWords },
    );
    if (found === null) continue;
    brandIds.add(brand.id);
    evidence ??= found;
  }
  return { brandIds, evidence };
}
