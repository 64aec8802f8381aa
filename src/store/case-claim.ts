import { sql } from "kysely";
import type { CaseRow } from "./case.ts";
import { type CaseText, readText, textColumn } from "./case-read.ts";
import type { Db, Tx } from "./db.ts";

export interface ClaimWish {
  limit: number;
  leaseMs: number;
  /** null is all brands. */
  brandIds: readonly string[] | null;
  minPriority: number;
  /** Queues to take from: everybody's (null in it) and those of departments. */
  departmentIds: readonly (string | null)[];
  /** Languages that the claimer answers in; null is any. */
  languages: readonly string[] | null;
  /** Where the claimer answers; null is everywhere. */
  sourceKinds: readonly string[] | null;
}

interface Claimer {
  personId: string | null;
  keyId: string | null;
}

/** A case that was leased just now, with its text. */
export type ClaimedCase = CaseRow & { text: CaseText };

/**
 * The claim, its history and its entry in the log are one statement: a case leaves the queue with its trace.
 * `chosen` are its ids; as an array, because the planner takes their number for a tenth of the queue and would read all of it.
 */
const claimed = (
  chosen: ReturnType<typeof sql>,
  { personId, keyId, leaseMs }: Claimer & { leaseMs: number },
  now: Date,
  { also = sql``, shown = sql`` } = {},
) => sql<CaseRow>`
  with ${chosen},
  taken as (
    update "case" c set status = 'claimed', claimed_by = ${personId}::uuid, updated_at = ${now},
      claim_expires_at = ${new Date(now.getTime() + leaseMs)}::timestamptz, version = c.version + 1
    where c.id = any(array(select id from chosen)) returning c.*),
  told as (
    insert into case_event (id, case_id, at, kind, version, person_id, key_id, data)
    select uuid_v7(), id, ${now}, 'claimed', version, ${personId}::uuid, ${keyId}, '{}' from taken),
  logged as (
    insert into change (seq, at, event, brand_id, subject_id)
    select seq_next(), ${now}, 'case.claimed', brand_id, id from taken)
  ${also}
  select taken.* ${shown} from taken order by priority desc, due_at, id`;

/**
 * Leases the most urgent free cases, first those that the claimer was given; cases that another transaction is
 * taking are passed over. The audit and the cases' texts are in the same statement, which needs no transaction
 * around it: claims come from many people at once.
 */
export async function claimCases(db: Db, wish: ClaimWish & Claimer, now: Date): Promise<ClaimedCase[]> {
  const { brandIds, minPriority, limit } = wish;
  const brands = brandIds === null ? sql`` : sql`and brand_id = any(${[...brandIds]}::uuid[])`;
  const wanted = sql`status = 'open' ${brands}`;
  const chosen = sql`
  given as (
    select id from "case" where assignee_id = ${wish.personId}::uuid and priority >= ${minPriority} and ${wanted}
    order by priority desc, due_at, id limit ${limit} for update skip locked),
  free as (
    select id from "case" c where assignee_id is null and 100 - priority <= 100 - ${minPriority}::int and ${wanted}
      ${inQueues(wish)} ${bySkill(wish)}
    order by 100 - priority, due_at, id limit ${limit} - (select count(*) from given) for update of c skip locked),
  chosen as (select id from given union all select id from free)`;
  const audited = sql`,
  audited as (
    insert into audit (id, at, key_id, person_id, action, object, object_id)
    select uuid_v7(), ${now}, ${wish.keyId}, ${wish.personId}::uuid, 'claim', 'case',
      case when count(*) = 1 then min(id::text) end from taken having count(*) > 0)`;
  const shown = sql`, ${textColumn("taken.mention_id")}`;
  const { rows } = await claimed(chosen, wish, now, { also: audited, shown }).execute(db);
  return (rows as ClaimedCase[]).map(row => ({ ...row, text: readText(row.text) }));
}

function inQueues({ departmentIds }: ClaimWish) {
  const named = departmentIds.filter(id => id !== null);
  const own = sql`department_id = any(${named}::uuid[])`;
  if (!departmentIds.includes(null)) return sql`and ${own}`;
  return named.length === 0 ? sql`and department_id is null` : sql`and (department_id is null or ${own})`;
}

function bySkill({ languages, sourceKinds }: ClaimWish) {
  if (languages === null && sourceKinds === null) return sql``;
  const language = languages === null ? sql`` : sql`and m.language = any(${[...languages]}::text[])`;
  const kind = sourceKinds === null ? sql`` : sql`and m.source_kind = any(${[...sourceKinds]}::text[])`;
  return sql`and exists (select 1 from mention m where m.id = c.mention_id ${language} ${kind})`;
}

/** Leases one locked case, or prolongs the lease of the person who holds it: that is no new version. */
export async function claimOne(
  tx: Tx,
  row: CaseRow,
  claim: Claimer & { leaseMs: number },
  now: Date,
): Promise<CaseRow> {
  if (row.status === "open") {
    const { rows } = await claimed(sql`chosen as (select ${row.id}::uuid as id)`, claim, now).execute(tx);
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
