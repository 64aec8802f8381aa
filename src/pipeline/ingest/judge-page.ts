import type { Matcher } from "#domain/query/match.ts";
import { layersOf, type ScoreAll } from "#pipeline/score.ts";
import { type WatchedBrand, watchedBrand } from "#pipeline/watch.ts";
import { shareBrandsById } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import { findRepeats } from "#store/document.ts";
import { lockMentions, type MentionRow, mentionInput } from "#store/mention.ts";
import type { Scorer, ToneResult } from "#tone/define.ts";
import { type Judged, judge, judgeStored, type ToScore } from "./judge.ts";
import type { Placed } from "./place.ts";

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

interface Judging {
  page: readonly Placed[];
  /** Texts that stand as another source stored them. */
  stored: readonly Placed[];
  brands: readonly WatchedBrand[];
  answered: readonly string[];
  repeats: ReadonlySet<string>;
  now: Date;
}

/** The mentions of a page before and after it, scored all at once, and every brand that was asked. */
export async function judgePage(
  tx: Tx,
  tools: IngestTools,
  source: IngestSource,
  { page, stored, brands, answered, repeats, now }: Judging,
): Promise<{ judged: Judged[]; brands: Map<string, WatchedBrand> }> {
  const layers = await layersOf(tx, tools.scorer, [source.id]);
  const knownIds = page.flatMap(({ known }) => known?.id ?? []);
  const mentions = await lockMentions(tx, [...knownIds, ...stored.map(({ row }) => row.id), ...answered]);
  const byDocument = Map.groupBy(mentions, mention => mention.document_id);
  const asked = [...brands, ...(await othersOf(tx, page, byDocument, brands))];
  const context = {
    brands,
    matcher: tools.matchers(asked),
    layer: layers.get(source.id) ?? null,
    matchAll: source.matchAll,
    sourceId: source.id,
    sourceTitle: source.title,
    actFrom: source.actFrom,
    now,
  };
  const judged = await finished(
    [
      ...page.flatMap(placed => judge(placed, byDocument.get(placed.row.id) ?? [], context)),
      ...stored.flatMap(placed => judgeStored(placed, byDocument.get(placed.row.id) ?? [], context)),
    ],
    tools.scoreAll,
  );
  const repeated = await findRepeats(tx, documentIds(judged, stored));
  for (const { after } of judged)
    after.duplicate ||= repeats.has(after.document_id) || repeated.has(after.document_id);
  const elsewhere = answered
    .flatMap(id => byDocument.get(id) ?? [])
    .map(mention => ({
      before: mention,
      after: { ...mentionInput(mention), answered: true },
      aspects: [],
      scored: false,
    }));
  return { judged: [...judged, ...elsewhere], brands: new Map(asked.map(brand => [brand.id, brand])) };
}

/** Documents among these that got a mention now. */
const documentIds = (judged: readonly Judged[], among: readonly Placed[]): string[] => {
  const made = new Set(judged.map(({ after }) => after.document_id));
  return among.flatMap(({ row }) => (made.has(row.id) ? [row.id] : []));
};

/** Brands of other sources of the site that have a mention of a text which this page changes. */
async function othersOf(
  tx: Tx,
  page: readonly Placed[],
  byDocument: ReadonlyMap<string, readonly MentionRow[]>,
  brands: readonly WatchedBrand[],
): Promise<WatchedBrand[]> {
  const own = new Set(brands.map(({ id }) => id));
  const others = page
    .filter(({ textChanged }) => textChanged)
    .flatMap(({ row }) => byDocument.get(row.id) ?? [])
    .map(mention => mention.brand_id)
    .filter(brandId => !own.has(brandId));
  return (await shareBrandsById(tx, [...new Set(others)])).map(watchedBrand);
}

/** Scores what needs it, all at once. */
async function finished(planned: readonly (Judged | ToScore)[], scoreAll: ScoreAll): Promise<Judged[]> {
  const waiting = planned.flatMap(one => ("finish" in one ? [one] : []));
  const tones = waiting.length > 0 ? await scoreAll(waiting.map(({ input }) => input)) : [];
  const made = new Map(waiting.map((one, index) => [one, one.finish(tones[index] as ToneResult)]));
  return planned.map(one => ("finish" in one ? (made.get(one) as Judged) : one));
}
