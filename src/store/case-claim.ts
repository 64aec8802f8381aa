import { sql } from "kysely";
import type { CaseRow } from "./case.ts";
import type { Db, Tx } from "./db.ts";

export interface ClaimWish {
  limit: number;
  leaseMs: number;
  /** null is all brands. */
  brandIds: readonly string[] | null;
  minPriority: number;
}

interface Claimer {
  personId: string | null;
  keyId: string | null;
}

/** The claim, its history and its entry in the log are one statement: a case leaves the queue with its trace. */
const claimed = (
  from: ReturnType<typeof sql>,
  { personId, keyId, leaseMs }: Claimer & { leaseMs: number },
  now: Date,
  also = sql``,
) => sql<CaseRow>`
  with chosen as (${from}),
  taken as (
    update "case" c set status = 'claimed', claimed_by = ${personId}::uuid, updated_at = ${now},
      claim_expires_at = ${new Date(now.getTime() + leaseMs)}::timestamptz, version = c.version + 1
    from chosen where c.id = chosen.id returning c.*),
  told as (
    insert into case_event (id, case_id, at, kind, version, person_id, key_id, data)
    select uuid_v7(), id, ${now}, 'claimed', version, ${personId}::uuid, ${keyId}, '{}' from taken),
  logged as (
    insert into change (seq, at, event, brand_id, subject_id)
    select seq_next(), ${now}, 'case.claimed', brand_id, id from taken)
  ${also}
  select * from taken order by priority desc, due_at, id`;

/**
 * Leases the most urgent free cases; cases that another transaction is taking are passed over. The audit is in
 * the same statement, so that it needs no transaction around it: claims come from many people at once.
 */
export async function claimCases(db: Db, wish: ClaimWish & Claimer, now: Date): Promise<CaseRow[]> {
  const brands = wish.brandIds === null ? sql`` : sql`and brand_id = any(${[...wish.brandIds]}::uuid[])`;
  const free = sql`
    select id from "case" where status = 'open' and priority >= ${wish.minPriority} ${brands}
    order by priority desc, due_at, id limit ${wish.limit} for update skip locked`;
  const audited = sql`,
  audited as (
    insert into audit (id, at, key_id, person_id, action, object, object_id)
    select uuid_v7(), ${now}, ${wish.keyId}, ${wish.personId}::uuid, 'claim', 'case', id::text from taken)`;
  return (await claimed(free, wish, now, audited).execute(db)).rows;
}

/** Leases one locked case, or prolongs the lease of the person who holds it: that is no new version. */
export async function claimOne(
  tx: Tx,
  row: CaseRow,
  claim: Claimer & { leaseMs: number },
  now: Date,
): Promise<CaseRow> {
  if (row.status === "open") {
    const { rows } = await claimed(sql`select ${row.id}::uuid as id`, claim, now).execute(tx);
    return rows[0] as CaseRow;
  }
  return tx
    .updateTable("case")
    .set({ claim_expires_at: new Date(now.getTime() + claim.leaseMs) })
    .where("id", "=", row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Cases whose holder let the lease run out go back to the queue, with their trace. Returns how many. */
export async function returnExpiredClaims(tx: Tx, now: Date): Promise<number> {
  const { rows } = await sql`
    with expired as (
      select id, claimed_by from "case" where status = 'claimed' and claim_expires_at <= ${now} limit 1000 for update skip locked),
    freed as (
      update "case" c set status = 'open', claimed_by = null, claim_expires_at = null, updated_at = ${now}, version = version + 1
      from expired where c.id = expired.id returning c.id, c.version, c.brand_id, expired.claimed_by),
    told as (
      insert into case_event (id, case_id, at, kind, version, person_id, key_id, data)
      select uuid_v7(), id, ${now}, 'lease-expired', version, null, null, jsonb_build_object('personId', claimed_by) from freed),
    logged as (
      insert into change (seq, at, event, brand_id, subject_id)
      select seq_next(), ${now}, 'case.lease-expired', brand_id, id from freed)
    select id from freed`.execute(tx);
  return rows.length;
}
