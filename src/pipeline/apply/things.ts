import type { RandomBytes } from "#channels/define.ts";
import { findChannelKind } from "#channels/registry.ts";
import { InputError } from "#domain/errors.ts";
import { slaOf } from "#domain/sla-settings.ts";
import {
  changeChannel,
  changeRule,
  createChannel,
  createRule,
  type RuleInput,
} from "#pipeline/alert-setup.ts";
import { type BrandInput, changeBrand, createBrand } from "#pipeline/brands.ts";
import { ifReadable, secretSettings } from "#pipeline/channel-settings.ts";
import type { Deps } from "#pipeline/deps.ts";
import { changeSource, createSource, type SourceInput } from "#pipeline/sources.ts";
import { findSourceKind } from "#sources/registry.ts";
import type { AlertRuleRow } from "#store/alert.ts";
import type { BrandRow } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import type { ChannelRow } from "#store/delivery.ts";
import { brandIdsOf, type SourceRow } from "#store/source.ts";
import { type Applied, changed, differences, hidden, type Names } from "./difference.ts";
import type { BrandConfig, ChannelConfig, RuleConfig, SourceConfig } from "./schema.ts";

/** What the parts of a file are applied with, in one transaction. */
export interface Applying {
  tx: Tx;
  now: Date;
  secrets: Deps["secrets"];
  randomBytes: RandomBytes;
  checkAddress: (url: string) => void;
  brands: Names;
  channels: Names;
}

type Done = Applied & { id: string };

const defaults = {
  competitorOf: null,
  officialAccounts: [],
  timezone: "UTC",
  language: "ru",
  businessHours: null,
  sla: slaOf({ hours: 24, urgentHours: 4 }),
  desk: {},
} as const;

const defined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

export async function applyBrand(
  { tx, now, brands }: Applying,
  wanted: BrandConfig,
  row: BrandRow | undefined,
): Promise<Done> {
  const { name, competitorOf, ...rest } = wanted;
  const given = defined({
    ...rest,
    competitorOf: competitorOf === undefined ? undefined : brands.get(competitorOf),
    desk: rest.desk && { ...row?.desk, ...rest.desk },
  });
  if (!row) {
    const made = await createBrand(tx, { ...defaults, ...given, name } as BrandInput, now);
    return { object: "brand", name, action: "create", fields: differences({}, given), id: made.id };
  }
  const before = {
    query: row.query,
    competitorOf: row.competitor_of,
    officialAccounts: row.official_accounts,
    timezone: row.timezone,
    language: row.language,
    businessHours: row.business_hours,
    sla: slaOf(row.sla),
    desk: row.desk,
  };
  const fields = differences(before, given);
  if (fields.length > 0) await changeBrand(tx, row.id, changed(given, fields) as Partial<BrandInput>, now);
  return { object: "brand", name, action: actionOf(fields), fields, id: row.id };
}

const actionOf = (fields: readonly unknown[]) => (fields.length > 0 ? "update" : "keep");

export async function applySource(
  { tx, now, secrets, checkAddress, brands }: Applying,
  wanted: SourceConfig,
  row: SourceRow | undefined,
): Promise<Done> {
  const { title, kind, brands: names, ...rest } = wanted;
  const tools = { secrets, checkAddress, maySee: () => true };
  const given = defined({ ...rest, brandIds: names.map(each => brands.get(each)).toSorted() });
  const secret = ["credentials"];
  if (!row) {
    const id = await createSource(tx, tools, { ...given, title, kind } as SourceInput, now);
    return { object: "source", name: title, action: "create", fields: differences({}, given, secret), id };
  }
  sameKind(row.kind, kind, "title");
  const before = {
    settings: findSourceKind(kind).settings.parse(row.settings),
    credentials: credentialsIn(row, secrets),
    schedule: row.schedule,
    enabled: row.enabled,
    brandIds: await brandIdsOf(tx, row.id),
  };
  const fields = differences(before, given, secret);
  if (fields.length > 0)
    await changeSource(tx, tools, row.id, changed(given, fields) as Partial<SourceInput>, now);
  return { object: "source", name: title, action: actionOf(fields), fields, id: row.id };
}

