import { inTransaction } from "#store/db.ts";
import {
  deleteOldChanges,
  deleteOldStoredAnswers,
  deleteUnmatched,
  deleteValidatorsOfArchived,
} from "#store/prune.ts";
import type { Deps } from "./deps.ts";

const dayMs = 86_400_000;
/** The stream can be resumed for so long. */
const changesKeptMs = 7 * dayMs;
/** A repeated call finds its first answer for so long. */
const answersKeptMs = dayMs;
/** Texts that no brand matched wait so long for a query that does. */
const unmatchedKeptMs = 30 * dayMs;
const batch = 5_000;

/** What is forgotten by the clock, in small transactions; with `dryRun` only counted. */
export async function forgetOld(
  { db, clock }: Pick<Deps, "db" | "clock">,
  dryRun = false,
): Promise<Record<string, number>> {
  const now = clock().getTime();
  const before = (keptMs: number) => new Date(now - keptMs);
  const kinds = {
    changes: (limit: number, tx: Parameters<typeof deleteOldChanges>[0]) =>
      deleteOldChanges(tx, before(changesKeptMs), limit, dryRun),
    storedAnswers: (limit: number, tx: Parameters<typeof deleteOldChanges>[0]) =>
      deleteOldStoredAnswers(tx, before(answersKeptMs), limit, dryRun),
    unmatchedDocuments: (limit: number, tx: Parameters<typeof deleteOldChanges>[0]) =>
      deleteUnmatched(tx, before(unmatchedKeptMs), limit, dryRun),
    validators: (limit: number, tx: Parameters<typeof deleteOldChanges>[0]) =>
      deleteValidatorsOfArchived(tx, limit, dryRun),
  };
  const counts: Record<string, number> = {};
  for (const [name, forget] of Object.entries(kinds)) {
    counts[name] = 0;
    for (;;) {
      const count = await inTransaction(db, tx => forget(dryRun ? Number.MAX_SAFE_INTEGER : batch, tx));
      counts[name] += count;
      if (dryRun || count < batch) break;
    }
  }
  return counts;
}
