import type { AnyChannelKind } from "#channels/define.ts";
import { findChannelKind } from "#channels/registry.ts";
import { InputError } from "#domain/errors.ts";
import type { ChannelRow } from "#store/delivery.ts";
import type { SecretBox } from "./deps.ts";

/** Settings of a channel as its kind takes them, with the secrets in the clear: they go into requests and nowhere else. */
export function openSettings(row: ChannelRow, secrets: SecretBox): unknown {
  return findChannelKind(row.kind).settings.parse({ ...row.settings, ...opened(row, secrets) });
}

const opened = (row: ChannelRow, secrets: SecretBox) =>
  JSON.parse(secrets.open(row.secrets)) as Record<string, unknown>;

/**
 * What `read` makes of a channel's settings, null when they cannot be read, as after a key was lost: such a channel
 * is still listed, or nobody could find it and delete it.
 */
export function ifReadable<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** The secret settings that a channel has, in the clear; null when they cannot be read. */
export const secretSettings = (row: ChannelRow, secrets: SecretBox): Record<string, unknown> | null =>
  ifReadable(() => opened(row, secrets));

/** Names of the secret settings that a channel has. */
export function secretNames(row: ChannelRow, secrets: SecretBox): string[] {
  const hidden = secretSettings(row, secrets) ?? {};
  return findChannelKind(row.kind).secrets.filter(name => name in hidden);
}

/** Settings apart: what may be read, and what is sealed. */
export function splitSettings(
  kindId: string,
  settings: Record<string, unknown>,
): { open: Record<string, unknown>; hidden: Record<string, unknown> } {
  const secret = new Set(findChannelKind(kindId).secrets);
  const entries = Object.entries(settings);
  return {
    open: Object.fromEntries(entries.filter(([name]) => !secret.has(name))),
    hidden: Object.fromEntries(entries.filter(([name]) => secret.has(name))),
  };
}

export const nameOldKey = "name the old key in MOLVA_SECRET_KEYS_OLD";

/**
 * New settings over those that stay; null takes one away. An InputError where secrets that cannot be read any more would
 * be lost without a word.
 */
export function mergedSettings(
  before: ChannelRow,
  settings: Record<string, unknown>,
  secrets: SecretBox,
): Record<string, unknown> {
  const hidden = secretSettings(before, secrets);
  if (hidden === null) assertAnew(findChannelKind(before.kind), settings);
  const merged = Object.entries({ ...before.settings, ...hidden, ...settings });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}

function assertAnew(
  { secrets, optionalSecrets = [] }: AnyChannelKind,
  settings: Record<string, unknown>,
): void {
  const lost = "The channel's secrets cannot be read, as after MOLVA_SECRET_KEY was changed";
  if (!secrets.some(name => typeof settings[name] === "string"))
    throw new InputError(
      `${lost}: give them anew among the settings (${secrets.join(", ")}), or ${nameOldKey}`,
      "settings",
    );
  const unsaid = optionalSecrets.find(name => settings[name] === undefined);
  if (unsaid !== undefined)
    throw new InputError(
      `${lost}: give ${unsaid} anew, too, or null where there is none, or ${nameOldKey}`,
      `settings.${unsaid}`,
    );
}
