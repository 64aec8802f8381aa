import { InputError } from "#domain/errors.ts";
import { nextReportAt } from "#domain/export/report-period.ts";
import { livingChannelIds } from "#store/alert-setup.ts";
import { type BrandRow, findBrand } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import {
  failReports,
  insertReportSchedule,
  lockReportSchedule,
  type ReportScheduleRow,
  updateReportSchedule,
} from "#store/report-schedule.ts";
import type { Changes } from "./brands.ts";

/** A schedule as people give it. */
export interface ReportScheduleInput {
  brandId: string;
  every: "daily" | "weekly";
  weekday: number;
  at: string;
  /** null: the brand's. */
  timezone: string | null;
  /** null: the brand's. */
  language: "ru" | "en" | null;
  format: "html" | "pdf";
  channelIds: string[];
  enabled: boolean;
}

/** Makes a schedule; of competitors it shows those that its maker may see (`shownBrandIds`, null for all). */
export async function createReportSchedule(
  tx: Tx,
  input: ReportScheduleInput,
  shownBrandIds: readonly string[] | null,
  now: Date,
): Promise<ReportScheduleRow> {
  const brand = await livingBrand(tx, input.brandId);
  await assertChannels(tx, input.channelIds);
  const { brandId, channelIds, language, ...rest } = input;
  return insertReportSchedule(tx, {
    ...rest,
    id: newId(),
    brand_id: brandId,
    language: language ?? brand.language,
    channel_ids: channelIds,
    shown_brand_ids: shownBrandIds === null ? null : [...shownBrandIds],
    next_at: input.enabled ? nextReportAt(input, input.timezone ?? brand.timezone, now) : null,
    created_at: now,
    updated_at: now,
    archived_at: null,
  });
}

/** Changes a schedule; from now on it goes at the new times. Undefined for an unknown one. */
export async function changeReportSchedule(
  tx: Tx,
  id: string,
  { channelIds, language, ...changes }: Changes<Omit<ReportScheduleInput, "brandId">>,
  now: Date,
): Promise<ReportScheduleRow | undefined> {
  const before = await lockReportSchedule(tx, id);
  if (!before) return undefined;
  const brand = await livingBrand(tx, before.brand_id);
  if (channelIds !== undefined) await assertChannels(tx, channelIds);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const after: ReportScheduleRow = { ...before, ...given };
  return updateReportSchedule(tx, id, {
    ...given,
    ...(channelIds === undefined ? {} : { channel_ids: channelIds }),
    ...(language === undefined ? {} : { language: language ?? brand.language }),
    next_at: after.enabled ? nextReportAt(after, after.timezone ?? brand.timezone, now) : null,
    updated_at: now,
  });
}

/** Ends a schedule, and what still waits of it is not sent. False for an unknown one. */
export async function removeReportSchedule(tx: Tx, id: string, now: Date): Promise<boolean> {
  if (!(await lockReportSchedule(tx, id))) return false;
  await updateReportSchedule(tx, id, { archived_at: now, updated_at: now, next_at: null });
  await failReports(tx, id, "The schedule of this report was deleted before the report was sent.", now);
  return true;
}

async function livingBrand(tx: Tx, id: string): Promise<BrandRow> {
  const brand = await findBrand(tx, id);
  if (brand && brand.archived_at === null) return brand;
  throw new InputError(`There is no brand ${id}; GET /v1/brands lists them`, "brandId");
}

async function assertChannels(tx: Tx, ids: readonly string[]): Promise<void> {
  const living = await livingChannelIds(tx, ids);
  const missing = ids.find(id => !living.has(id));
  if (missing === undefined) return;
  throw new InputError(`There is no channel ${missing}; GET /v1/alert-channels lists them`, "channelIds");
}
