import type { Tx } from "./db.ts";
import type { SourceRow } from "./source.ts";
import type { Schedule } from "./tables.ts";

/** Columns that people decide on. */
export interface SourceColumns {
  title: string;
  settings: unknown;
  credentials: Buffer | null;
  schedule: Schedule;
  enabled: boolean;
  hosts: string[];
  act_from: Date;
  next_run_at: Date | null;
  updated_at: Date;
}

const json = (value: unknown) => JSON.stringify(value);

export async function insertSource(
  tx: Tx,
  { id, kind, ...columns }: SourceColumns & Pick<SourceRow, "id" | "kind">,
): Promise<void> {
  await tx
    .insertInto("source")
    .values({
      ...columns,
      id,
      kind,
      settings: json(columns.settings),
      schedule: json(columns.schedule),
      created_at: columns.updated_at,
    })
    .execute();
}

/** Changes columns of one locked source; `cursor`, when given, is what it remembers from now on. */
export async function changeSourceColumns(
  tx: Tx,
  id: string,
  columns: Partial<SourceColumns> & {
    archived_at?: Date;
    cursor?: unknown;
    lease?: null;
    claimed_until?: null;
  },
): Promise<void> {
  const { settings, schedule, cursor, ...rest } = columns;
  await tx
    .updateTable("source")
    .set({
      ...rest,
      ...(settings === undefined ? {} : { settings: json(settings) }),
      ...(schedule === undefined ? {} : { schedule: json(schedule) }),
      ...(cursor === undefined ? {} : { cursor: cursor === null ? null : json(cursor) }),
    })
    .where("id", "=", id)
    .execute();
}

/** Makes these the brands that a source serves. */
export async function setSourceBrands(tx: Tx, sourceId: string, brandIds: readonly string[]): Promise<void> {
  await tx
    .deleteFrom("source_brand")
    .where("source_id", "=", sourceId)
    .where("brand_id", "not in", brandIds)
    .execute();
  await tx
    .insertInto("source_brand")
    .values(brandIds.map(brand_id => ({ source_id: sourceId, brand_id })))
    .onConflict(oc => oc.doNothing())
    .execute();
}

/** Forgets what sites said of the versions of their pages: everything is read anew. */
export async function deleteValidators(tx: Tx, sourceId: string): Promise<void> {
  await tx.deleteFrom("source_validator").where("source_id", "=", sourceId).execute();
}
