import pg from "pg";

/**
 * Lets the numbers of the change log go on above `topSeq`, where the database counts its transactions from
 * the start. Done as the owner of the schema, before rows with such numbers come in; safe to repeat.
 */
export async function liftSeq(ownerUrl: string, topSeq: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "molva-restore" });
  await client.connect();
  try {
    await client.query(
      `update meta set value = 1 + ($1::bigint >> 16) - pg_current_xact_id()::text::bigint
       where name = 'seq_epoch' and ($1::bigint >> 16) >= pg_current_xact_id()::text::bigint + value`,
      [topSeq],
    );
  } finally {
    await client.end();
  }
}
