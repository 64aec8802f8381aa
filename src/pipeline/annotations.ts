import { InputError } from "#domain/errors.ts";
import { cleanText } from "#domain/text.ts";
import { type AnnotationRow, insertAnnotation, updateAnnotation } from "#store/annotation.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import type { Changes } from "./brands.ts";

/** A mark on the time axis as people give it. */
export interface AnnotationInput {
  brandId: string;
  kind: AnnotationRow["kind"];
  title: string;
  url: string | null;
  at: Date;
  /** null: it was a moment, not a time. */
  until: Date | null;
}

/** Sets a mark; one that ends before it begins is an InputError. */
export async function createAnnotation(
  tx: Tx,
  { brandId, title, ...rest }: AnnotationInput,
  personId: string | null,
  now: Date,
): Promise<AnnotationRow> {
  check(rest.at, rest.until);
  return insertAnnotation(tx, {
    ...rest,
    id: newId(),
    brand_id: brandId,
    title: cleanText(title),
    created_by: personId,
    created_at: now,
    updated_at: now,
  });
}

/** Moves or renames a mark; it stays with its brand. */
export async function changeAnnotation(
  tx: Tx,
  before: AnnotationRow,
  changes: Changes<Omit<AnnotationInput, "brandId">>,
  now: Date,
): Promise<AnnotationRow | undefined> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const after = { ...before, ...given };
  check(after.at, after.until);
  if (changes.title !== undefined) given["title"] = cleanText(changes.title);
  return updateAnnotation(tx, before.id, { ...given, updated_at: now });
}

function check(at: Date, until: Date | null): void {
  if (until === null || until > at) return;
  throw new InputError(
    `until is ${until.toISOString()} and at is ${at.toISOString()}; until must be after at, or null for a moment`,
    "until",
  );
}
