import type { Tx } from "#store/db.ts";
import { type Identity, lockThreads, setAnswers } from "#store/document.ts";
import { threadAnswers } from "./answer.ts";
import type { Placed } from "./place.ts";

/** Answers that official posts of this page give to other texts; those on the page are changed in place. Returns the stored texts answered. */
export async function answerThreads(
  tx: Tx,
  identity: Identity,
  page: readonly Placed[],
  now: Date,
): Promise<string[]> {
  const posts = page.filter(({ row }) => row.official !== null);
  if (posts.length === 0) return [];
  const onPage = new Map(page.map(placed => [placed.row.id, placed]));
  const stored = await lockThreads(tx, identity, [
    ...new Set(posts.flatMap(({ row }) => row.thread_id ?? [])),
  ]);
  const texts = [
    ...page.map(({ row }) => ({ ...thread(row), answerState: row.answer_state })),
    ...stored
      .filter(row => !onPage.has(row.id))
      .map(row => ({ ...thread(row), answerState: row.answer_state })),
  ];
  const found = threadAnswers(
    posts.map(({ row, draft }) => ({
      row,
      authorName: draft.item.author?.name ?? null,
      evidence: row.official as string,
    })),
    texts,
    now,
  );
  const elsewhere = [];
  for (const { id, ...answer } of found.values()) {
    const placed = onPage.get(id);
    if (placed) Object.assign(placed.row, answer);
    else elsewhere.push({ id, ...answer });
  }
  await setAnswers(tx, elsewhere);
  return elsewhere.map(answer => answer.id);
}

const thread = (row: {
  id: string;
  external_id: string;
  thread_id: string | null;
  occurred_at: Date;
  official: string | null;
}) => ({
  id: row.id,
  externalId: row.external_id,
  threadId: row.thread_id,
  occurredAt: row.occurred_at,
  official: row.official !== null,
});
