import { sql } from "kysely";
import type { Tx } from "./db.ts";

/**
 * Moves the mentions of one case to another, with their replies and what was merged into it before; each mention
 * gets a new number, for incremental readers.
 */
export async function moveMentions(tx: Tx, fromId: string, intoId: string) {
  await tx.updateTable("case").set({ merged_into: intoId }).where("merged_into", "=", fromId).execute();
  await tx.updateTable("reply").set({ case_id: intoId }).where("case_id", "=", fromId).execute();
  return tx
    .updateTable("mention")
    .set({ case_id: intoId, seq: sql<number>`seq_next()` })
    .where("case_id", "=", fromId)
    .returning(["id", "brand_id", "seq"])
    .execute();
}
