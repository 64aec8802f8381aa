import { compileBrands } from "#domain/query/match.ts";
import { parseQuery } from "#domain/query/parse.ts";
import type { Db } from "#store/db.ts";
import { newestTexts } from "#store/rematch.ts";
import { spansOf } from "./rematch.ts";

/** What a new query would do to the stored texts of a brand's sources; `complete` says that all were read. */
export interface RematchPreview {
  read: number;
  matched: number;
  gained: number;
  lost: number;
  complete: boolean;
}

/** The newest texts are enough to judge a query by. */
const texts = 2_000;

/** Counts without changing anything; a mistake in the query is a QuerySyntaxError. */
export async function previewRematch(db: Db, brandId: string, query: string): Promise<RematchPreview> {
  const matcher = compileBrands([{ brandId, query: parseQuery(query) }]);
  const rows = await newestTexts(db, brandId, texts + 1);
  const read = rows.slice(0, texts);
  const judged = read.map(text => ({
    now: text.isMention,
    next: text.human ?? spansOf(text, matcher) !== null,
  }));
  const count = (test: (one: { now: boolean; next: boolean }) => boolean) => judged.filter(test).length;
  return {
    read: read.length,
    matched: count(({ next }) => next),
    gained: count(({ now, next }) => next && !now),
    lost: count(({ now, next }) => now && !next),
    complete: rows.length <= texts,
  };
}
