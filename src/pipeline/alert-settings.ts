import type { z } from "zod";
import { type RuleKind, ruleSettings } from "#domain/alerts/kinds.ts";
import { readAs } from "#domain/complaint.ts";
import { InputError } from "#domain/errors.ts";
import { didYouMean } from "#domain/nearest.ts";
import { findSourceKind } from "#sources/registry.ts";
import { intentOrder } from "#tone/intents.ts";

type Settings = Record<string, unknown>;

/** Settings as a rule of that kind reads them, or an InputError that names every wrong field. */
export function checkedSettings(kind: RuleKind, settings: Settings): Settings {
  const read = checked(ruleSettings[kind], settings) as Settings;
  const named = (field: string) => ((read[field] as string[] | undefined) ?? []).entries();
  for (const [n, name] of named("sourceKinds"))
    checkAt(`settings.sourceKinds.${n}`, () => void findSourceKind(name));
  for (const [n, name] of named("intents")) checkAt(`settings.intents.${n}`, () => assertIntent(name));
  return read;
}

/** A rule about what no text ever has would wait for ever. */
function assertIntent(name: string): void {
  if (intentOrder.some(intent => intent === name)) return;
  const known = intentOrder.join(", ");
  throw new InputError(
    `There is no intent "${name}"${didYouMean(name, intentOrder)}; expected one of ${known}`,
  );
}

/** Names the field that a check of its value refuses. */
export function checkAt(path: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.message, path);
    throw error;
  }
}

/** What the schema makes of the settings, or an InputError that names every wrong field. */
export const checked = (schema: z.ZodType, settings: Settings): unknown =>
  readAs(schema, settings, { name: "settings" });
