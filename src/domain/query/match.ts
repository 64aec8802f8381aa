import type { Query } from "#domain/query/ast.ts";
import { evaluate, holds } from "#domain/query/evaluate.ts";
import { LeafIndex } from "#domain/query/leaf-index.ts";
import { LeafSet } from "#domain/query/leaves.ts";
import type { MatchedDocument } from "#domain/query/page.ts";
import { PageReader } from "#domain/query/page.ts";
import type { Plan } from "#domain/query/plan.ts";
import { coverOf, planOf } from "#domain/query/plan.ts";
import { matchReason, missReason } from "#domain/query/reason.ts";
import type { MatchSpan } from "#domain/query/spans.ts";
import { spansOf } from "#domain/query/spans.ts";

export interface BrandQuery {
  brandId: string;
  query: Query;
}

/** A brand that a document speaks about, and where; `spans` is empty when only author, url or source matched. */
interface BrandMatch {
  brandId: string;
  spans: MatchSpan[];
  reason: string;
}

/** Many queries as one; `match` never throws and is linear in the document's length. */
export interface Matcher {
  match(document: MatchedDocument): BrandMatch[];
}

interface CompiledBrand {
  brandId: string;
  plan: Plan;
}

/** Indexes the brands by words that each of their matches must have, so that a document wakes few of them. */
export function compileBrands(brands: readonly BrandQuery[]): Matcher {
  const leaves = new LeafSet();
  const compiled = brands.map(({ brandId, query }) => ({ brandId, plan: planOf(query.root, leaves) }));
  const awakened = brandsByLeaf(compiled);
  const reader = new PageReader(new LeafIndex(leaves.all), leaves.all);
  return {
    match(document) {
      const page = reader.read(document);
      const candidates = new Set<CompiledBrand>();
      for (const id of page.hits.keys()) for (const brand of awakened.get(id) ?? []) candidates.add(brand);
      const matches: BrandMatch[] = [];
      for (const { brandId, plan } of candidates) {
        const intervals = holds(plan, page) ? evaluate(plan, page) : null;
        if (intervals === null) continue;
        matches.push({ brandId, spans: spansOf(intervals, page), reason: matchReason(plan, page) });
      }
      return matches;
    },
  };
}

function brandsByLeaf(brands: readonly CompiledBrand[]): Map<number, CompiledBrand[]> {
  const byLeaf = new Map<number, CompiledBrand[]>();
  for (const brand of brands) {
    const cover = coverOf(brand.plan);
    if (cover === null) throw new Error("a query without a term that must be present passed the parser");
    for (const { id } of new Set(cover.leaves)) {
      const list = byLeaf.get(id);
      if (list === undefined) byLeaf.set(id, [brand]);
      else list.push(brand);
    }
  }
  return byLeaf;
}

/** Whether a query matches, where, and why or why not, in words. */
export interface Explanation {
  matched: boolean;
  spans: MatchSpan[];
  reason: string;
}

/** Tries a query on one document, or on a text alone. */
export function explainMatch(query: Query, tried: string | MatchedDocument): Explanation {
  const document =
    typeof tried === "string" ? { title: null, text: tried, author: null, url: null, source: null } : tried;
  const leaves = new LeafSet();
  const plan = planOf(query.root, leaves);
  const page = new PageReader(new LeafIndex(leaves.all), leaves.all).read(document);
  const intervals = evaluate(plan, page);
  if (intervals === null) return { matched: false, spans: [], reason: missReason(plan, page) };
  return { matched: true, spans: spansOf(intervals, page), reason: matchReason(plan, page) };
}
