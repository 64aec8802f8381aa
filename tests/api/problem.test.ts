import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toProblem } from "#api/problem.ts";
import { inTransaction } from "#store/db.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test("a question that takes too long is told to ask for less, not that Molva is broken", async () => {
  const error = await inTransaction(world.db, async tx => {
    await sql`set local statement_timeout = 20`.execute(tx);
    await sql`select pg_sleep(5)`.execute(tx);
  }).catch((thrown: unknown) => thrown);
  const { status, type, message } = toProblem(error);
  expect([status, type]).toEqual([503, "unavailable"]);
  expect(message).toContain("ask for a shorter range");
});
