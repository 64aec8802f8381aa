import { sql } from "kysely";
import { logChanges } from "./change.ts";
import type { Tx } from "./db.ts";

export interface AuthorId {
  id: string;
  external_id: string;
}

/** Authors of a kind under this id, on whatever site; those without an id are known by `name:…`. */
export async function findAuthors(tx: Tx, sourceKind: string, authorId: string): Promise<AuthorId[]> {
  return tx
    .selectFrom("author")
    .select(["id", "external_id"])
    .where("source_kind", "=", sourceKind)
    .where("external_id", "in", [authorId, `name:${authorId}`])
    .orderBy("id")
    .forUpdate()
    .execute();
}

/**
 * Empties everything that could tell who wrote what. Documents and mentions stay as numbers, so that counts
 * do not move; mentions leave every list as deleted. Returns the number of documents.
 */
export async function eraseAuthorRows(
  tx: Tx,
  {
    sourceKind,
    authors,
    hashes,
  }: { sourceKind: string; authors: readonly AuthorId[]; hashes: readonly Buffer[] },
  now: Date,
): Promise<number> {
  await tx
    .insertInto("erasure")
    .values(hashes.map(hash => ({ source_kind: sourceKind, author_hash: hash, erased_at: now })))
    .onConflict(oc => oc.doNothing())
    .execute();
  const ids = authors.map(author => author.id);
  const documents = await tx
    .updateTable("document")
    .set({
      title: null,
      text: "",
      url: null,
      thread_title: null,
      answer: null,
      repost_keys: null,
      cluster_id: null,
      author_id: null,
      content_hash: "",
      fact_hash: "",
      engagement: "{}",
      observation: null,
      erased_at: now,
    })
    .where("author_id", "in", ids)
    .returning("id")
    .execute();
  const documentIds = documents.map(document => document.id);
  if (documentIds.length > 0) await eraseOfDocuments(tx, documentIds, now);
  await tx.updateTable("mention").set({ author_id: null }).where("author_id", "in", ids).execute();
  await tx.deleteFrom("author").where("id", "in", ids).execute();
  return documentIds.length;
}

async function eraseOfDocuments(tx: Tx, documentIds: readonly string[], now: Date): Promise<void> {
  await tx.deleteFrom("document_version").where("document_id", "in", documentIds).execute();
  const mentions = await tx
    .updateTable("mention")
    .set({ spans: "[]", seq: sql<number>`seq_next()`, author_id: null })
    .where("document_id", "in", documentIds)
    .returning(["id", "seq", "brand_id", "case_id"])
    .execute();
  const mentionIds = mentions.map(mention => mention.id);
  const caseIds = mentions.flatMap(mention => mention.case_id ?? []);
  if (mentionIds.length > 0) {
    await tx.updateTable("mention_aspect").set({ quote: "" }).where("mention_id", "in", mentionIds).execute();
    await eraseStoredAnswers(tx, [...mentionIds, ...caseIds, ...documentIds]);
  }
  if (caseIds.length > 0) await tx.deleteFrom("case_note").where("case_id", "in", caseIds).execute();
  await logChanges(
    tx,
    mentions.map(({ id, seq, brand_id }) => ({
      event: "mention.updated",
      brandId: brand_id,
      subjectId: id,
      seq,
    })),
    now,
  );
}

/** Answers kept for repeated calls that name one of these ids. */
async function eraseStoredAnswers(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    delete from idempotency where answer is not null
    and exists (select 1 from unnest(${[...ids]}::text[]) as id where answer::text like '%' || id || '%')`.execute(
    tx,
  );
}
