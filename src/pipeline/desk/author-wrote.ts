import { type AuthorText, lockCasesAwaiting } from "#store/case-pause.ts";
import type { Tx } from "#store/db.ts";
import { wakeOne } from "./pause.ts";

/** What is asked of a text that was stored just now. */
interface StoredText {
  known: unknown;
  textChanged: boolean;
  row: {
    id: string;
    author_id: string | null;
    thread_id: string | null;
    parent_external_id: string | null;
    official: string | null;
  };
}

/** Cases that wait for an author go back to the queue when he edits his text, or writes in its thread or in answer to it. */
export async function wakeForAuthors(
  tx: Tx,
  identity: { sourceKind: string; site: string },
  page: readonly StoredText[],
  now: Date,
): Promise<void> {
  const texts: AuthorText[] = page
    .filter(({ known, textChanged, row }) => row.official === null && (known === null || textChanged))
    .map(({ row }) => ({
      documentId: row.id,
      authorId: row.author_id,
      threadId: row.thread_id,
      parentExternalId: row.parent_external_id,
    }));
  for (const row of await lockCasesAwaiting(tx, identity, texts)) await wakeOne(tx, row, "author", now);
}
