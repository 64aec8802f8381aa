import { sql } from "kysely";
import type { Db } from "./db.ts";
import {
  anyOf,
  authorsCalled,
  conditions,
  type MentionFilters,
  type MentionView,
  mentionColumns,
  mentionJoins,
  orders,
  searched,
} from "./mention-read.ts";

const exportIdleMs = 120_000;
const exportStatementMs = 120_000;

/** A mention on its way out of the house, with the names that people know its brand and source by. */
export interface ExportedMention extends MentionView {
  brand_name: string;
  source_title: string;
}

/**
 * All living mentions that pass, newest first, in batches read when they are asked for: a cursor in one read-only
 * transaction, which ends when the reader stops, however it stops.
 */
export async function* readMentions(
  db: Db,
  filters: MentionFilters,
  batch: number,
): AsyncGenerator<ExportedMention[]> {
  const authorIds = filters.author === undefined ? undefined : await authorsCalled(db, filters.author);
  if (authorIds?.length === 0) return;
  const { q } = filters;
  const where = [
    sql`m.deleted_at is null`,
    sql`d.erased_at is null`,
    ...conditions(filters, authorIds),
    ...(q === undefined ? [] : [await searched(db, q)]),
    ...anyOf("m.brand_id", "uuid", filters.brandIds),
  ];
  const tx = await db
    .startTransaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute();
  try {
    // A slow client holds the transaction idle between batches; the reader of the client gives up before that.
    await sql`set local idle_in_transaction_session_timeout = ${sql.lit(exportIdleMs)}`.execute(tx);
    await sql`set local statement_timeout = ${sql.lit(exportStatementMs)}`.execute(tx);
    await sql`declare export no scroll cursor for
      select ${mentionColumns}, b.name as brand_name, s.title as source_title
      from mention m ${mentionJoins} join brand b on b.id = m.brand_id join source s on s.id = m.source_id
      where ${sql.join(where, sql` and `)} order by ${orders.occurredAt}`.execute(tx);
    for (;;) {
      const { rows } = await sql<ExportedMention>`fetch ${sql.lit(batch)} from export`.execute(tx);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await tx.rollback().execute();
  }
}
