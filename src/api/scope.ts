import { z } from "zod";
import { cleanText } from "#domain/text.ts";
import { sourceKinds } from "#sources/registry.ts";
import { seesBrand } from "./auth.ts";
import type { Caller } from "./define.ts";
import { notFound } from "./problem.ts";

/** Brands a list is about: those asked for, else all that the key may see; null is all brands. */
export function scopedBrands(
  caller: Caller,
  wanted: readonly string[] | undefined,
): readonly string[] | null {
  if (wanted === undefined) return caller.brandIds;
  const foreign = wanted.find(brandId => !seesBrand(caller, brandId));
  if (foreign !== undefined) throw notFound("brand", foreign);
  return wanted;
}

/** A text of a query or a path: what the database refuses or nobody sees is taken out. */
export const words = (maxLength: number) => z.string().min(1).max(maxLength).transform(cleanText);

/** A kind of source; one that does not exist would look like a list with nothing in it. */
export const sourceKindId = z.enum(sourceKinds.map(kind => kind.id));
