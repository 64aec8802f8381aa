import { compileBrands, type Matcher } from "#domain/query/match.ts";
import { parseQuery } from "#domain/query/parse.ts";
import type { BrandRow } from "#store/brand.ts";

/** What ingest must know of a brand. */
export interface WatchedBrand {
  id: string;
  own: boolean;
  queryVersion: number;
  query: string;
  officialAccounts: readonly { sourceKind: string; account: string }[];
}

export const watchedBrand = (row: BrandRow): WatchedBrand => ({
  id: row.id,
  own: row.competitor_of === null,
  queryVersion: row.query_version,
  query: row.query,
  officialAccounts: row.official_accounts,
});

const keptMatchers = 500;

/** Compiles the queries of a set of brands once per version of each; the oldest sets are forgotten. */
export function createMatchers(): (brands: readonly WatchedBrand[]) => Matcher {
  const kept = new Map<string, Matcher>();
  return brands => {
    const key = brands.map(brand => `${brand.id}:${brand.queryVersion}`).join();
    const matcher =
      kept.get(key) ??
      compileBrands(brands.map(brand => ({ brandId: brand.id, query: parseQuery(brand.query) })));
    kept.delete(key);
    kept.set(key, matcher);
    const oldest = kept.keys().next().value;
    if (kept.size > keptMatchers && oldest !== undefined) kept.delete(oldest);
    return matcher;
  };
}
