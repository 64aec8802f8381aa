import { sql } from "kysely";
import pg from "pg";
import { expect, it } from "vitest";
import { listRivals } from "#store/brand.ts";
import { inTransaction } from "#store/db.ts";
import { openWorld } from "#tests/pipeline/world.ts";

it("rivals come in the order that people read, whatever orders the server knows", async () => {
  const world = await openWorld();
  const ownId = await world.makeBrand({ name: "Яхта" });
  for (const name of ["Чибис", "ёлка", "Жук", "zebra", "Альфа", "Ель", "Zeta", "бета"])
    await world.makeBrand({ name, competitorOf: ownId });
  const owner = new pg.Client(world.database.ownerUrl);
  await owner.connect();
  // In the place of ICU's order, which a server may be built without.
  await owner.query(`create collation public."und-x-icu" (provider = libc, locale = 'C')`);
  await owner.end();
  const rows = await inTransaction(world.db, async tx => {
    await sql`set local search_path = public, pg_catalog`.execute(tx);
    return listRivals(tx, ownId);
  });
  expect(rows.map(row => row.name)).toEqual([
    "Яхта",
    "zebra",
    "Zeta",
    "Альфа",
    "бета",
    "ёлка",
    "Ель",
    "Жук",
    "Чибис",
  ]);
  await world.close();
});
