import { type Selectable, sql } from "kysely";
import type { Db } from "./db.ts";
import type { DB } from "./tables.ts";

export type AuditRow = Selectable<DB["audit"]>;

export interface AuditFilter {
  object?: string | undefined;
  objectId?: string | undefined;
  keyId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  after: readonly [Date, string] | null;
  limit: number;
}

/** Entries of the audit, the latest first, after a position; `from` is included, `to` is not. */
export async function listAudit(db: Db, filter: AuditFilter): Promise<AuditRow[]> {
  const { object, objectId, keyId, from, to, after, limit } = filter;
  let query = db.selectFrom("audit").selectAll().orderBy("at", "desc").orderBy("id", "desc").limit(limit);
  if (object !== undefined) query = query.where("object", "=", object);
  if (objectId !== undefined) query = query.where("object_id", "=", objectId);
  if (keyId !== undefined) query = query.where("key_id", "=", keyId);
  if (from !== undefined) query = query.where("at", ">=", from);
  if (to !== undefined) query = query.where("at", "<", to);
  if (after !== null)
    query = query.where(sql<boolean>`(at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}
