import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface ServerFacts {
  version: string;
  /** 140005 for 14.5. */
  versionNumber: number;
  at: Date;
}

/** What the server says of itself. */
export async function serverFacts(db: Db): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`
    select current_setting('server_version') as version, clock_timestamp() as at,
      current_setting('server_version_num')::int as "versionNumber"`.execute(db);
  return rows[0] as ServerFacts;
}
