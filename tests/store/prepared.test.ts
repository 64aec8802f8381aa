import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Db, openDb } from "#store/db.ts";
import { type FreshDatabase, freshDatabase } from "#tests/database.ts";

let database: FreshDatabase;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({
    url: database.appUrl,
    maxConnections: 1,
    statementTimeoutMs: 5_000,
    applicationName: "test",
    onLostConnection: () => {},
  });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const prepared = async () =>
  (await sql<{ count: number }>`select count(*)::int as count from pg_prepared_statements`.execute(db))
    .rows[0]?.count;

it("a statement asked often is prepared once and answers each time by its own parameters", async () => {
  for (let n = 0; n < 20; n++) {
    const { rows } = await sql<{
      n: number;
      text: string;
    }>`select ${n}::int as n, ${`t${n}`}::text as text`.execute(db);
    expect(rows).toEqual([{ n, text: `t${n}` }]);
  }
  expect(await prepared()).toBe(1);
});

it("texts that never come again are not kept, and those kept are bounded", async () => {
  for (let n = 0; n < 50; n++) await sql`select ${n}::int, ${sql.raw(String(n))}`.execute(db);
  expect(await prepared()).toBe(1);
  for (let n = 0; n < 260; n++) {
    for (let again = 0; again < 3; again++)
      await sql`select ${n}::int, ${sql.raw(`'often ${n}'`)}`.execute(db);
  }
  expect(await prepared()).toBe(200);
});

it("a question without parameters is prepared too", async () => {
  const other = openDb({
    url: database.appUrl,
    maxConnections: 1,
    statementTimeoutMs: 5_000,
    applicationName: "test",
    onLostConnection: () => {},
  });
  try {
    for (let n = 0; n < 5; n++) await sql`select 'no parameters'`.execute(other);
    const { rows } = await sql`
      select statement from pg_prepared_statements where statement like '%no parameters%'`.execute(other);
    expect(rows).toHaveLength(1);
  } finally {
    await other.destroy();
  }
});
