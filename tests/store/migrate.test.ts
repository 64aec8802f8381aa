import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "#store/migrate.ts";
import { type FreshDatabase, freshDatabase } from "#tests/database.ts";

let database: FreshDatabase;
let app: pg.Client;
let owner: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  app = new pg.Client(database.appUrl);
  owner = new pg.Client(database.ownerUrl);
  await Promise.all([app.connect(), owner.connect()]);
});
afterAll(async () => {
  await Promise.all([app.end(), owner.end()]);
  await database.drop();
});

describe("the schema", () => {
  it("is brought up to date once, however many migrators run at the same time", async () => {
    const empty = "drop schema public cascade; create schema public";
    const other = await freshDatabase();
    const client = new pg.Client(other.ownerUrl);
    await client.connect();
    await client.query(empty);
    await client.end();
    const steps = await Promise.all([migrate(other), migrate(other), migrate(other)]);
    expect(steps.flat()).toEqual([
      "0001-ground",
      "0002-desk",
      "0003-tone",
      "0004-trends",
      "0005-alerts",
      "0006-chats",
      "0007-reports",
      "0008-serp",
    ]);
    await other.drop();
  });

  it("gives the application rows, never the schema, and an audit that only grows", async () => {
    await expect(app.query("create table mine (n int)")).rejects.toThrow("permission denied");
    await expect(app.query("alter table brand add column x int")).rejects.toThrow("must be owner");
    await app.query(
      "insert into audit (id, at, action, object) values (gen_random_uuid(), '2026-11-20T00:00:00Z', 'test', 'test')",
    );
    await expect(app.query("update audit set action = 'x'")).rejects.toThrow("permission denied");
    await expect(app.query("delete from audit")).rejects.toThrow("permission denied");
    await expect(app.query("truncate audit")).rejects.toThrow("permission denied");
    await expect(app.query("delete from erasure")).rejects.toThrow("permission denied");
    await expect(app.query("insert into migration values ('x', '2026-11-20T00:00:00Z')")).rejects.toThrow(
      "permission denied",
    );
  });

  it("counts the log on above its old numbers when the database counts transactions from the start", async () => {
    await owner.query(
      "insert into change (seq, at, event, subject_id) values ((1::bigint << 40), '2026-11-20T00:00:00Z', 'x', gen_random_uuid())",
    );
    await migrate(database);
    const numbers = async () => {
      const { rows } = await app.query<{ next: string; visible: string }>(
        "select seq_next() as next, seq_visible() as visible",
      );
      return { next: Number(rows[0]?.next), visible: Number(rows[0]?.visible) };
    };
    const { next } = await numbers();
    expect(next).toBeGreaterThan(2 ** 40);
    expect(next).toBeLessThan(Number.MAX_SAFE_INTEGER);
    // Transactions of other tests on the same server, begun before the migration, hold back what is visible.
    await expect.poll(async () => (await numbers()).visible, { timeout: 25_000 }).toBeGreaterThan(2 ** 40);
  });

  it("has no foreign key without an index that finds its rows, but for those of small tables", async () => {
    const { rows } = await owner.query<{ key: string }>(`
      select c.conrelid::regclass || '(' || a.attname || ')' as key
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.conrelid::regclass::text in ('mention', 'document', '"case"', 'delivery_alert', 'case_event', 'mention_aspect')
        and not exists (select 1 from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = a.attnum)
      order by 1`);
    const rarelyFollowed = [
      '"case"(assignee_id)',
      '"case"(claimed_by)',
      '"case"(previous_case_id)',
      "case_event(key_id)",
      "case_event(person_id)",
      "document(source_id)",
      "mention(human_by)",
    ];
    expect(rows.map(row => row.key).filter(key => !rarelyFollowed.includes(key))).toEqual([]);
  });
});
