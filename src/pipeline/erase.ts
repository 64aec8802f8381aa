import type { Tx } from "#store/db.ts";
import { allAuthors, eraseAuthorRows, erasureHashes, findAuthors } from "#store/erase.ts";
import { settleCases } from "./case-settling.ts";
import { nobody } from "./cases.ts";
import { authorHash } from "./ingest/erased.ts";

/**
 * Forgets an author of a source kind: name, id, texts, versions, quotes, notes and stored answers go, the
 * counts stay, and later copies of the texts are not taken in again. Returns how many documents were his;
 * undefined when nobody is known under that id.
 */
export async function eraseAuthor(
  tx: Tx,
  sourceKind: string,
  authorId: string,
  now: Date,
): Promise<number | undefined> {
  const authors = await findAuthors(tx, sourceKind, authorId);
  if (authors.length === 0) return undefined;
  const hashes = authors.map(author => authorHash(sourceKind, author.external_id));
  return forget(tx, { sourceKind, authors, hashes }, now);
}

/** Empties the rows and ends the cases in which nothing is left to answer. */
async function forget(tx: Tx, whose: Parameters<typeof eraseAuthorRows>[1], now: Date): Promise<number> {
  const { documentCount, caseIds } = await eraseAuthorRows(tx, whose, now);
  const causes = caseIds.map(caseId => ({
    caseId,
    outcome: "removed" as const,
    reopens: false,
    answeredAt: null,
  }));
  await settleCases(tx, causes, nobody, now);
  return documentCount;
}

/**
 * Applies the erasure list to everything stored, in the transaction of a restore: nobody reads what was
 * forgotten in between. Returns how many documents it emptied.
 */
export async function reapplyErasures(tx: Tx, now: Date): Promise<number> {
  const hashes = await erasureHashes(tx);
  let count = 0;
  for (const { source_kind: sourceKind, ...author } of hashes.size > 0 ? await allAuthors(tx) : []) {
    const hash = authorHash(sourceKind, author.external_id);
    if (!hashes.has(`${sourceKind} ${hash.toString("hex")}`)) continue;
    count += await forget(tx, { sourceKind, authors: [author], hashes: [hash] }, now);
  }
  return count;
}
