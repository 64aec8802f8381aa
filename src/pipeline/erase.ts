import { inTransaction, type Tx } from "#store/db.ts";
import { eraseAuthorRows, findAuthors } from "#store/erase.ts";
import type { Deps } from "./deps.ts";
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
  return eraseAuthorRows(tx, { sourceKind, authors, hashes }, now);
}

/** Applies the erasure list to everything stored: the first thing after a restore. Returns how many documents it emptied. */
export async function reapplyErasures({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  const erased = await db.selectFrom("erasure").selectAll().execute();
  const wanted = new Map(erased.map(row => [`${row.source_kind} ${row.author_hash.toString("hex")}`, row]));
  if (wanted.size === 0) return 0;
  let count = 0;
  const authors = await db.selectFrom("author").select(["id", "source_kind", "external_id"]).execute();
  for (const author of authors) {
    const hash = authorHash(author.source_kind, author.external_id);
    if (!wanted.has(`${author.source_kind} ${hash.toString("hex")}`)) continue;
    count += await inTransaction(db, tx =>
      eraseAuthorRows(tx, { sourceKind: author.source_kind, authors: [author], hashes: [hash] }, clock()),
    );
  }
  return count;
}
