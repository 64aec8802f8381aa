import { afterAll, beforeAll, expect, it } from "vitest";
import { push, pushedItem } from "#pipeline/push.ts";
import { readChanges } from "#store/change.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { changedMentions } from "#store/mention-read.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let brandId: string;
let sources: string[];

beforeAll(async () => {
  world = await openWorld();
  brandId = await world.makeBrand();
  sources = await Promise.all(Array.from({ length: 4 }, () => world.makeSource([brandId])));
});
afterAll(() => world.close());

const write = (tx: Tx, source: string, externalId: string) => {
  const item = pushedItem({ externalId, kind: "post", text: `Волна открылась, ${externalId}` });
  const options = { trigger: "push", maySee: async () => true, now: world.deps.clock() } as const;
  return push(tx, world.deps, [{ sourceId: source, item }], options);
};
const readFrom = (after: number) => changedMentions(world.db, { brandIds: null, after, limit: 500 });

it("a row of a transaction that commits late is not skipped by a reader who saw a later one", async () => {
  const [first, second] = sources as [string, string];
  const early = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const slow = inTransaction(world.db, async tx => {
    await write(tx, first, "began first");
    written.resolve();
    await early.promise;
  });
  await written.promise;
  await inTransaction(world.db, tx => write(tx, second, "committed first"));
  const before = await readFrom(0);
  const last = before.at(-1)?.seq ?? 0;
  early.resolve();
  await slow;
  // What another test's open transaction on this server holds back appears when that has ended.
  const seen = async () => [...before, ...(await readFrom(last))].map(row => row.text).toSorted();
  await expect
    .poll(seen, { timeout: 25_000 })
    .toEqual(["Волна открылась, began first", "Волна открылась, committed first"]);
});

it("a reader who remembers the last number sees every mention under concurrent writers, and so does the log", async () => {
  const start = (await readFrom(0)).at(-1)?.seq ?? 0;
  const perWriter = 40;
  const all = sources.length * perWriter;
  const seen = new Set<string>();
  const logged = new Set<string>();
  const reader = (async () => {
    let after = start;
    let position = start;
    // What another test's open transaction on this server holds back appears when that has ended.
    for (const end = performance.now() + 25_000; seen.size < all && performance.now() < end; ) {
      const rows = await readFrom(after);
      for (const row of rows) seen.add(row.text);
      after = rows.at(-1)?.seq ?? after;
      const changes = await readChanges(world.db, position, 500);
      for (const change of changes) logged.add(change.subject_id);
      position = changes.at(-1)?.seq ?? position;
    }
  })();
  await Promise.all(
    sources.map(async (source, writer) => {
      for (let n = 0; n < perWriter; n++)
        await inTransaction(world.db, tx => write(tx, source, `${writer}-${n}`));
    }),
  );
  await reader;
  expect(seen.size).toBe(all);
  expect(logged.size).toBeGreaterThanOrEqual(all);
});
