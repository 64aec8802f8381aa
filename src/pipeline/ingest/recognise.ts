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

/**
 * Finds the new texts of a page that stood somewhere before, in the store or earlier on the page, and puts
 * them into the cluster of what they repeat. Returns the ids of the repeats.
 */
export async function recogniseReposts(tx: Tx, page: readonly Placed[], now: Date): Promise<Set<string>> {
  for (const { row } of page.filter(placed => placed.textChanged)) {
    const { bands } = fingerprint(row.text);
    row.repost_keys = bands.length > 0 ? bands : null;
  }
  const fresh = page.filter(placed => placed.known === null && placed.row.repost_keys !== null);
  const stored = await findBandMates(
    tx,
    fresh.map((placed, n) => ({ n, bands: placed.row.repost_keys ?? [] })),
    mateLimit,
  );
  const onPage = new Map<number, Text[]>();
  const repeats = new Set<string>();
  const joins = new Map<string, { clusterId: string; documentId: string }>();
  for (const [n, { row }] of fresh.entries()) {
    const text = textOf(row);
    const mates = [
      ...stored.filter(mate => mate.n === n),
      ...(row.repost_keys ?? []).flatMap(band => onPage.get(band) ?? []),
    ];
    const original = mates.find(mate => mate.id !== text.id && repeatsText(text, mate));
    if (original !== undefined) {
      repeats.add(text.id);
      const clusterId = original.clusterId ?? joins.get(original.id)?.clusterId ?? newId();
      row.cluster_id = clusterId;
      if (original.clusterId === null) joins.set(original.id, { clusterId, documentId: original.id });
      joins.set(text.id, { clusterId, documentId: text.id });
    }
    for (const band of row.repost_keys ?? [])
      onPage.set(band, [...(onPage.get(band) ?? []), textOf(row)].slice(-mateLimit));
  }
  for (const placed of page)
    placed.row.cluster_id = joins.get(placed.row.id)?.clusterId ?? placed.row.cluster_id;
  const inserted = new Set(fresh.map(placed => placed.row.id));
  await joinClusters(tx, [...joins.values()], inserted, now);
  return repeats;
}

const repeatsText = (text: Text, mate: Text) => isRepost(posted(text), posted(mate));

const posted = ({ text, authorId, site, sourceKind }: Text) => ({
  text,
  author: authorId,
  site: `${sourceKind} ${site}`,
});

const textOf = (row: Placed["row"]): Text => ({
  id: row.id,
  text: row.text,
  authorId: row.author_id,
  site: row.site,
  sourceKind: row.source_kind,
  clusterId: row.cluster_id,
});
