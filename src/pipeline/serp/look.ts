import type { TrackedPhrase } from "#domain/alerts/serp-entry.ts";
import type { Item } from "#domain/item.ts";
import {
  isOwnAddress,
  type SerpFigures,
  type SerpMovement,
  type SerpResult,
  serpFigures,
  serpMovement,
  standingOf,
  toneValue,
  weightedTone,
} from "#domain/serp.ts";
import { type MatchTools, rematchTexts } from "#pipeline/rematch.ts";
import { watchedBrand } from "#pipeline/watch.ts";
import type { SearchLook } from "#sources/define.ts";
import { findBrand } from "#store/brand.ts";
import type { Db, Tx } from "#store/db.ts";
import { unjudgedTexts } from "#store/rematch.ts";
import {
  insertLook,
  type LookPair,
  pairLooks,
  readLooks,
  type StoredLook,
  type StoredResult,
} from "#store/serp-look.ts";
import { queriesOfLook } from "#store/serp-query.ts";

interface LookOrigin {
  sourceId: string;
  runId: string;
  identity: { sourceKind: string; site: string };
}

/** A look that was just stored, for the rules that watch search results. */
export interface NewLook {
  brandId: string;
  phrase: TrackedPhrase;
  look: JudgedLook;
}

/**
 * Stores an answered look for every brand that tracks it, in the transaction of its page and after the page's
 * texts. Returns what was stored, judged against the looks before.
 */
export async function storeLook(
  tx: Tx,
  tools: MatchTools,
  { sourceId, runId, identity }: LookOrigin,
  { items, depth, foundCount, ...asked }: SearchLook & { items: readonly Item[] },
  now: Date,
): Promise<NewLook[]> {
  const results = items.flatMap(({ externalId, url, title, observation }) =>
    url === null || observation === null ? [] : [{ externalId, url, title, position: observation.position }],
  );
  const queries = new Map((await queriesOfLook(tx, sourceId, asked)).map(query => [query.id, query]));
  const stored: string[] = [];
  for (const query of queries.values()) {
    await judgeResults(tx, tools, { brandId: query.brand_id, sourceId, identity, results }, now);
    const id = await insertLook(tx, { query, runId, identity, depth, foundCount, results }, now);
    if (id !== null) stored.push(id);
  }
  const pairs = await pairLooks(tx, stored);
  const looks = await judgeLooks(tx, pairs, queryId => ({
    sourceKind: identity.sourceKind,
    officialAccounts: queries.get(queryId)?.official_accounts ?? [],
  }));
  return pairs.flatMap(({ id, queryId }) => {
    const look = looks.get(id);
    const brandId = queries.get(queryId)?.brand_id;
    const { query, region, device } = asked;
    return look && brandId !== undefined
      ? [{ brandId, phrase: { queryId, sourceId, query, region, device }, look }]
      : [];
  });
}

/** A result that was stored before the brand was there has not been read for it: ingest reads what is new. */
async function judgeResults(
  tx: Tx,
  tools: MatchTools,
  seen: Pick<LookOrigin, "sourceId" | "identity"> & {
    brandId: string;
    results: readonly { externalId: string }[];
  },
  now: Date,
): Promise<void> {
  const ids = seen.results.map(({ externalId }) => externalId);
  const texts = await unjudgedTexts(tx, seen, seen.identity, ids);
  const brand = texts.length > 0 ? await findBrand(tx, seen.brandId) : undefined;
  if (!brand) return;
  await rematchTexts(tx, tools, watchedBrand(brand), texts, now);
}

/** What a brand counts as its own addresses: its official accounts of the kind that looked. */
export interface Owner {
  sourceKind: string;
  officialAccounts: readonly { sourceKind: string; account: string }[];
}

type JudgedResult = StoredResult & SerpResult & { previousPosition: number | null };

/** A look as people read it: whose each page is, the figures, and what moved since the look before. */
export interface JudgedLook {
  id: string;
  takenAt: Date;
  depth: number;
  foundCount: number | null;
  results: JudgedResult[];
  top10: SerpFigures;
  top20: SerpFigures;
  weightedTone: number | null;
  /** When the look was made that this one is compared with; null for the first one. */
  comparedWith: Date | null;
  /** Places that both looks had; null for the first one. */
  sharedDepth: number | null;
  movement: SerpMovement;
  /** Hostile pages that came. */
  hostileEntries: JudgedResult[];
}

/** Judges looks against those before them; `ownerOf` tells by a look's query who owns what. */
export async function judgeLooks(
  db: Db,
  pairs: readonly Pick<LookPair, "id" | "queryId" | "previousId">[],
  ownerOf: (queryId: string) => Owner,
): Promise<Map<string, JudgedLook>> {
  const looks = await readLooks(
    db,
    pairs.flatMap(({ id, previousId }) => (previousId === null ? [id] : [id, previousId])),
  );
  return new Map(
    pairs.flatMap(({ id, queryId, previousId }) => {
      const look = looks.get(id);
      const before = previousId === null ? null : (looks.get(previousId) ?? null);
      return look ? [[id, judgeLook(look, before, ownerOf(queryId))] as const] : [];
    }),
  );
}

function judgeLook(look: StoredLook, before: StoredLook | null, owner: Owner): JudgedLook {
  const places = owner.officialAccounts
    .filter(({ sourceKind }) => sourceKind === owner.sourceKind)
    .map(({ account }) => account);
  const earlier = new Map(before?.results.map(({ pageId, position }) => [pageId, position]));
  const results = look.results.map(result => {
    const facts = { ...result, owned: isOwnAddress(result.url, places) };
    return {
      ...result,
      standing: standingOf(facts),
      value: toneValue(facts),
      previousPosition: earlier.get(result.pageId) ?? null,
    };
  });
  const movement = serpMovement(before, { depth: look.depth, results });
  const came = new Set(movement.entries.map(({ pageId }) => pageId));
  return {
    id: look.id,
    takenAt: look.taken_at,
    depth: look.depth,
    foundCount: look.found_count,
    results,
    top10: serpFigures(results, 10),
    top20: serpFigures(results, 20),
    weightedTone: weightedTone(results),
    comparedWith: before?.taken_at ?? null,
    sharedDepth: before === null ? null : Math.min(before.depth, look.depth),
    movement,
    hostileEntries: results.filter(({ pageId, standing }) => standing === "hostile" && came.has(pageId)),
  };
}
