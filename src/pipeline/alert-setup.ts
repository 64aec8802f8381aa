import type { AnyChannelKind, RandomBytes } from "#channels/define.ts";
import { findChannelKind } from "#channels/registry.ts";
import { lookEveryMs } from "#domain/alerts/kinds.ts";
import type { RuleTiming } from "#domain/alerts/timing.ts";
import { InputError } from "#domain/errors.ts";
import type { AlertRuleRow } from "#store/alert.ts";
import {
  failWaiting,
  insertChannel,
  insertRule,
  livingChannelIds,
  lockChannel,
  lockRule,
  updateChannel,
  updateRule,
} from "#store/alert-setup.ts";
import { findBrand } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import type { ChannelRow } from "#store/delivery.ts";
import { newId } from "#store/id.ts";
import { releaseRule } from "#store/silence.ts";
import { checkAt, checked, checkedSettings } from "./alert-settings.ts";
import type { Changes } from "./brands.ts";
import {
  ifReadable,
  mergedSettings,
  nameOldKey,
  openSettings,
  secretSettings,
  splitSettings,
} from "./channel-settings.ts";
import type { SecretBox } from "./deps.ts";

type Settings = Record<string, unknown>;

export interface ChannelTools {
  secrets: SecretBox;
  randomBytes: RandomBytes;
  /** Throws InputError for an address that the egress guard refuses. */
  checkAddress: (url: string) => void;
}

export interface ChannelInput {
  kind: string;
  name: string;
  settings: Settings;
  /** Whether messages carry the words of mentions and the names of their authors. */
  fullText: boolean;
  enabled: boolean;
}

/** Makes a channel; secrets that are ours to make are made, and returned this once. */
export async function createChannel(
  tx: Tx,
  tools: ChannelTools,
  input: ChannelInput,
  now: Date,
): Promise<{ row: ChannelRow; issued: Record<string, string> }> {
  const kind = findChannelKind(input.kind);
  const issued = Object.fromEntries(
    Object.entries(kind.issues ?? {})
      .filter(([field]) => input.settings[field] === undefined)
      .map(([field, make]) => [field, make(tools.randomBytes)]),
  );
  const row = await insertChannel(tx, {
    id: newId(),
    kind: kind.id,
    name: input.name,
    ...sealed(kind, { ...input.settings, ...issued }, tools),
    full_text: input.fullText,
    enabled: input.enabled,
    ...mended,
    updated_at: now,
  });
  return { row, issued };
}

/**
 * Changes a channel: settings given replace those of the same name, null takes one away. New settings mend it, and so
 * does switching it on, so what waited for it goes out. Undefined for an unknown or archived one.
 */
