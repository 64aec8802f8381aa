import { afterAll, beforeAll, expect, it } from "vitest";
import { forgetOld } from "#pipeline/prune.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { inTransaction } from "#store/db.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("2026-10-01T00:00:00Z");
});
afterAll(() => world.close());

const texts = async () =>
  (await world.db.selectFrom("document").select("external_id").orderBy("external_id").execute()).map(
    row => row.external_id,
  );

it("forgets texts that no brand matched after 30 days, and nothing that a brand did", async () => {
  const sourceId = await world.makeSource([await world.makeBrand()]);
  const items = { kept: "Волна открылась", dropped: "О погоде" };
  const rows = Object.entries(items).map(([externalId, text]) => ({
    sourceId,
    item: pushedItem({ externalId, kind: "post", text }),
  }));
  await inTransaction(world.db, tx =>
    push(tx, world.deps, rows, { trigger: "push", maySee: async () => true, now: world.deps.clock() }),
  );
  world.setNow("2026-10-30T00:00:00Z");
  await forgetOld(world.deps);
  expect(await texts()).toEqual(["dropped", "kept"]);
  world.setNow("2026-11-01T00:00:00Z");
  expect(await forgetOld(world.deps, true)).toMatchObject({ unmatchedDocuments: 1 });
  expect(await texts()).toEqual(["dropped", "kept"]);
  expect(await forgetOld(world.deps)).toMatchObject({ unmatchedDocuments: 1 });
  expect(await texts()).toEqual(["kept"]);
});
