import { type Item, itemSchema } from "#domain/item.ts";
import { cleanText } from "#domain/text.ts";
import type { Tx } from "#store/db.ts";
import { addToRun, endRun, insertRun } from "#store/run.ts";
import { type SourceRow, updateSource } from "#store/source.ts";
import type { RunTrigger } from "#store/tables.ts";
import type { IngestTools } from "./ingest/judge-page.ts";
import { type Ingested, ingestPage } from "./ingest/page.ts";
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
 * Stores pushed rows in the caller's transaction and answers row by row in the order given. Rows of unknown,
 * archived or foreign sources are rejected with the reason.
 */
export async function push(
  tx: Tx,
  tools: IngestTools,
  rows: readonly PushedRow[],
  options: { trigger: RunTrigger; maySee: (source: SourceRow) => Promise<boolean>; now: Date },
): Promise<{ results: PushResult[]; alertCount: number }> {
  const results = new Map<PushedRow, PushResult>();
  let alertCount = 0;
  const bySource = [...Map.groupBy(rows, row => row.sourceId)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [sourceId, group] of bySource) {
    const source = await takeTurn(tx, sourceId);
    if (!source || source.archived_at !== null || !(await options.maySee(source))) {
      const error = `There is no source ${sourceId} to push to; POST /v1/sources with kind "push" makes one`;
      for (const row of group)
        results.set(row, { externalId: row.item.externalId, status: "rejected", mentionIds: [], error });
      continue;
    }
    const done = await pushGroup(tx, tools, source, group, options);
    alertCount += done.alertCount;
    for (const row of group) results.set(row, resultOf(row, done));
  }
  return { results: rows.map(row => results.get(row) as PushResult), alertCount };
}

/** The source, held against other pushes to it: two of them may bring the same new text. */
const takeTurn = (tx: Tx, id: string): Promise<SourceRow | undefined> =>
  tx.selectFrom("source").selectAll().where("id", "=", id).forNoKeyUpdate().executeTakeFirst();

async function pushGroup(
  tx: Tx,
  tools: IngestTools,
  source: SourceRow,
  group: readonly PushedRow[],
  { trigger, now }: { trigger: RunTrigger; now: Date },
): Promise<Ingested> {
  const items = group.map(row => row.item);
  const run = await insertRun(tx, source.id, trigger, now);
  const done = await ingestPage(tx, tools, sourceFacts(source).ingest, items, now);
  await addToRun(tx, run.id, {
    found: items.length,
    new: done.newCount,
    updated: done.updatedCount,
    duplicates: done.duplicateCount,
    pages: 1,
    bytes: 0,
  });
  await endRun(tx, run.id, { outcome: "ok", errorCode: null, error: null }, now);
  await updateSource(tx, source.id, { last_ok_at: now, health: "ok", stale_since: null });
  return done;
}

function resultOf({ item }: PushedRow, { statuses }: Ingested): PushResult {
  const found = statuses.get(item.externalId);
  if (found === undefined || found.status === "erased") {
    const error = "The author of this text asked to be forgotten; it is not stored";
    return { externalId: item.externalId, status: "rejected", mentionIds: [], error };
  }
  return { externalId: item.externalId, status: found.status, mentionIds: found.mentionIds };
}
