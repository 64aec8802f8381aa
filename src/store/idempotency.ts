import type { Tx } from "./db.ts";

export interface KeptAnswer {
  bodyHash: Buffer;
  status: number | null;
  answer: unknown;
  secret: boolean;
  subjectId: string | null;
}

/**
 * Takes a key for this call: null when it is the first, else what the first one answered. A second call at
 * the same time waits for the first one's transaction.
 */
export async function takeIdempotencyKey(
  tx: Tx,
  keyId: string,
  key: string,
  bodyHash: Buffer,
  now: Date,
): Promise<KeptAnswer | null> {
  const taken = await tx
    .insertInto("idempotency")
    .values({
      key_id: keyId,
      key,
      body_hash: bodyHash,
      status: null,
      answer: null,
      subject_id: null,
      created_at: now,
    })
    .onConflict(oc => oc.doNothing())
    .returning("key")
    .executeTakeFirst();
  if (taken) return null;
  const row = await tx
    .selectFrom("idempotency")
    .selectAll()
    .where("key_id", "=", keyId)
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
  return {
    bodyHash: row.body_hash,
    status: row.status,
    answer: row.answer,
    secret: row.secret,
    subjectId: row.subject_id,
  };
}

/** Keeps the answer for a repeated call, in the transaction of the change. */
export async function keepAnswer(
  tx: Tx,
  keyId: string,
  key: string,
  kept: { status: number; answer: unknown; secret: boolean; subjectId: string | null },
): Promise<void> {
  await tx
    .updateTable("idempotency")
    .set({
      status: kept.status,
      answer: kept.secret ? null : JSON.stringify(kept.answer ?? null),
      secret: kept.secret,
      subject_id: kept.subjectId,
    })
    .where("key_id", "=", keyId)
    .where("key", "=", key)
    .execute();
}
