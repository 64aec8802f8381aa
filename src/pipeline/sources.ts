import { InputError } from "#domain/errors.ts";
import type { AnySourceKind } from "#sources/define.ts";
import { findSourceKind } from "#sources/registry.ts";
import { findBrand } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { findOpenRun } from "#store/run.ts";
import { brandIdsOf, lockSource, type SourceRow } from "#store/source.ts";
import {
  changeSourceColumns,
  deleteValidators,
  insertSource,
  type SourceColumns,
  setSourceBrands,
} from "#store/source-write.ts";
import type { Schedule } from "#store/tables.ts";
import { startTask } from "#store/task.ts";
import type { Changes } from "./brands.ts";
import type { StoredCursor } from "./collect.ts";
import type { SecretBox } from "./deps.ts";
import { closeRun } from "./finish-run.ts";
import {
  checkAddresses,
  checkSchedule,
  dueNext,
  hostsOf,
  readByKind,
  readCredentials,
} from "./source-input.ts";

/** A source as people give it; what is absent is the kind's default. */
export interface SourceInput {
  kind: string;
  title?: string | undefined;
  brandIds: readonly string[];
  settings: unknown;
  credentials?: unknown;
  schedule?: Schedule | undefined;
  enabled?: boolean | undefined;
  /** Older texts are stored and counted, but open no case and raise no alert. */
  actFrom?: Date | undefined;
}

/** What checks a source that people give. `maySee` says which brands they may name. */
export interface SourceTools {
  secrets: Pick<SecretBox, "seal">;
  checkAddress: (url: string) => void;
  maySee: (brandId: string) => boolean;
}

/** How far back a new source's texts still open cases. */
const actsForMs = 14 * 86_400_000;

/** Makes a source, due at once when it is asked by schedule; whatever does not fit is an InputError. Returns its id. */
export async function createSource(
  tx: Tx,
  tools: SourceTools,
  input: SourceInput,
  now: Date,
): Promise<string> {
  const kind = findSourceKind(input.kind);
  const settings = readByKind(kind.settings, input.settings, "settings");
  const credentials = readCredentials(kind, input.credentials);
  const schedule = input.schedule ?? { every: kind.every };
  checkAddresses(kind, settings, tools.checkAddress);
  checkSchedule(schedule, now);
  await checkBrands(tx, tools, input.brandIds);
  const id = newId();
  const enabled = input.enabled ?? kind.enabledByDefault;
  const hosts = hostsOf(kind, settings);
  await insertSource(tx, {
    id,
    kind: kind.id,
    title: input.title ?? (hosts[0] === undefined ? kind.title.en : `${kind.title.en}: ${hosts[0]}`),
    settings,
    credentials: sealed(tools, credentials),
    schedule,
    enabled,
    hosts,
    act_from: input.actFrom ?? new Date(now.getTime() - actsForMs),
    next_run_at: isAsked(kind) && enabled ? now : null,
    updated_at: now,
  });
  await setSourceBrands(tx, id, input.brandIds);
  return id;
}

/**
 * Changes a source. New settings make it due at once, a new schedule by that schedule; what it remembers stays unless it now asks another
 * site. A brand that it newly serves is matched against what is stored. False for an unknown or archived source.
 */
export async function changeSource(
  tx: Tx,
  tools: SourceTools,
  id: string,
  changes: Changes<Omit<SourceInput, "kind">>,
  now: Date,
): Promise<boolean> {
  const before = await lockSource(tx, id);
  if (!before || before.archived_at !== null) return false;
  const kind = findSourceKind(before.kind);
  if (changes.schedule !== undefined) checkSchedule(changes.schedule, now);
  const enabled = changes.enabled ?? before.enabled;
  await changeSourceColumns(tx, id, {
    ...plainColumns(changes),
    ...(changes.credentials === undefined
      ? {}
      : { credentials: sealed(tools, readCredentials(kind, changes.credentials)) }),
    ...(changes.settings === undefined ? {} : resettled(kind, before, changes.settings, tools)),
    ...(isAsked(kind) ? dueColumn(before, { ...changes, enabled }, now) : {}),
    updated_at: now,
  });
  if (changes.settings !== undefined) await deleteValidators(tx, id);
  if (changes.brandIds !== undefined) await serveBrands(tx, tools, id, changes.brandIds, now);
  return true;
}

