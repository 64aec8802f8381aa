import type { BusinessHours } from "#domain/calendar.ts";
import type { Desk } from "#domain/desk.ts";
import { InputError } from "#domain/errors.ts";
import { parseQuery } from "#domain/query/parse.ts";
import { presetBusinessHours, type Sla } from "#domain/sla-settings.ts";
import {
  type BrandColumns,
  type BrandRow,
  findBrand,
  insertBrand,
  lockBrand,
  updateBrand,
} from "#store/brand.ts";
import { touchBrandCases } from "#store/case-priority.ts";
import { sqlState, type Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { rebuildDays } from "#store/rollup.ts";
import type { OfficialAccount } from "#store/tables.ts";
import { startTask } from "#store/task.ts";

/** A brand as people give it. */
export interface BrandInput {
  name: string;
  query: string;
  competitorOf: string | null;
  officialAccounts: OfficialAccount[];
  timezone: string;
  language: "ru" | "en";
  businessHours: BusinessHours | null;
  sla: Sla;
  /** A part that is absent stays as it is. */
  desk: Desk;
}

/** Some of the fields; an absent one stays as it is. */
export type Changes<T> = { [Name in keyof T]?: T[Name] | undefined };

/** Makes a brand; a query with a mistake, a taken name or an unknown rival is an InputError. */
export async function createBrand(tx: Tx, input: BrandInput, now: Date): Promise<BrandRow> {
  const id = newId();
  await check(tx, id, input);
  return named(input.name, () =>
    insertBrand(tx, id, { ...(columnsOf(withHours(input, null)) as BrandColumns), updated_at: now }),
  );
}

/** A preset that counts working hours brings its own to a brand that has none. */
function withHours<Input extends Changes<BrandInput>>(input: Input, before: unknown): Input {
  const hours = input.businessHours === undefined ? before : input.businessHours;
  const needsHours = input.sla?.preset && input.sla.clock === "business" && !hours;
  return needsHours ? { ...input, businessHours: presetBusinessHours } : input;
}

/**
 * Changes a brand. A new query starts a rematch of what is stored; a new zone rebuilds the days in this
 * transaction, which waits for the pages being stored. Undefined for an unknown or archived brand.
 */
export async function changeBrand(
  tx: Tx,
  id: string,
  changes: Changes<BrandInput>,
  now: Date,
): Promise<BrandRow | undefined> {
  const before = await lockBrand(tx, id);
  if (!before) return undefined;
  await check(tx, id, changes);
  const newQuery = changes.query !== undefined && changes.query !== before.query;
  const columns = {
    ...columnsOf(withHours(changes, before.business_hours)),
    ...(changes.desk === undefined ? {} : { desk: { ...before.desk, ...changes.desk } }),
    updated_at: now,
    ...(newQuery ? { query_version: before.query_version + 1 } : {}),
  };
  const after = await named(changes.name ?? before.name, () => updateBrand(tx, id, columns));
  if (newQuery) await startTask(tx, "rematch", id, now);
  if (after.timezone !== before.timezone) await rebuildDays(tx, id);
  if (deskFields.some(field => changes[field] !== undefined)) await touchBrandCases(tx, id, now);
  return after;
}

/** What priorities, their explanations and the time to answer follow from. */
const deskFields = ["sla", "desk", "businessHours", "timezone", "language"] as const;

/** Nothing is collected for the brand any more; what is stored stays. False for an unknown or archived brand. */
export async function archiveBrand(tx: Tx, id: string, now: Date): Promise<boolean> {
  const row = await lockBrand(tx, id);
  if (!row) return false;
  await tx.updateTable("brand").set({ archived_at: now, updated_at: now }).where("id", "=", id).execute();
  return true;
}

async function check(tx: Tx, id: string, { query, competitorOf }: Changes<BrandInput>): Promise<void> {
  if (query !== undefined) parseQuery(query);
  if (!competitorOf) return;
  const other = competitorOf === id ? undefined : await findBrand(tx, competitorOf);
  if (!other || other.competitor_of !== null) {
    throw new InputError(
      `competitorOf is ${competitorOf}; expected the id of one of your own brands, not of this one`,
      "competitorOf",
    );
  }
}

function columnsOf(input: Changes<BrandInput>): Partial<BrandColumns> {
  const renamed = {
    name: input.name,
    query: input.query,
    competitor_of: input.competitorOf,
    official_accounts: input.officialAccounts,
    timezone: input.timezone,
    language: input.language,
    business_hours: input.businessHours,
    sla: input.sla,
    desk: input.desk,
  };
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined));
}

async function named<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (sqlState(error) === "23505")
      throw new InputError(`There is a brand named "${name}" already; choose another name`, "name");
    throw error;
  }
}
