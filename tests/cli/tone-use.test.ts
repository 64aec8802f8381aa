import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { correctMention } from "#pipeline/correct.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { inTransaction } from "#store/db.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { runCommand } from "./terminal.ts";

let world: World;
let brandId: string;
let sourceId: string;

beforeAll(async () => {
  world = await openWorld();
  brandId = await world.makeBrand({ name: "Волна" });
  sourceId = await world.makeSource([brandId], { title: "отзывы" });
  const rows = Array.from({ length: 12 }, (_, n) => ({
    sourceId,
    item: pushedItem({
      externalId: `t-${n}`,
      kind: "review",
      text: `Волна: ужасно, обман, номер ${n}`,
      publishedAt: new Date(Date.UTC(2026, 10, n + 1)),
    }),
  }));
  await inTransaction(world.db, tx =>
    push(tx, world.deps, rows, { trigger: "push", maySee: async () => true, now: world.deps.clock() }),
  );
  // As if an older model had scored them.
  await world.db.updateTable("mention").set({ model_version: "older" }).execute();
});
afterAll(() => world.close());

describe("tone rescore", () => {
  it("scores what is asked for, says so, and draws its bar on a terminal only", async () => {
    const { out, err } = await runCommand(
      ["tone", "rescore", "--brand", "Волна", "--since", "2026-11-08", "--json"],
      { world },
    );
    const { modelVersion } = world.deps.scorer;
    expect(JSON.parse(out)).toEqual({ modelVersion, doneCount: 5, scoredCount: 5 });
    expect(err).toBe("");
    const all = await runCommand(["tone", "rescore"], { world, isTerminal: true });
    expect(all.out).toBe(`${modelVersion}: 12 mentions looked at, 7 scored anew\n`);
    expect(all.err).toContain("[########################] 100 % 12 of 12 mentions");
  });

  it("names what it cannot understand", async () => {
    await expect(runCommand(["tone", "rescore", "--brand", "Прибой"], { world })).rejects.toThrow(
      'There is no brand "Прибой"',
    );
    await expect(runCommand(["tone", "rescore", "--since", "вчера"], { world })).rejects.toThrow(
      "expected a day such as 2026-01-31",
    );
  });
});

describe("tone recalibrate", () => {
  it("tells what there is to learn from, shows a fit before storing it, and stores it once", async () => {
    expect((await runCommand(["tone", "recalibrate"], { world })).out).toBe("No corrections yet\n");
    const mentions = await world.db.selectFrom("mention").select("id").execute();
    const scope = { actor: { personId: null, keyId: null }, brandIds: null };
    for (const { id } of mentions.slice(0, 8))
      await inTransaction(world.db, tx =>
        correctMention(tx, scope, id, { tone: "neutral" }, world.deps.clock()),
      );
    expect((await runCommand(["tone", "recalibrate"], { world })).out).toBe(
      "отзывы: 8 corrections, 8 new, left as it is\n",
    );
    const dry = await runCommand(["tone", "recalibrate", "--least", "8", "--dry-run"], { world });
    expect(dry.out).toMatch(
      /^отзывы: 8 corrections, 8 new; would be polarity × [\d.]+ \+ [\d.]+, decidedness/u,
    );
    const { out } = await runCommand(["tone", "recalibrate", "--least", "8", "--json"], { world });
    expect(JSON.parse(out)).toMatchObject({
      dryRun: false,
      sources: [{ id: sourceId, ownCount: 8, newCount: 8, fitted: { version: 1, kindCount: 0 } }],
    });
    expect(JSON.parse((await runCommand(["tone", "recalibrate", "--json"], { world })).out)).toMatchObject({
      sources: [{ newCount: 0, fitted: null }],
    });
  });

  it("says when a source has no corrections", async () => {
    await expect(runCommand(["tone", "recalibrate", "--source", brandId], { world })).rejects.toThrow(
      "There are no corrections of source",
    );
  });
});
