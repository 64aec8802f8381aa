import type { Tx } from "./db.ts";
import { newId } from "./id.ts";

/** Who did what to which object, and which fields changed; never their values. */
export interface AuditEntry {
  keyId: string | null;
  personId: string | null;
  action: string;
  object: string;
  objectId: string | null;
  fields?: readonly string[];
}

/** Appends to the audit, in the transaction of the deed; nobody can change it afterwards. */
export async function writeAudit(tx: Tx, entry: AuditEntry, now: Date): Promise<void> {
  await tx
    .insertInto("audit")
    .values({
      id: newId(),
      at: now,
      key_id: entry.keyId,
      person_id: entry.personId,
      action: entry.action,
      object: entry.object,
      object_id: entry.objectId,
      fields: [...(entry.fields ?? [])],
    })
    .execute();
}
