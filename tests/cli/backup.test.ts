import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ItemInput } from "#domain/item.ts";
import { eraseAuthor } from "#pipeline/erase.ts";
import { addPerson } from "#pipeline/people.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { type Db, inTransaction } from "#store/db.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { runCommand } from "./terminal.ts";

const dir = mkdtempSync(join(tmpdir(), "molva-backup-"));
const file = join(dir, "one.gz");
const later = join(dir, "later.gz");
let world: World;
const others: World[] = [];

const emptyWorld = async () => {
  const other = await openWorld("2026-12-01T00:00:00Z");
  others.push(other);
  return other;
};

const angry = (index: number): ItemInput => ({
  externalId: `r-${index}`,
  kind: "review",
  text: `Ужасная кофейня Волна, хамят и обманывают ${index} раз 😡 "кавычки" \\ и\nстроки\tи {скобки}`,
  publishedAt: new Date(1_795_000_000_000 + index * 3_600_123),
  author: { id: `u-${index % 7}`, name: `Автор, "${index % 7}"`, reach: index },
  rating: { value: (index % 5) + 0.1, scale: 5 },
});

async function pushAll(to: World, sourceId: string, items: readonly ItemInput[]): Promise<void> {
  const rows = items.map(item => ({ sourceId, item: pushedItem(item) }));
  const options = { trigger: "push", maySee: async () => true, now: to.deps.clock() } as const;
  await inTransaction(to.db, tx => push(tx, to.deps, rows, options));
}

async function tablesOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('migration', 'meta')
    order by 1`.execute(db);
  return rows.map(({ name }) => name);
}

/** Each row as Postgres prints it, generated columns included. */
async function rowsOf(db: Db, table: string): Promise<string[]> {
  const { rows } = await sql<{ row: string }>`
    select t::text as row from ${sql.table(table)} t order by t::text collate "C"`.execute(db);
  return rows.map(({ row }) => row);
}

beforeAll(async () => {
  world = await openWorld();
  // The rival is older than the brand it refers to: its row comes first.
  const rivalId = await world.makeBrand({ name: "Чибис", query: "Чибис" });
  const brandId = await world.makeBrand({ name: "Волна" });
  await world.db.updateTable("brand").set({ competitor_of: brandId }).where("id", "=", rivalId).execute();
  const sourceId = await world.makeSource([brandId, rivalId]);
  await pushAll(
    world,
    sourceId,
    Array.from({ length: 600 }, (_, index) => angry(index)),
  );
  await pushAll(world, sourceId, [{ ...angry(3), text: "Волна исправилась, спасибо, всё хорошо" }]);
  await inTransaction(world.db, tx => addPerson(tx, 'Анна "Ё" \\', world.deps.clock()));
  await world.db
    .insertInto("source_validator")
    .values({
      source_id: sourceId,
      url: "https://a.test/",
      etag: null,
      last_modified: "",
      seen_at: new Date(1),
    })
    .execute();
  // A JSON null inside a column is not an absent value, and microseconds are kept.
  await sql`update source set cursor = 'null'::jsonb, credentials = '\\x00ff10'::bytea,
    created_at = '2026-01-02 03:04:05.678901+00'`.execute(world.db);
  await inTransaction(world.db, tx => eraseAuthor(tx, "push", "u-6", world.deps.clock()));
  await runCommand(["backup", file], { world });
  await inTransaction(world.db, tx => eraseAuthor(tx, "push", "u-5", world.deps.clock()));
  await runCommand(["backup", later], { world });
});

afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  for (const one of [world, ...others]) await one.close();
});

describe("backup and restore", () => {
  it("brings every row of every table back as it was", async () => {
    const other = await emptyWorld();
    const { out } = await runCommand(["restore", later, "--json"], { world: other });
    const tables = await tablesOf(world.db);
    expect(tables.length).toBeGreaterThan(30);
    let count = 0;
    for (const table of tables) {
      const before = await rowsOf(world.db, table);
      expect(await rowsOf(other.db, table), table).toEqual(before);
      count += before.length;
    }
    expect(JSON.parse(out)).toMatchObject({ rowCount: count, at: "2026-11-20T12:00:00.000Z" });
    expect(await rowsOf(other.db, "mention")).toHaveLength(600);
  });

  it("lets the numbers of the change log go on above the restored ones", async () => {
    const other = await emptyWorld();
    // As if the old server had counted many more transactions than this one.
    const lines = gunzipSync(readFileSync(file)).toString();
    const top = /"topSeq":"(\d+)"/.exec(lines)?.[1] as string;
    const high = String(BigInt(top) + (1_000_000n << 16n));
    const lifted = join(dir, "lifted.gz");
    writeFileSync(lifted, gzipSync(lines.replace(top, high)));
    await runCommand(["restore", lifted], { world: other });
    const brandId = (
      await other.db.selectFrom("brand").select("id").where("name", "=", "Волна").executeTakeFirstOrThrow()
    ).id;
    const sourceId = await other.makeSource([brandId]);
    await pushAll(other, sourceId, [angry(5_000)]);
    const seen = async () => {
      const { rows } = await sql<{ fresh: boolean; visible: boolean }>`
        select max(seq) > ${high}::bigint as fresh, max(seq) < seq_visible() as visible from mention`.execute(
        other.db,
      );
      return rows[0];
    };
    // What other tests have open on this server holds the reader back for a moment.
    await expect.poll(seen, { timeout: 20_000 }).toEqual({ fresh: true, visible: true });
  });

  it("forgets again who asked for it after the backup was made", async () => {
    const other = await emptyWorld();
    const { out } = await runCommand(["restore", file, "--erasures", later], { world: other });
    expect(out).toMatch(/85 documents of forgotten authors emptied/);
    const names = await other.db.selectFrom("author").select("external_id").orderBy("external_id").execute();
    expect(names.map(row => row.external_id)).toEqual(["u-0", "u-1", "u-2", "u-3", "u-4"]);
    const texts = await rowsOf(other.db, "document");
    expect(texts.filter(text => text.includes("обманывают 5 раз"))).toEqual([]);
  });

  it("keeps the file to its owner and leaves nothing half-written under its name", () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => statSync(`${file}.partial`)).toThrow(/ENOENT/);
  });

  it("restores nothing into a database that has rows", async () => {
    await expect(runCommand(["restore", file], { world })).rejects.toThrow(/not empty \(.*brand/);
  });

  it.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), /damaged/],
    ["no gzip", () => Buffer.from("hello"), /damaged or no backup/],
    ["another program's", () => gzipSync('{"a":1}\n'), /no backup of Molva/],
    [
      "without its end",
      (bytes: Buffer) => gzipSync(gunzipSync(bytes).toString().split("\n").slice(0, -2).join("\n")),
      /ends too early/,
    ],
    [
      "changed in one letter",
      (bytes: Buffer) =>
        gzipSync(gunzipSync(bytes).toString().replace("обманывают 5 раз", "обманывают 6 раз")),
      /not those that were written/,
    ],
    [
      "of another schema",
      (bytes: Buffer) => gzipSync(gunzipSync(bytes).toString().replace('"0001-ground"', '"9999-later"')),
      /schema/,
    ],
  ])("restores nothing from a file that is %s", async (_what, damage, message) => {
    const other = await emptyWorld();
    const broken = join(dir, "broken.gz");
    writeFileSync(broken, damage(readFileSync(file)));
    await expect(runCommand(["restore", broken], { world: other })).rejects.toThrow(message);
    expect(await rowsOf(other.db, "brand")).toEqual([]);
    expect(await rowsOf(other.db, "person")).toEqual([]);
  });
});
