import { createHash } from "node:crypto";
import { erasedHashes } from "#store/author.ts";
import type { Tx } from "#store/db.ts";
import type { Draft } from "./draft.ts";

/** What the erasure list keeps of an author: no name, no id. */
export const authorHash = (sourceKind: string, authorKey: string): Buffer =>
  createHash("sha256").update(`${sourceKind}\n${authorKey}`).digest();

/** Texts that somebody wrote before asking to be forgotten: they do not come back. */
export async function forgetErased(
  tx: Tx,
  sourceKind: string,
  drafts: readonly Draft[],
): Promise<Set<Draft>> {
  const hashes = new Map<Draft, Buffer>();
  for (const draft of drafts)
    if (draft.authorKey !== null) hashes.set(draft, authorHash(sourceKind, draft.authorKey));
  const erased = await erasedHashes(tx, sourceKind, [...hashes.values()]);
  const forgotten = new Set<Draft>();
  for (const [draft, hash] of hashes) {
    const erasedAt = erased.get(hash.toString("hex"));
    if (erasedAt !== undefined && (draft.publishedAt === null || draft.publishedAt <= erasedAt))
      forgotten.add(draft);
  }
  return forgotten;
}
