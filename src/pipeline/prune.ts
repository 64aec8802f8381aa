import { type Db, inTransaction, type Tx } from "#store/db.ts";
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

/** Deletes so many rows at most, or counts them all; returns how many. */
type Forget = (tx: Tx, limit: number, dryRun: boolean) => Promise<number>;

/** What is forgotten by the clock, in small transactions; with `dryRun` only counted. */
export async function forgetOld(
  { db, clock }: Pick<Deps, "db" | "clock">,
  dryRun = false,
): Promise<Record<string, number>> {
  const now = clock().getTime();
  const before = (keptMs: number) => new Date(now - keptMs);
  const kinds: Record<string, Forget> = {
    changes: (tx, limit, dry) => deleteOldChanges(tx, before(changesKeptMs), limit, dry),
    storedAnswers: (tx, limit, dry) => deleteOldStoredAnswers(tx, before(answersKeptMs), limit, dry),
    unmatchedDocuments: (tx, limit, dry) => deleteUnmatched(tx, before(unmatchedKeptMs), limit, dry),
    validators: deleteValidatorsOfArchived,
  };
  const counts: Record<string, number> = {};
  for (const [name, forget] of Object.entries(kinds)) counts[name] = await forgetAll(db, forget, dryRun);
  return counts;
}

async function forgetAll(db: Db, forget: Forget, dryRun: boolean): Promise<number> {
  if (dryRun) return inTransaction(db, tx => forget(tx, Number.MAX_SAFE_INTEGER, true));
  for (let total = 0; ; ) {
    const count = await inTransaction(db, tx => forget(tx, batch, false));
    total += count;
    if (count < batch) return total;
  }
}
