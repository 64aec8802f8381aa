import { InputError } from "#domain/errors.ts";
import { checkTemplate } from "#domain/reply/template.ts";
import { cleanText } from "#domain/text.ts";
import { findBrand } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { insertTemplate, type TemplateRow, updateTemplate } from "#store/template.ts";
import type { Changes } from "./brands.ts";

/** A template as people give it; without a brand it is for all. */
export interface TemplateInput {
  brandId: string | null;
  name: string;
  language: string;
  aspect: string | null;
  tone: TemplateRow["tone"];
  text: string;
}

/** Makes a template; a mistake in its marks, or a name that means nothing, is an InputError. */
export async function createTemplate(
  tx: Tx,
  input: TemplateInput,
  personId: string | null,
  now: Date,
): Promise<TemplateRow> {
  await check(tx, input);
  const times = { created_at: now, updated_at: now };
  const { brandId, name, language, aspect, tone, text } = input;
  return insertTemplate(tx, {
    id: newId(),
    brand_id: brandId,
    name,
    language,
    aspect,
    tone,
    text: cleanText(text),
    created_by: personId,
    ...times,
  });
}

/** Changes a template; replies that were made from it stay as they are. Undefined for an unknown one. */
export async function changeTemplate(
  tx: Tx,
  id: string,
  changes: Changes<TemplateInput>,
  now: Date,
): Promise<TemplateRow | undefined> {
  await check(tx, changes);
  const { brandId, text, ...rest } = changes;
  const columns = { ...rest, brand_id: brandId, text: text === undefined ? undefined : cleanText(text) };
  const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  return updateTemplate(tx, id, { ...given, updated_at: now });
}

/** The template is offered no more; what was made from it stays. False for an unknown one. */
export const archiveTemplate = async (tx: Tx, id: string, now: Date): Promise<boolean> =>
  (await updateTemplate(tx, id, { archived_at: now, updated_at: now })) !== undefined;

async function check(tx: Tx, { brandId, text }: Changes<TemplateInput>): Promise<void> {
  if (text !== undefined) checkTemplate(cleanText(text));
  if (!brandId) return;
  const brand = await findBrand(tx, brandId);
  if (!brand || brand.archived_at !== null || brand.competitor_of !== null)
    throw new InputError(
      `brandId is ${brandId}; expected one of your own brands, or null for all`,
      "brandId",
    );
}
