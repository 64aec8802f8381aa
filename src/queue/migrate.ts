import { PostgresConnection } from "bullmq";

/** The schema that BullMQ's tables and functions live in. */
export const queueSchema = "bullmq";

const lockKey = 6_061_971;

/**
 * Brings BullMQ's own tables in PostgreSQL to the version of this program and lets the application's role
 * work with them. Safe to run again and from several processes at once; there is no way back to an older version.
 */
export async function migrateQueue({
  ownerUrl,
  appUrl,
}: {
  ownerUrl: string;
  appUrl: string;
}): Promise<void> {
  const connection = new PostgresConnection({
    connectionString: ownerUrl,
    schema: queueSchema,
    migrate: true,
    max: 1,
    application_name: "molva-migrate",
  });
  // BullMQ passes idle errors on; the query that meets one rejects by itself.
  connection.on("error", () => {});
  try {
    await connection.waitUntilReady();
    const client = await connection.pool.connect();
    try {
      const role = quoted(decodeURIComponent(new URL(appUrl).username));
      // Two grants at once on one table fail each other; the lock goes with the connection, after the commit.
      await client.query(`
        select pg_advisory_lock(${lockKey});
        grant usage on schema ${queueSchema} to ${role};
        grant select, insert, update, delete on all tables in schema ${queueSchema} to ${role};
        revoke insert, update, delete on ${queueSchema}.migration from ${role};
        grant usage on all sequences in schema ${queueSchema} to ${role};`);
    } finally {
      client.release(true);
    }
  } finally {
    await connection.close();
  }
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
