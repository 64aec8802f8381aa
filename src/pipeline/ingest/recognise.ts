import { fingerprint, isRepost } from "#domain/similarity.ts";
import type { Tx } from "#store/db.ts";
import { findBandMates, joinClusters } from "#store/document.ts";
import { newId } from "#store/id.ts";
import type { Placed } from "./place.ts";

/** Candidates read for one text; more share a band only by chance. */
const mateLimit = 8;

interface Text {
  id: string;
  text: string;
  authorId: string | null;
  site: string;
  sourceKind: string;
  clusterId: string | null;
}

/** Where a text that stood before belongs. */
interface Join {
  clusterId: string;
  documentId: string;
}

/**
 * Finds the new texts of a page that stood somewhere before, in the store or earlier on the page, and puts
 * them into the cluster of what they repeat. Returns the ids of the repeats.
 */
export async function recogniseReposts(tx: Tx, page: readonly Placed[], now: Date): Promise<Set<string>> {
  for (const { row } of page.filter(placed => placed.textChanged)) {
    const { bands } = fingerprint(row.text);
    row.repost_keys = bands.length > 0 ? bands : null;
  }
  const fresh = page
    .filter(placed => placed.known === null && placed.row.repost_keys !== null)
    .map(({ row }) => textOf(row));
  const stored = await findBandMates(
    tx,
    fresh.map(({ keys }, n) => ({ n, bands: keys })),
    mateLimit,
  );
  const byText = Map.groupBy(stored, mate => mate.n);
  const seen = new Map<number, Text[]>();
  const joins = new Map<string, Join>();
  const repeats = new Set<string>();
  for (const [n, text] of fresh.entries()) {
    const mates = [...(byText.get(n) ?? []), ...text.keys.flatMap(key => seen.get(key) ?? [])];
    const original = mates.find(mate => repeatsText(text, mate));
    if (original !== undefined) {
      repeats.add(text.id);
      join(text, original, joins);
    }
    for (const key of text.keys) seen.set(key, [...(seen.get(key) ?? []), text].slice(-mateLimit));
  }
  for (const { row } of page) row.cluster_id = joins.get(row.id)?.clusterId ?? row.cluster_id;
  await joinClusters(tx, [...joins.values()], new Set(fresh.map(text => text.id)), now);
  return repeats;
}

/** Puts a text beside its original, making their cluster if there is none. */
function join(text: Text, original: Text, joins: Map<string, Join>): void {
  const clusterId = original.clusterId ?? joins.get(original.id)?.clusterId ?? newId();
  if (original.clusterId === null) joins.set(original.id, { clusterId, documentId: original.id });
  joins.set(text.id, { clusterId, documentId: text.id });
}

const repeatsText = (text: Text, mate: Text) => isRepost(posted(text), posted(mate));

const posted = ({ text, authorId, site, sourceKind }: Text) => ({
  text,
  author: authorId,
  site: `${sourceKind} ${site}`,
});

const textOf = (row: Placed["row"]): Text & { keys: number[] } => ({
  keys: row.repost_keys ?? [],
  id: row.id,
  text: row.text,
  authorId: row.author_id,
  site: row.site,
  sourceKind: row.source_kind,
  clusterId: row.cluster_id,
});
