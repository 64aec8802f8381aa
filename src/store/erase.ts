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

/** Every author with its kind. */
export async function allAuthors(tx: Tx): Promise<(AuthorId & { source_kind: string })[]> {
  return tx.selectFrom("author").select(["id", "source_kind", "external_id"]).execute();
}

/** The erasure list: `<source kind> <hash in hex>`. */
export async function erasureHashes(tx: Tx): Promise<Set<string>> {
  const rows = await tx.selectFrom("erasure").select(["source_kind", "author_hash"]).execute();
  return new Set(rows.map(row => `${row.source_kind} ${row.author_hash.toString("hex")}`));
}

/**
 * Empties everything that could tell who wrote what. Documents and mentions stay as numbers, so that counts
 * do not move; mentions leave every list as deleted. Returns how many documents, and the cases they were in.
 */
export async function eraseAuthorRows(
  tx: Tx,
  {
    sourceKind,
    authors,
    hashes,
  }: { sourceKind: string; authors: readonly AuthorId[]; hashes: readonly Buffer[] },
  now: Date,
): Promise<{ documentCount: number; caseIds: string[] }> {
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
      official: null,
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
  const caseIds = documentIds.length > 0 ? await eraseOfDocuments(tx, documentIds, now) : [];
  await tx.updateTable("mention").set({ author_id: null }).where("author_id", "in", ids).execute();
  await tx.deleteFrom("author").where("id", "in", ids).execute();
  return { documentCount: documentIds.length, caseIds };
}

async function eraseOfDocuments(tx: Tx, documentIds: readonly string[], now: Date): Promise<string[]> {
  await tx.deleteFrom("document_version").where("document_id", "in", documentIds).execute();
  await tx
    .updateTable("reply")
    .set({ text: "", reason: null })
    .where("document_id", "in", documentIds)
    .execute();
  const mentions = await tx
    .updateTable("mention")
    .set({ spans: "[]", seq: sql<number>`seq_next()`, author_id: null })
    .where("document_id", "in", documentIds)
    .returning(["id", "seq", "brand_id", "case_id"])
    .execute();
  const mentionIds = mentions.map(mention => mention.id);
  const caseIds = [...new Set(mentions.flatMap(mention => mention.case_id ?? []))];
  if (mentionIds.length > 0) {
    await tx.updateTable("mention_aspect").set({ quote: "" }).where("mention_id", "in", mentionIds).execute();
    await eraseSentTexts(tx, mentionIds);
  }
  await eraseStoredAnswers(tx, [...mentionIds, ...caseIds, ...documentIds]);
  if (caseIds.length > 0) {
    await tx.deleteFrom("case_note").where("case_id", "in", caseIds).execute();
    await tx.updateTable("case").set({ answer_url: null }).where("id", "in", caseIds).execute();
  }
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
  return caseIds;
}

/** Receivers may answer with what we sent them. */
async function eraseSentTexts(tx: Tx, mentionIds: readonly string[]): Promise<void> {
  await tx
    .updateTable("delivery_attempt")
    .set({ answer: null, problem: null })
    .where("delivery_id", "in", eb =>
      eb
        .selectFrom("delivery_alert")
        .innerJoin("alert", "alert.id", "delivery_alert.alert_id")
        .select("delivery_alert.delivery_id")
        .where("alert.mention_id", "in", mentionIds),
    )
    .execute();
}

/** Answers kept for repeated calls that name one of these ids. */
async function eraseStoredAnswers(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    delete from idempotency where answer is not null
    and exists (select 1 from unnest(${[...ids]}::text[]) as id where answer::text like '%' || id || '%')`.execute(
    tx,
  );
}