export async function changeChannel(
  tx: Tx,
  tools: ChannelTools,
  id: string,
  { name, settings, fullText, enabled }: Changes<Omit<ChannelInput, "kind">>,
  now: Date,
): Promise<ChannelRow | undefined> {
  const before = await lockChannel(tx, id);
  if (!before) return undefined;
  return updateChannel(tx, id, {
    ...(name === undefined ? {} : { name }),
    ...(settings === undefined
      ? {}
      : sealed(findChannelKind(before.kind), mergedSettings(before, settings, tools.secrets), tools)),
    ...(fullText === undefined ? {} : { full_text: fullText }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(settings !== undefined || (enabled === true && canBeOpened(before, tools)) ? mended : {}),
    updated_at: now,
  });
}

const mended = { broken_since: null, broken_why: null };

/** What waits for a channel that cannot be opened would fail: it stays broken until it gets its secrets anew. */
const canBeOpened = (row: ChannelRow, { secrets }: ChannelTools): boolean =>
  ifReadable(() => openSettings(row, secrets)) !== null;

/**
 * Makes a new signing secret and keeps signing with the old one too for `overlapMs`. The new one is returned this
 * once; undefined for an unknown or archived channel.
 */
export async function rotateSecret(
  tx: Tx,
  tools: ChannelTools,
  id: string,
  overlapMs: number,
  now: Date,
): Promise<{ row: ChannelRow; issued: Record<string, string> } | undefined> {
  const before = await lockChannel(tx, id);
  if (!before) return undefined;
  const make = findChannelKind(before.kind).issues?.["secret"];
  if (make === undefined)
    throw new InputError(`A channel of kind ${before.kind} has no signing secret to rotate; webhooks have`);
  const old = secretSettings(before, tools.secrets)?.["secret"];
  if (old === undefined && overlapMs > 0)
    throw new InputError(
      `The old secret cannot be read, as after MOLVA_SECRET_KEY was changed, so nothing can be signed with it: repeat with overlapHours 0, or ${nameOldKey}`,
      "overlapHours",
    );
  const secret = make(tools.randomBytes);
  const kept =
    overlapMs > 0
      ? { previousSecret: old, previousUntil: new Date(now.getTime() + overlapMs).toISOString() }
      : { previousSecret: null, previousUntil: null };
  const row = await changeChannel(tx, tools, id, { settings: { secret, ...kept } }, now);
  return row && { row, issued: { secret } };
}

/** Sends nothing more through a channel; what waited for it has failed. False for an unknown or archived one. */
export async function archiveChannel(tx: Tx, id: string, now: Date): Promise<boolean> {
  if (!(await lockChannel(tx, id))) return false;
  await updateChannel(tx, id, { archived_at: now, updated_at: now });
  await failWaiting(tx, id, "The channel was deleted before the message was sent.", now);
  return true;
}

/** Settings as the kind takes them, apart: what may be read, and the rest under seal. */
function sealed(kind: AnyChannelKind, settings: Settings, { secrets, checkAddress }: ChannelTools) {
  const read = checked(kind.settings, settings) as Settings;
  for (const [name, value] of Object.entries(read)) {
    if (typeof value === "string" && /^https?:/i.test(value))
      checkAt(`settings.${name}`, () => checkAddress(value));
  }
  const { open, hidden } = splitSettings(kind.id, read);
  return { settings: open, secrets: secrets.seal(JSON.stringify(hidden)) };
}

export interface RuleInput {
  brandId: string;
  kind: AlertRuleRow["kind"];
  name: string;
  settings: Settings;
  channelIds: string[];
  timing: RuleTiming;
  enabled: boolean;
}

/** Makes a rule for a brand that is watched. */
export async function createRule(tx: Tx, input: RuleInput, now: Date): Promise<AlertRuleRow> {
  const brand = await findBrand(tx, input.brandId);
  if (!brand || brand.archived_at !== null)
    throw new InputError(
      `brandId is ${input.brandId}; expected the id of a brand that is watched`,
      "brandId",
    );
  await assertChannels(tx, channelsOf(input));
  return insertRule(tx, {
    id: newId(),
    brand_id: input.brandId,
    kind: input.kind,
    name: input.name,
    settings: checkedSettings(input.kind, input.settings),
    channel_ids: input.channelIds,
    timing: input.timing,
    enabled: input.enabled,
    next_look_at: input.kind in lookEveryMs ? now : null,
    updated_at: now,
  });
}

/** The channels that a rule names, each with the field where it stands. */
const channelsOf = ({ channelIds = [], timing }: Partial<Pick<RuleInput, "channelIds" | "timing">>) => [
  ...channelIds.map((id, n) => ({ id, path: `channelIds.${n}` })),
  ...(timing?.escalation ?? []).flatMap((step, n) =>
    step.channelIds.map((id, m) => ({ id, path: `timing.escalation.${n}.channelIds.${m}` })),
  ),
];

/**
 * Changes a rule; its settings are replaced as a whole, and what its timing held waits only as the new one says.
 * Undefined for an unknown or archived one.
 */
export async function changeRule(
  tx: Tx,
  id: string,
  { name, settings, channelIds, timing, enabled }: Changes<Omit<RuleInput, "kind" | "brandId">>,
  now: Date,
): Promise<AlertRuleRow | undefined> {
  const before = await lockRule(tx, id);
  if (!before) return undefined;
  await assertChannels(tx, channelsOf({ channelIds: channelIds ?? [], timing: timing ?? {} }));
  if (timing !== undefined) await releaseRule(tx, id, now);
  return updateRule(tx, id, {
    ...(name === undefined ? {} : { name }),
    ...(settings === undefined ? {} : { settings: checkedSettings(before.kind, settings) }),
    ...(channelIds === undefined ? {} : { channel_ids: channelIds }),
    ...(timing === undefined ? {} : { timing }),
    ...(enabled === undefined ? {} : { enabled }),
    updated_at: now,
  });
}

/** A rule that fires no more; its alerts stay. False for an unknown or archived one. */
export async function archiveRule(tx: Tx, id: string, now: Date): Promise<boolean> {
  if (!(await lockRule(tx, id))) return false;
  await updateRule(tx, id, { archived_at: now, next_look_at: null, updated_at: now });
  return true;
}

async function assertChannels(tx: Tx, named: readonly { id: string; path: string }[]): Promise<void> {
  const living = await livingChannelIds(
    tx,
    named.map(({ id }) => id),
  );
  const missing = named.find(({ id }) => !living.has(id));
  if (missing !== undefined)
    throw new InputError(
      `There is no channel ${missing.id}; GET /v1/alert-channels lists them`,
      missing.path,
    );
}
