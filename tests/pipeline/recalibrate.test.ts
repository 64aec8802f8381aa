import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { correctMention } from "#pipeline/correct.ts";
import { correctedRows } from "#pipeline/corrected-rows.ts";
import type { Deps } from "#pipeline/deps.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { recalibrateSources } from "#pipeline/recalibrate.ts";
import { rescore } from "#pipeline/rescore.ts";
import { scoreHere } from "#pipeline/score.ts";
import { inTransaction } from "#store/db.ts";
import { newestScores } from "#store/rescore.ts";
import type { Scorer } from "#tone/define.ts";
import { leadsOf, recalibrated, scoredBy, toneOf, unchanged } from "#tone/recalibrate.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let brandId: string;
let sourceId: string;
let deps: Deps;
beforeAll(async () => {
  world = await openWorld();
  const scorer = sourModel(world.deps.scorer);
  deps = { ...world.deps, scorer, scoreAll: scoreHere(scorer) };
});
afterAll(() => world.close());
beforeEach(async () => {
  brandId = await world.makeBrand();
  sourceId = await world.makeSource([brandId]);
});

/** A model that takes every text for a complaint, with a doubt. */
function sourModel(real: Scorer): Scorer {
  const logits = () => ({ negative: 1, positive: -2, negativeLead: 0, positiveLead: 0 });
  return {
    ...real,
    modelVersion: "sour",
    logits,
    score: input => {
      const { recalibration = null } = input;
      const moved = recalibration === null ? logits() : recalibrated(logits(), recalibration);
      const label = toneOf(moved, leadsOf(logits(), recalibration ?? unchanged));
      return { ...real.score(input), label, modelVersion: scoredBy("sour", recalibration) };
    },
  };
}

const scope = { actor: { personId: null, keyId: null }, brandIds: null };
const joke = (n: number) => `Волна: кофе чёрный, как моя жизнь, ${n}`;

async function store(source: string, ids: readonly string[], text: (n: number) => string): Promise<void> {
  const rows = ids.map((externalId, n) => ({
    sourceId: source,
    item: pushedItem({ externalId, kind: "review", text: text(n) }),
  }));
  await inTransaction(world.db, tx =>
    push(tx, deps, rows, { trigger: "push", maySee: async () => true, now: world.deps.clock() }),
  );
}

const mentionsOf = (source: string) =>
  world.db.selectFrom("mention").selectAll().where("source_id", "=", source).orderBy("id").execute();

async function say(source: string, tone: "positive" | "neutral" | "negative", count: number): Promise<void> {
  for (const { id } of (await mentionsOf(source)).filter(one => one.human_tone === null).slice(0, count))
    await inTransaction(world.db, tx => correctMention(tx, scope, id, { tone }, world.deps.clock()));
}

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

describe("corrections of a source", () => {
  it("make its new mentions follow, leave the stored ones as they were, and never touch a person's word", async () => {
    await store(sourceId, ids("a", 50), joke);
    const [first] = await mentionsOf(sourceId);
    expect(first?.model_tone).toBe("negative");
    await say(sourceId, "neutral", 49);
    const [fitted] = await recalibrateSources(deps, { sourceId });
    expect(fitted).toMatchObject({ id: sourceId, ownCount: 49, newCount: 49, fitted: { version: 1 } });
    const before = await mentionsOf(sourceId);
    expect(before.filter(one => one.human_tone === "neutral")).toHaveLength(49);
    await store(sourceId, ["fresh"], () => joke(99));
    const fresh = (await mentionsOf(sourceId)).at(-1);
    expect(fresh).toMatchObject({
      model_tone: "neutral",
      human_tone: null,
      model_version: "sour+1",
    });
    await rescore(deps, { brandId, since: null });
    expect((await mentionsOf(sourceId)).slice(0, 50)).toEqual(before);
    const uncorrected = before.find(one => one.human_tone === null)?.id as string;
    expect((await newestScores(world.db, [uncorrected])).get(uncorrected)).toMatchObject({ tone: "neutral" });
  });

  it("are fitted when enough are new, each time as the next version; a confirmation counts", async () => {
    await store(sourceId, ids("b", 30), joke);
    await say(sourceId, "negative", 9);
    expect((await recalibrateSources(deps, { sourceId }))[0]?.fitted).toBeNull();
    await say(sourceId, "negative", 1);
    expect((await recalibrateSources(deps, { sourceId }))[0]?.fitted).toMatchObject({ version: 1 });
    expect((await recalibrateSources(deps, { sourceId }))[0]).toMatchObject({
      newCount: 0,
      fitted: null,
    });
    world.setNow("2026-11-20T13:00:00Z");
    await say(sourceId, "negative", 10);
    expect((await recalibrateSources(deps, { sourceId }))[0]).toMatchObject({
      newCount: 10,
      fitted: { version: 2 },
    });
    world.setNow("2026-11-20T12:00:00Z");
  });

  it("teach other sources of the kind a little, once those have corrections of their own", async () => {
    const other = await world.makeSource([brandId], { kind: "rss-feed" });
    const sibling = await world.makeSource([brandId]);
    await store(sibling, ids("c", 10), joke);
    await say(sibling, "negative", 10);
    const [alone] = await recalibrateSources(deps, { sourceId: sibling, dryRun: true });
    await store(sourceId, ids("d", 60), joke);
    await say(sourceId, "neutral", 60);
    const [taught] = await recalibrateSources(deps, { sourceId: sibling });
    expect(taught?.fitted?.kindCount).toBeGreaterThanOrEqual(60);
    expect(taught?.fitted?.polarityBias).toBeGreaterThan(alone?.fitted?.polarityBias ?? 0);
    expect(await recalibrateSources(deps, { sourceId: other })).toEqual([]);
  });

  it("that were taken back or forgotten do not teach", async () => {
    await store(sourceId, ids("e", 12), joke);
    await say(sourceId, "neutral", 12);
    const mentions = await mentionsOf(sourceId);
    for (const { id } of mentions.slice(0, 4))
      await inTransaction(world.db, tx => correctMention(tx, scope, id, { tone: null }, world.deps.clock()));
    for (const { id } of mentions.slice(4, 6))
      await inTransaction(world.db, tx =>
        correctMention(tx, scope, id, { matched: false }, world.deps.clock()),
      );
    expect((await recalibrateSources(deps, { sourceId }))[0]).toMatchObject({
      ownCount: 6,
      fitted: null,
    });
  });
});

it("corrections are texts to learn from too, without their stars and without those taken back", async () => {
  await store(sourceId, ids("f", 3), joke);
  await say(sourceId, "positive", 2);
  const [first] = await mentionsOf(sourceId);
  await inTransaction(world.db, tx =>
    correctMention(tx, scope, first?.id as string, { tone: null }, world.deps.clock()),
  );
  const rows = (await correctedRows(world.deps)).filter(row => row.group === sourceId);
  expect(rows).toEqual([
    {
      set: "corrections",
      input: { text: joke(1), kind: "review", brandSpans: [{ start: 0, end: 5 }] },
      label: 2,
      polar: false,
      group: sourceId,
    },
  ]);
});
