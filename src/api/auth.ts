import { timingSafeEqual } from "node:crypto";
import { hashKey } from "#pipeline/keys.ts";
import type { Db } from "#store/db.ts";
import { findCallerKey, touchKey } from "#store/key.ts";
import type { Allow, Caller } from "./define.ts";
import { ProblemError } from "./problem.ts";

const shape = /^Bearer (molva_([A-Za-z0-9]{8})_[A-Za-z0-9_-]{20,100})$/;
/** A key that was good is believed this long without asking the database; one revoked elsewhere lives no longer. */
const believedMs = 2_000;
const touchedMs = 60_000;
const keptKeys = 10_000;

const unauthorized = () =>
  new ProblemError(
    401,
    "unauthorized",
    "Send `Authorization: Bearer molva_<id>_<secret>` with a key that is neither expired nor revoked",
  );

/** Knows callers by their keys. */
export interface Authenticator {
  /** The caller, or a 401. */
  identify(header: string | undefined, now: Date): Promise<Caller>;
  /** The id of a key that was good lately, without asking the database; null for any other. */
  recognise(header: string | undefined): string | null;
  /** Forgets what it believed of a key: it was revoked here. */
  forget(keyId: string): void;
}

type KeyRow = NonNullable<Awaited<ReturnType<typeof findCallerKey>>>;

export function createAuthenticator(db: Db): Authenticator {
  const believed = new Map<string, { row: KeyRow; until: number; touched: number }>();

  async function read(keyId: string, now: number): Promise<KeyRow> {
    const kept = believed.get(keyId);
    if (kept && kept.until > now) return kept.row;
    const row = await findCallerKey(db, keyId);
    if (!row) throw unauthorized();
    if (believed.size >= keptKeys) believed.clear();
    believed.set(keyId, { row, until: now + believedMs, touched: kept?.touched ?? 0 });
    return row;
  }

  async function touch(keyId: string, now: Date): Promise<void> {
    const kept = believed.get(keyId);
    if (!kept || now.getTime() - kept.touched < touchedMs) return;
    kept.touched = now.getTime();
    await touchKey(db, keyId, now);
  }

  return {
    identify: async (header, now) => {
      const match = shape.exec(header ?? "");
      if (!match) throw unauthorized();
      const [, key, keyId] = match as unknown as [string, string, string];
      const row = await read(keyId, now.getTime());
      const ended = row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now);
      if (ended || !timingSafeEqual(row.hash, hashKey(key))) throw unauthorized();
      await touch(keyId, now);
      const { name, role, person_id: personId, brand_ids: brandIds, skills } = row;
      return { keyId, name, role, personId, brandIds, skills };
    },
    recognise: header => {
      const [, key, keyId] = shape.exec(header ?? "") ?? [];
      const kept = keyId === undefined ? undefined : believed.get(keyId);
      return kept && timingSafeEqual(kept.row.hash, hashKey(key as string)) ? kept.row.id : null;
    },
    forget: keyId => {
      believed.delete(keyId);
    },
  };
}

/** Throws the 403 that says which roles may. */
export function assertAllowed(caller: Caller, allow: Exclude<Allow, "public">): void {
  if (allow.includes(caller.role)) return;
  throw new ProblemError(
    403,
    "forbidden",
    `The key "${caller.name}" has the role ${caller.role}; this needs ${allow.join(" or ")}`,
  );
}

/** Whether a key may see a brand. */
export const seesBrand = (caller: Caller, brandId: string): boolean =>
  caller.brandIds === null || caller.brandIds.includes(brandId);

/** Throws the 403 for a key limited to brands where a thing serves all of them. */
export function assertAllBrands({ name, brandIds }: Caller, things: string): void {
  if (brandIds === null) return;
  throw new ProblemError(
    403,
    "forbidden",
    `The key "${name}" is limited to brands, and ${things} serve all; use an admin key for all brands`,
  );
}
