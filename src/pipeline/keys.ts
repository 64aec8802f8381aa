import { createHash } from "node:crypto";
import { InputError } from "#domain/errors.ts";
import { findBrand } from "#store/brand.ts";
import type { Db, Tx } from "#store/db.ts";
import { findKey, hasWideAdminKey, insertKey, type KeyRow, revokeKey } from "#store/key.ts";
import { livingPeople } from "#store/person.ts";
import type { Role } from "#store/tables.ts";
import { addPerson } from "./people.ts";

/** What a key looks like: `molva_<8 characters of its id>_<secret>`. */
const keyShape = /^molva_([A-Za-z0-9]{8})_[A-Za-z0-9_-]{20,100}$/;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const idLength = 8;
const secretBytes = 32;

/** What is stored of a key. Its secret is 256 random bits, so a fast hash is enough. */
export const hashKey = (text: string): Buffer => createHash("sha256").update(text).digest();

/** A new key's text: 8 letters and digits that name it, and 32 random bytes in base64url. */
export function newKeyText(randomBytes: (size: number) => Uint8Array): string {
  const id: string[] = [];
  while (id.length < idLength) {
    // Bytes above the last whole multiple would make the first letters likelier.
    const fair = [...randomBytes(idLength)].filter(byte => byte < 256 - (256 % alphabet.length));
    id.push(...fair.map(byte => alphabet[byte % alphabet.length] as string));
  }
  const secret = Buffer.from(randomBytes(secretBytes)).toString("base64url");
  return `molva_${id.slice(0, idLength).join("")}_${secret}`;
}

export interface NewKey {
  text: string;
  name: string;
  role: Role;
  /** null is all brands. */
  brandIds: readonly string[] | null;
  /** Whose key it is; with `personName` a person is added for it; neither makes a service's key. */
  personId?: string | null;
  personName?: string;
  expiresAt: Date | null;
}

/** Stores a key by its hash. False when this very key is there already, revoked or not. */
export async function createKey(tx: Tx, key: NewKey, now: Date): Promise<boolean> {
  const id = keyShape.exec(key.text)?.[1];
  if (id === undefined)
    throw new InputError("The key is not molva_<8 letters or digits>_<20 to 100 characters>; make it anew");
  const hash = hashKey(key.text);
  const other = await findKey(tx, id);
  if (other?.hash.equals(hash)) return false;
  if (other) throw new InputError(`The id ${id} belongs to another key; make the key anew`);
  await check(tx, key, now);
  const person = key.personName === undefined ? null : await addPerson(tx, key.personName, now);
  await insertKey(tx, {
    id,
    hash,
    name: key.name,
    role: key.role,
    brand_ids: key.brandIds === null ? null : [...key.brandIds],
    person_id: person?.id ?? key.personId ?? null,
    expires_at: key.expiresAt,
    last_used_at: null,
    created_at: now,
    revoked_at: null,
  });
  return true;
}

async function check(tx: Tx, { personId, brandIds, expiresAt }: NewKey, now: Date): Promise<void> {
  if (personId && (await livingPeople(tx, [personId])).length === 0)
    throw new InputError(`There is no person ${personId}; POST /v1/people adds one`, "personId");
  if (expiresAt !== null && expiresAt <= now)
    throw new InputError(`expiresAt is ${expiresAt.toISOString()}; expected a time to come`, "expiresAt");
  for (const [index, brandId] of (brandIds ?? []).entries()) {
    if (!(await findBrand(tx, brandId)))
      throw new InputError(`There is no brand ${brandId}`, `brandIds.${index}`);
  }
}

/** Whether somebody can get in: a living admin key for all brands. */
export const hasAdminKey = (db: Db, now: Date): Promise<boolean> => hasWideAdminKey(db, now);

/** Ends a key that lies within these brands (null is all); undefined for another, unknown or ended one. */
export async function endKey(
  tx: Tx,
  id: string,
  brandIds: readonly string[] | null,
  now: Date,
): Promise<KeyRow | undefined> {
  const row = await findKey(tx, id);
  if (!row || !isWithin(row.brand_ids, brandIds)) return undefined;
  return (await revokeKey(tx, id, now)) ? row : undefined;
}

/** Whether one brand scope lies within another. */
export const isWithin = (inner: readonly string[] | null, outer: readonly string[] | null): boolean =>
  outer === null || (inner?.every(brandId => outer.includes(brandId)) ?? false);
