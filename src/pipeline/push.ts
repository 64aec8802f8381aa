import { type Item, itemSchema } from "#domain/item.ts";
import { cleanText } from "#domain/text.ts";
import { inTransaction } from "#store/db.ts";
import { addToRun, endRun, insertRun } from "#store/run.ts";
import { findSource, type SourceRow, updateSource } from "#store/source.ts";
import type { RunTrigger } from "#store/tables.ts";
import type { Deps } from "./deps.ts";
import { ingestPage } from "./ingest/page.ts";
import { sourceFacts } from "./source-facts.ts";

/** One pushed text: an item as another system tells it. */
export interface PushedRow {
  sourceId: string;
  item: Item;
}

export interface PushResult {
  externalId: string;
  status: "created" | "updated" | "unchanged" | "rejected";
  mentionIds: string[];
  error?: string;
}

/** Makes an item of what a person or a file gave: texts cleaned, everything else as the item's schema says. */
export function pushedItem(input: unknown): Item {
  const item = itemSchema.parse(input);
  return { ...item, text: cleanText(item.text), title: item.title === null ? null : cleanText(item.title) };
}

/**
 * Stores pushed rows, each source in one transaction of its own, and answers row by row in the order given.
 * Rows of unknown, archived or foreign sources are rejected with the reason.
 */
export async function push(
  deps: Deps,
  rows: readonly PushedRow[],
  options: { trigger: RunTrigger; maySee: (source: SourceRow) => Promise<boolean> },
): Promise<PushResult[]> {
  const results = new Map<PushedRow, PushResult>();
  let alertCount = 0;
  for (const [sourceId, group] of Map.groupBy(rows, row => row.sourceId)) {
    const source = await findSource(deps.db, sourceId);
    if (!source || source.archived_at !== null || !(await options.maySee(source))) {
      const error = `There is no source ${sourceId} to push to; POST /v1/sources with kind "push" makes one`;
      for (const row of group)
        results.set(row, { externalId: row.item.externalId, status: "rejected", mentionIds: [], error });
      continue;
    }
    alertCount += await pushGroup(deps, source, group, options.trigger, results);
  }
  if (alertCount > 0) await deps.enqueue.notify();
  return rows.map(row => results.get(row) as PushResult);
}

async function pushGroup(
  deps: Deps,
  source: SourceRow,
  group: readonly PushedRow[],
  trigger: RunTrigger,
  results: Map<PushedRow, PushResult>,
): Promise<number> {
  const now = deps.clock();
  const items = group.map(row => row.item);
  const done = await inTransaction(deps.db, async tx => {
    const run = await insertRun(tx, source.id, trigger, now);
    const ingested = await ingestPage(tx, deps, sourceFacts(source).ingest, items, now);
    await addToRun(tx, run.id, {
      found: items.length,
      new: ingested.newCount,
      updated: ingested.updatedCount,
      duplicates: ingested.duplicateCount,
      pages: 1,
      bytes: 0,
    });
    await endRun(tx, run.id, { outcome: "ok", errorCode: null, error: null }, now);
    await updateSource(tx, source.id, { last_ok_at: now, health: "ok", stale_since: null });
    return ingested;
  });
  for (const row of group) {
    const found = done.statuses.get(row.item.externalId);
    const erased = found?.status === "erased";
    results.set(row, {
      externalId: row.item.externalId,
      status: found === undefined || found.status === "erased" ? "rejected" : found.status,
      mentionIds: found?.mentionIds ?? [],
      ...(erased ? { error: "The author of this text asked to be forgotten; it is not stored" } : {}),
    });
  }
  return done.alertCount;
}
