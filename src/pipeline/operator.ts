import { writeAudit } from "#store/audit.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import type { Deps } from "./deps.ts";

/** What was done to which object, and to which fields of it. */
export interface Deed<T> {
  result: T;
  objectId: string | null;
  fields?: readonly string[];
}

/**
 * A change made from the command line: one transaction with its audit entry. The entry names neither a key
 * nor a person, which tells it from what came through the API.
 */
export async function byOperator<T>(
  { db, clock }: Pick<Deps, "db" | "clock">,
  { action, object }: { action: string; object: string },
  work: (tx: Tx, now: Date) => Promise<Deed<T>>,
): Promise<T> {
  const now = clock();
  return inTransaction(db, async tx => {
    const { result, objectId, fields = [] } = await work(tx, now);
    await writeAudit(tx, { keyId: null, personId: null, action, object, objectId, fields }, now);
    return result;
  });
}