/** What cannot be read is as good as absent: the file brings it anew. */
const credentialsIn = ({ credentials }: SourceRow, secrets: Deps["secrets"]): unknown =>
  credentials === null ? null : ifReadable(() => JSON.parse(secrets.open(credentials)));

function sameKind(is: string, wanted: string, by: string): void {
  if (is !== wanted)
    throw new InputError(
      `its kind is ${is}, and a kind never changes; give the ${wanted} another ${by}`,
      "kind",
    );
}

export async function applyChannel(
  applying: Applying,
  wanted: ChannelConfig,
  row: ChannelRow | undefined,
): Promise<Done> {
  const { tx, now, secrets } = applying;
  const { name, kind, ...given } = wanted;
  if (!row) {
    const input = { fullText: false, enabled: true, ...defined(given), name, kind };
    const made = await createChannel(tx, applying, input, now);
    const fields = [{ field: "settings", before: undefined, after: hidden }];
    return { object: "alert-channel", name, action: "create", fields, issued: made.issued, id: made.row.id };
  }
  sameKind(row.kind, kind, "name");
  const readable = secretSettings(row, secrets);
  const stored = { ...row.settings, ...readable };
  const settings = differences(stored, given.settings);
  const before = { fullText: row.full_text, enabled: row.enabled };
  const others = differences(before, { fullText: given.fullText, enabled: given.enabled });
  const fields = [
    ...others,
    ...settings.map(({ field }) => ({ field: `settings.${field}`, before: hidden, after: hidden })),
  ];
  // The file says all that a channel has: a lost secret that it leaves out is not there any more.
  const absent = readable === null ? (findChannelKind(kind).optionalSecrets ?? []) : [];
  const wholly = { ...Object.fromEntries(absent.map(secret => [secret, null])), ...given.settings };
  if (fields.length > 0)
    await changeChannel(tx, applying, row.id, { ...changed(given, others), settings: wholly }, now);
  return { object: "alert-channel", name, action: actionOf(fields), fields, id: row.id };
}

export async function applyRule(
  { tx, now, brands, channels }: Applying,
  wanted: RuleConfig,
  row: AlertRuleRow | undefined,
): Promise<Done> {
  const { name: ruleName, kind, brand, channels: names, timing, ...rest } = wanted;
  const name = `${brand}: ${ruleName}`;
  const given = defined({
    ...rest,
    channelIds: names.map(each => channels.get(each)),
    timing: timing && timingOf(timing, channels),
  });
  if (!row) {
    const { timing: whenToLeave = {}, ...said } = given;
    const input = {
      enabled: true,
      ...said,
      timing: whenToLeave,
      name: ruleName,
      kind,
      brandId: brands.get(brand),
    };
    const made = await createRule(tx, input, now);
    return { object: "alert-rule", name, action: "create", fields: differences({}, given), id: made.id };
  }
  sameKind(row.kind, kind, "name");
  const before = {
    settings: row.settings,
    channelIds: row.channel_ids,
    timing: row.timing,
    enabled: row.enabled,
  };
  const fields = differences(before, given);
  if (fields.length > 0) await changeRule(tx, row.id, changed(given, fields), now);
  return { object: "alert-rule", name, action: actionOf(fields), fields, id: row.id };
}

/** A file names the next channels; a rule keeps their ids. */
function timingOf(
  { escalation, ...timing }: NonNullable<RuleConfig["timing"]>,
  channels: Names,
): RuleInput["timing"] {
  if (escalation === undefined) return timing;
  const ids = escalation.map(({ afterMinutes, channels: next }) => ({
    afterMinutes,
    channelIds: next.map(each => channels.get(each)),
  }));
  return { ...timing, escalation: ids };
}
