import { InputError } from "#domain/errors.ts";
import { changeSource, type SourceTools } from "#pipeline/sources.ts";
import type { AnySourceKind, SearchAsk, SearchWay } from "#sources/define.ts";
import { findSourceKind } from "#sources/registry.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { insertSerpQuery, type SerpQueryRow } from "#store/serp-query.ts";
import { brandIdsOf, lockSource, type SourceRow } from "#store/source.ts";

/** A query to track, as people give it. */
export interface SerpQueryInput extends SearchAsk {
  brandId: string;
  sourceId: string;
}

/**
 * Tracks a phrase for a brand on a source of search results. A phrase that the source does not ask for yet is added
 * to its settings, so it is looked at at once; a region or device that it does not look at is an InputError.
 * Undefined when the same query is tracked already.
 */
export async function trackQuery(
  tx: Tx,
  tools: SourceTools,
  input: SerpQueryInput,
  now: Date,
): Promise<SerpQueryRow | undefined> {
  const { source, kind, search } = await searchSource(tx, input);
  const { brandId, sourceId, query, region, device } = input;
  const settings: unknown = kind.settings.parse(source.settings);
  const looks = search.looks(settings);
  checkPlace(looks, input);
  if (!looks.some(look => look.query === query))
    await changeSource(tx, tools, sourceId, { settings: search.adding(settings, query) }, now);
  return insertSerpQuery(tx, {
    id: newId(),
    brand_id: brandId,
    source_id: sourceId,
    query,
    region,
    device,
    created_at: now,
  });
}

interface SearchSource {
  source: SourceRow;
  kind: AnySourceKind;
  search: SearchWay<unknown>;
}

async function searchSource(tx: Tx, { sourceId, brandId }: SerpQueryInput): Promise<SearchSource> {
  const source = await lockSource(tx, sourceId);
  if (!source || source.archived_at !== null)
    throw new InputError(`There is no source ${sourceId}; GET /v1/sources lists them`, "sourceId");
  const kind = findSourceKind(source.kind);
  if (kind.search === undefined)
    throw new InputError(
      `Source ${sourceId} is of the kind ${kind.id}, which shows no search results; expected one such as yandex-search`,
      "sourceId",
    );
  if (!(await brandIdsOf(tx, sourceId)).includes(brandId))
    throw new InputError(
      `Source ${sourceId} does not serve brand ${brandId}; add it with PATCH /v1/sources/${sourceId}`,
      "brandId",
    );
  return { source, kind, search: kind.search };
}

function checkPlace(looks: readonly SearchAsk[], { region, device, sourceId }: SerpQueryInput): void {
  for (const [field, given] of [
    ["region", region],
    ["device", device],
  ] as const) {
    const known = [...new Set(looks.map(look => look[field]))];
    if (known.includes(given)) continue;
    throw new InputError(
      `${field} is "${given}"; the source looks at ${known.join(", ")}: add it with PATCH /v1/sources/${sourceId}`,
      field,
    );
  }
}