/**
 * Has a source be asked or not. Who switches it off knows that asking would be in vain, so a run in the middle ends as
 * it stands. False when it is so already, or the source is unknown or archived.
 */
export async function switchSource(tx: Tx, id: string, enabled: boolean, now: Date): Promise<boolean> {
  const before = await lockSource(tx, id);
  if (!before || before.archived_at !== null || before.enabled === enabled) return false;
  const due = isAsked(findSourceKind(before.kind)) ? dueColumn(before, { enabled }, now) : {};
  if (!enabled) await endOpenRun(tx, id, now);
  await changeSourceColumns(tx, id, { enabled, ...due, lease: null, claimed_until: null, updated_at: now });
  return true;
}

async function endOpenRun(tx: Tx, sourceId: string, now: Date): Promise<void> {
  const run = await findOpenRun(tx, sourceId);
  if (run !== undefined)
    await closeRun(tx, run.id, { outcome: "partial", errorCode: null, error: null }, now);
}

/** The source is asked no more; what it brought stays. False for an unknown or archived source. */
export async function archiveSource(tx: Tx, id: string, now: Date): Promise<boolean> {
  const before = await lockSource(tx, id);
  if (!before || before.archived_at !== null) return false;
  await changeSourceColumns(tx, id, { archived_at: now, next_run_at: null, updated_at: now });
  return true;
}

const isAsked = (kind: AnySourceKind): boolean => kind.request !== undefined;

/** When a changed source is due: never while disabled, at once when it begins or asks differently. */
function dueColumn(
  before: SourceRow,
  { enabled, settings, schedule }: Changes<SourceInput>,
  now: Date,
): { next_run_at?: Date | null } {
  if (!enabled) return { next_run_at: null };
  if (!before.enabled || settings !== undefined) return { next_run_at: now };
  return schedule === undefined ? {} : { next_run_at: dueNext(schedule, now) };
}

const sealed = ({ secrets }: SourceTools, credentials: unknown): Buffer | null =>
  credentials === null ? null : secrets.seal(JSON.stringify(credentials));

function plainColumns({ title, schedule, enabled, actFrom }: Changes<SourceInput>): Partial<SourceColumns> {
  return {
    ...(title === undefined ? {} : { title }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(actFrom === undefined ? {} : { act_from: actFrom }),
  };
}

/**
 * Columns of new settings. A run in the middle asked by the old ones: its requests are dropped, and the
 * attempt that works on it loses its lease. The cursor belongs to the site and goes with it.
 */
function resettled(kind: AnySourceKind, before: SourceRow, given: unknown, tools: SourceTools) {
  const settings = readByKind(kind.settings, given, "settings");
  checkAddresses(kind, settings, tools.checkAddress);
  const hosts = hostsOf(kind, settings);
  const site = (of: unknown) => kind.site(of as never);
  const old = kind.settings.safeParse(before.settings);
  const sameSite =
    old.success &&
    site(old.data) === site(settings) &&
    hosts.toSorted().join() === before.hosts.toSorted().join();
  const kept = before.cursor as StoredCursor | null;
  const cursor: StoredCursor | null = sameSite && kept !== null ? { at: kept.at, resume: null } : null;
  return { settings, hosts, cursor, lease: null, claimed_until: null };
}

async function serveBrands(
  tx: Tx,
  tools: SourceTools,
  id: string,
  brandIds: readonly string[],
  now: Date,
): Promise<void> {
  const served = new Set(await brandIdsOf(tx, id));
  await checkBrands(tx, tools, brandIds);
  await setSourceBrands(tx, id, brandIds);
  for (const brandId of brandIds) {
    if (!served.has(brandId)) await startTask(tx, "rematch", brandId, now);
  }
}

async function checkBrands(tx: Tx, { maySee }: SourceTools, brandIds: readonly string[]): Promise<void> {
  for (const [index, brandId] of brandIds.entries()) {
    const brand = maySee(brandId) ? await findBrand(tx, brandId) : undefined;
    if (!brand || brand.archived_at !== null)
      throw new InputError(
        `There is no brand ${brandId} that this key may see; GET /v1/brands lists them`,
        `brandIds.${index}`,
      );
  }
}
