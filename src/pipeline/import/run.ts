import { InputError } from "#domain/errors.ts";
import type { Deps } from "#pipeline/deps.ts";
import { push } from "#pipeline/push.ts";
import { createSource } from "#pipeline/sources.ts";
import type { BrandRow } from "#store/brand.ts";
import { findBrand, livingBrands } from "#store/brand.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { brandIdsOf, findSource, findSourceByTitle } from "#store/source.ts";
import type { FileRow, FileRows } from "./define.ts";
import { type ReadItem, type RowReading, readItem } from "./row-item.ts";

export type ImportDeps = Pick<
  Deps,
  "db" | "clock" | "scorer" | "scoreAll" | "matchers" | "secrets" | "enqueue"
>;

export interface ImportCounts {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
}

export interface Rejected {
  row: FileRow;
  reason: string;
}

/** The brand of that id or name. */
export async function findBrandByWord({ db }: Pick<Deps, "db">, word: string): Promise<BrandRow> {
  const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(word);
  const brand = isId ? await findBrand(db, word) : (await livingBrands(db)).find(({ name }) => name === word);
  if (brand && brand.archived_at === null) return brand;
  throw new InputError(
    `There is no brand ${isId ? word : `"${word}"`}; expected the id or the name of one`,
    "brand",
  );
}

export interface ImportTarget {
  brandId: string;
  /** A push source of that id; null: the one made for this file, or a new one. */
  sourceId: string | null;
  title: string;
  match: "all" | "query";
}

/** The push source that a file goes to; the same file again goes to the same source. */
export async function importSource(deps: ImportDeps, target: ImportTarget): Promise<string> {
  const { brandId, sourceId, title, match } = target;
  return inTransaction(deps.db, async tx => {
    if (sourceId !== null) return checkedSource(tx, sourceId, brandId);
    const existing = await findSourceByTitle(tx, "push", title, brandId);
    if (existing) return existing.id;
    const tools = { secrets: deps.secrets, checkAddress: () => {}, maySee: () => true };
    const input = { kind: "push", title, brandIds: [brandId], settings: { match }, enabled: true };
    return createSource(tx, tools, input, deps.clock());
  });
}

async function checkedSource(tx: Tx, id: string, brandId: string): Promise<string> {
  const source = await findSource(tx, id);
  if (source?.kind !== "push" || source.archived_at !== null)
    throw new InputError(`There is no push source ${id}; leave --source out, and one is made`, "source");
  if (!(await brandIdsOf(tx, id)).includes(brandId))
    throw new InputError(`The source ${id} does not serve the brand ${brandId}`, "source");
  return id;
}

export interface ImportJob {
  rows: FileRows;
  sourceId: string;
  reading: RowReading;
  onRejected: (rejected: Rejected) => Promise<void>;
  onProgress: (counts: ImportCounts) => void;
}

/** Stores a file batch by batch, each in one transaction; what was stored before stays as it is. */
export async function importRows(deps: ImportDeps, job: ImportJob): Promise<ImportCounts> {
  const counts: ImportCounts = { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 };
  for await (const batch of job.rows.batches) {
    const read = batch.map(row => ({ row, ...readItem(row, job.reading) }));
    const good = read.filter(
      (one): one is typeof one & { item: NonNullable<ReadItem["item"]> } => one.item !== null,
    );
    const results =
      good.length > 0
        ? await pushBatch(
            deps,
            job.sourceId,
            good.map(({ item }) => item),
          )
        : [];
    counts.read += batch.length;
    const rejected = read.flatMap(({ row, problem }) => (problem === null ? [] : [{ row, reason: problem }]));
    for (const [index, { status, error }] of results.entries()) {
      if (status === "rejected")
        rejected.push({ row: (good[index] as (typeof good)[number]).row, reason: error ?? "" });
      else counts[status]++;
    }
    counts.rejected += rejected.length;
    for (const one of rejected.toSorted((a, b) => a.row.row - b.row.row)) await job.onRejected(one);
    job.onProgress(counts);
  }
  return counts;
}

async function pushBatch(
  deps: ImportDeps,
  sourceId: string,
  items: Parameters<typeof push>[2][number]["item"][],
) {
  const now = deps.clock();
  const rows = items.map(item => ({ sourceId, item }));
  const options = { trigger: "import", maySee: async () => true, now } as const;
  const { results, alertCount } = await inTransaction(deps.db, tx => push(tx, deps, rows, options));
  if (alertCount > 0) await deps.enqueue.notify();
  return results;
}
