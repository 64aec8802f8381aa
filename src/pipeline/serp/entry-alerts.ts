import type { Firing } from "#domain/alerts/firing.ts";
import { type RuleSettings, settingsOf } from "#domain/alerts/kinds.ts";
import {
  entriesIn,
  type SerpEntry,
  type SerpLookFact,
  type TrackedPhrase,
} from "#domain/alerts/serp-entry.ts";
import { alertOf, raiseAlerts } from "#pipeline/alerts.ts";
import { activeRules } from "#store/alert.ts";
import { findBrand } from "#store/brand.ts";
import type { Db, Tx } from "#store/db.ts";
import { mentionsOfPages, type PastLook, pastLooks } from "#store/serp-alert.ts";
import { type JudgedLook, judgeLooks, type NewLook } from "./look.ts";

/** Raises serp-entry alerts for looks that were stored just now; returns how many fired. */
export async function raiseEntries(tx: Tx, looks: readonly NewLook[], now: Date): Promise<number> {
  const brandIds = [...new Set(looks.map(({ brandId }) => brandId))];
  const found = (await activeRules(tx, brandIds, ["serp-entry"])).flatMap(rule => {
    const settings = settingsOf("serp-entry", rule.settings);
    return looks
      .filter(({ brandId }) => brandId === rule.brand_id)
      .flatMap(({ phrase, look }) => entriesIn(settings, factOf(phrase, look)))
      .map(entry => ({ rule, ...entry }));
  });
  const alerts = (await withMentions(tx, found)).map(({ rule, firing }) => alertOf(rule, firing, now));
  return raiseAlerts(tx, alerts, now);
}

/** Looks that one preview reads, at most, and at a time. */
const mostLooks = 10_000;
const perBatch = 250;

/**
 * What a rule would have fired for in the looks of a stretch, by what is said of the pages today. Each page of a query
 * is told of once.
 */
export async function pastEntries(
  db: Db,
  settings: RuleSettings<"serp-entry">,
  past: { brandId: string; from: Date; to: Date },
): Promise<{ firings: Firing[]; complete: boolean }> {
  const officialAccounts = (await findBrand(db, past.brandId))?.official_accounts ?? [];
  const entries = new Map<string, SerpEntry>();
  let after: readonly [Date, string] | null = null;
  let complete = false;
  for (let read = 0; read < mostLooks && !complete; read += perBatch) {
    const batch: PastLook[] = await pastLooks(db, past, after, perBatch);
    const kinds = new Map(batch.map(({ queryId, sourceKind }) => [queryId, sourceKind]));
    const ownerOf = (queryId: string) => ({ sourceKind: kinds.get(queryId) ?? "", officialAccounts });
    const looks = await judgeLooks(db, batch, ownerOf);
    const found = batch.flatMap(one => {
      const look = looks.get(one.id);
      return look ? entriesIn(settings, factOf(one, look)) : [];
    });
    for (const entry of found)
      if (!entries.has(entry.firing.subject)) entries.set(entry.firing.subject, entry);
    const last = batch.at(-1);
    complete = batch.length < perBatch;
    if (last) after = [last.takenAt, last.id];
  }
  const linked = await withMentions(db, [...entries.values()]);
  return { firings: linked.map(({ firing }) => firing), complete };
}

const factOf = (
  { queryId, sourceId, query, region, device }: TrackedPhrase,
  { takenAt, sharedDepth, results }: JudgedLook,
): SerpLookFact => ({ queryId, sourceId, query, region, device, at: takenAt, sharedDepth, results });

/** Entries with the mentions that their results are, so that a message may show the words. */
async function withMentions<Entry extends SerpEntry>(db: Db, entries: readonly Entry[]): Promise<Entry[]> {
  const mentions = await mentionsOfPages(db, entries);
  return entries.map(entry => {
    const mention = mentions.get(`${entry.queryId}:${entry.pageId}`);
    return mention ? { ...entry, firing: { ...entry.firing, ...mention } } : entry;
  });
}
