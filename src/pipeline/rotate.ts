import { MolvaError } from "#domain/errors.ts";
import { writeAudit } from "#store/audit.ts";
import { type Db, inTransaction } from "#store/db.ts";
import { readSealed, replaceSealed, sealedColumns, sealedIds } from "#store/sealed.ts";
import type { Deps, SecretBox } from "./deps.ts";

export interface Rotated {
  sealedCount: number;
  /** Rows whose key is not known any more. */
  unreadable: { object: string; id: string }[];
}

/**
 * Seals every stored secret anew with the current key, row by row: to stop and to run again does no harm,
 * and the program may go on running as long as both keys are set.
 */
export async function rotateSecrets({
  db,
  secrets,
  clock,
}: Pick<Deps, "db" | "secrets" | "clock">): Promise<Rotated> {
  const done: Rotated = { sealedCount: 0, unreadable: [] };
  for (const place of sealedColumns) {
    for (const id of await sealedIds(db, place)) {
      const before = await readSealed(db, place, id);
      if (before === undefined) continue;
      const text = opened(secrets, before);
      if (text === null) {
        done.unreadable.push({ object: place.table, id });
        continue;
      }
      const after = secrets.seal(text);
      await inTransaction(db, async tx => {
        if (!(await replaceSealed(tx, place, { id, before, after }))) return;
        done.sealedCount++;
        const entry = { keyId: null, personId: null, action: "reseal", object: place.table, objectId: id };
        await writeAudit(tx, { ...entry, fields: [place.column] }, clock());
      });
    }
  }
  return done;
}

/** How many secrets are stored, and how many of them no known key opens. */
export async function countUnreadable(
  db: Db,
  secrets: SecretBox,
): Promise<{ sealedCount: number; unreadableCount: number }> {
  let [sealedCount, unreadableCount] = [0, 0];
  for (const place of sealedColumns) {
    for (const id of await sealedIds(db, place)) {
      const sealed = await readSealed(db, place, id);
      if (sealed === undefined) continue;
      sealedCount++;
      if (opened(secrets, sealed) === null) unreadableCount++;
    }
  }
  return { sealedCount, unreadableCount };
}

/** Null when no key opens it: the key is another one, or the bytes are not those that were sealed. */
function opened(secrets: SecretBox, sealed: Buffer): string | null {
  try {
    return secrets.open(sealed);
  } catch (error) {
    if (error instanceof MolvaError || isCipherError(error)) return null;
    throw error;
  }
}

const isCipherError = (error: unknown): boolean =>
  error instanceof Error &&
  /unable to authenticate|Invalid (authentication tag|initialization vector)/i.test(error.message);
