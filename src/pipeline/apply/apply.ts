import type { RandomBytes } from "#channels/define.ts";
import { InputError } from "#domain/errors.ts";
import type { Deps } from "#pipeline/deps.ts";
import { listChannels, listRules } from "#store/alert-setup.ts";
import { writeAudit } from "#store/audit.ts";
import { livingBrands } from "#store/brand.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { livingSources } from "#store/source.ts";
import { type Applied, about, Names } from "./difference.ts";
import type { BrandConfig, Config } from "./schema.ts";
import { type Applying, applyBrand, applyChannel, applyRule, applySource } from "./things.ts";

export interface ApplyOptions {
  dryRun: boolean;
  randomBytes: RandomBytes;
  /** The egress guard's answer for an address that is to be stored; throws InputError. */
  checkAddress: (url: string) => void;
}

const everything = 100_000;

/** Ends the transaction of a dry run with what it would have done. */
class DryRunEnd extends Error {
  readonly applied: Applied[];

  constructor(applied: Applied[]) {
    super("dry run");
    this.applied = applied;
  }
}

/**
 * Brings brands, sources, channels and rules to what a file says, all in one transaction, and tells what was
 * done. What the file does not name stays as it is; the same file again changes nothing. A dry run does it
 * all, with every check, and takes it back.
 */
export async function applyConfig(
  deps: Pick<Deps, "db" | "clock" | "secrets" | "enqueue">,
  config: Config,
  options: ApplyOptions,
): Promise<Applied[]> {
  assertOnce(
    "brands",
    config.brands.map(({ name }) => name),
  );
  assertOnce(
    "sources",
    config.sources.map(({ title }) => title),
  );
  assertOnce(
    "channels",
    config.channels.map(({ name }) => name),
  );
  assertOnce(
    "rules",
    config.rules.map(({ brand, name }) => `${brand}: ${name}`),
  );
  try {
    const applied = await inTransaction(deps.db, async tx => {
      const done = await applyAll(tx, deps, config, options);
      if (options.dryRun) throw new DryRunEnd(done);
      return done;
    });
    if (applied.some(({ object }) => object === "alert-channel")) await deps.enqueue.notify();
    return applied;
  } catch (error) {
    if (error instanceof DryRunEnd) return error.applied;
    throw error;
  }
}

function assertOnce(list: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`${list}: "${twice}" is there twice; name each once`);
}

async function applyAll(
  tx: Tx,
  { clock, secrets }: Pick<Deps, "clock" | "secrets">,
  config: Config,
  { randomBytes, checkAddress }: ApplyOptions,
): Promise<Applied[]> {
  const now = clock();
  const brandRows = await livingBrands(tx);
  const channelRows = await listChannels(tx, null, everything);
  const brands = new Names(
    "brand",
    brandRows.map(({ name, id }) => [name, id]),
  );
  const channels = new Names(
    "channel",
    channelRows.map(({ name, id }) => [name, id]),
  );
  const applying: Applying = { tx, now, secrets, randomBytes, checkAddress, brands, channels };
  const applied: Applied[] = [];
  const note = async ({ id, ...one }: Applied & { id: string }): Promise<string> => {
    applied.push(one);
    await audit(tx, one, id, now);
    return id;
  };

  for (const wanted of ownFirst(config.brands)) {
    const row = brandRows.find(({ name }) => name === wanted.name);
    const done = await about(`brand "${wanted.name}"`, () => applyBrand(applying, wanted, row));
    brands.add(wanted.name, await note(done));
  }
  for (const wanted of config.channels) {
    const row = only(channelRows, ({ name }) => name === wanted.name, `channel "${wanted.name}"`);
    const done = await about(`channel "${wanted.name}"`, () => applyChannel(applying, wanted, row));
    channels.add(wanted.name, await note(done));
  }
  const sourceRows = await livingSources(tx);
  for (const wanted of config.sources) {
    const row = only(sourceRows, ({ title }) => title === wanted.title, `source "${wanted.title}"`);
    await note(await about(`source "${wanted.title}"`, () => applySource(applying, wanted, row)));
  }
  const ruleRows = await listRules(tx, null, null, everything);
  for (const wanted of config.rules) {
    const brandId = brands.find(wanted.brand);
    const isIt = (row: (typeof ruleRows)[number]) => row.brand_id === brandId && row.name === wanted.name;
    const row = only(ruleRows, isIt, `rule "${wanted.name}"`);
    await note(await about(`rule "${wanted.name}"`, () => applyRule(applying, wanted, row)));
  }
  return applied;
}

/** A competitor refers to a brand that must be there. */
const ownFirst = (brands: readonly BrandConfig[]): BrandConfig[] =>
  brands.toSorted((a, b) => Number(a.competitorOf !== undefined) - Number(b.competitorOf !== undefined));

/** The one row meant; two of one name were made by hand, and nobody can tell which is meant. */
function only<Row>(rows: readonly Row[], isIt: (row: Row) => boolean, what: string): Row | undefined {
  const found = rows.filter(isIt);
  if (found.length > 1)
    throw new InputError(`There are ${found.length} things named as ${what}; rename all but one`);
  return found[0];
}

async function audit(
  tx: Tx,
  { object, action, fields }: Applied,
  objectId: string,
  now: Date,
): Promise<void> {
  if (action === "keep") return;
  const names = fields.map(({ field }) => field);
  await writeAudit(tx, { keyId: null, personId: null, action, object, objectId, fields: names }, now);
}
