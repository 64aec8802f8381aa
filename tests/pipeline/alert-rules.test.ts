import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RuleKind } from "#domain/alerts/kinds.ts";
import { previewRule } from "#pipeline/alert-preview.ts";
import { checkedSettings } from "#pipeline/alert-settings.ts";
import { watchClocks } from "#pipeline/desk/watch-clocks.ts";
import { lookDue } from "#pipeline/look.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { openWorld, type World } from "./world.ts";

const start = "2026-11-20T12:00:00Z";
const texts = [
  "Ужасная Волна, хамят и обманывают, деньги не вернули. Никому не рекомендую!",
  "Волна отличная, вкусный кофе, вежливый персонал, очень рекомендую!",
  "Волна открылась на углу.",
  "Волна отравила ребёнка, пишу жалобу в Роспотребнадзор, ужас!",
] as const;

let world: World;
let brandId: string;
let sourceId: string;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.setNow(start);
  brandId = await world.makeBrand();
  sourceId = await world.makeSource([brandId]);
});

const makeRule = async (kind: RuleKind, settings: object = {}) => {
  const id = newId();
  const now = world.deps.clock();
  await world.db
    .insertInto("alert_rule")
    .values({
      id,
      brand_id: brandId,
      kind,
      name: kind,
      settings: JSON.stringify(checkedSettings(kind, { ...settings })),
      channel_ids: [],
      next_look_at: now,
      created_at: now,
      updated_at: now,
    })
    .execute();
  return id;
};

interface Text {
  id: number;
  text: number;
  stars: number | null;
  reach: number | null;
}

const say = async (rows: readonly Text[]) => {
  const items = rows.map(({ id, text, stars, reach }) => ({
    sourceId,
    item: pushedItem({
      externalId: `t-${id}`,
      kind: "review",
      text: `${texts[text]} ${id}`,
      rating: stars === null ? null : { value: stars, scale: 5 },
      author: { id: `u-${id}`, reach },
      publishedAt: world.deps.clock(),
    }),
  }));
  const options = { trigger: "push", maySee: async () => true, now: world.deps.clock() } as const;
  await inTransaction(world.db, tx => push(tx, world.deps, items, options));
};

const subjects = async (ruleId: string) =>
  (
    await world.db
      .selectFrom("alert")
      .select("subject")
      .where("rule_id", "=", ruleId)
      .orderBy("fired_at")
      .orderBy("subject")
      .execute()
  ).map(({ subject }) => subject);

const later = (minutes: number) =>
  world.setNow(new Date(world.deps.clock().getTime() + minutes * 60_000).toISOString());

const previewed = async (kind: RuleKind, settings: object = {}) => {
  const to = new Date(world.deps.clock().getTime() + 1);
  const past = { brandId, from: new Date(to.getTime() - 30 * 86_400_000), to };
  return (await previewRule(world.db, kind, settings, past)).firings.map(({ subject }) => subject);
};

describe("a preview", () => {
  const settingsOfMentions = fc.record(
    {
      maxScore: fc.constantFrom(-0.9, -0.5, 0),
      maxRating: fc.constantFrom(1, 3),
      minReach: fc.constantFrom(0, 100),
      tones: fc.constantFrom(["negative"], ["positive", "neutral"]),
      intents: fc.constantFrom(["safety"], ["threat"]),
      query: fc.constantFrom("жалоба", "деньги OR кофе"),
    },
    { requiredKeys: [] },
  );
  const page = fc.array(
    fc.record({
      id: fc.integer({ min: 0, max: 15 }),
      text: fc.integer({ min: 0, max: 3 }),
      stars: fc.constantFrom(null, 1, 3, 5),
      reach: fc.constantFrom(null, 10, 1_000),
    }),
    { minLength: 1, maxLength: 4 },
  );

  it("of rules about texts lists what they fired for, and a text that comes twice fires once", async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        settingsOfMentions,
        fc.array(page, { minLength: 1, maxLength: 3 }),
        async (settings, pages) => {
          brandId = await world.makeBrand();
          sourceId = await world.makeSource([brandId]);
          const rules = {
            "negative-mention": settings,
            keyword: {
              query: settings.query ?? "волна",
              ...(settings.tones ? { tones: settings.tones } : {}),
            },
          } as const;
          const negative = await makeRule("negative-mention", rules["negative-mention"]);
          const keyword = await makeRule("keyword", rules.keyword);
          round++;
          for (const rows of pages) {
            later(1);
            // A text keeps its words: what a rule made of former words is not to be seen later.
            const same = rows.map(row => ({
              ...row,
              id: row.id * 4 + row.text + round * 1_000,
              stars: row.id % 2 ? 1 : null,
              reach: row.id * 20,
            }));
            const unique = [...new Map(same.map(row => [row.id, row])).values()];
            await say(unique);
            await say(unique);
          }
          for (const [kind, ruleId] of [
            ["negative-mention", negative],
            ["keyword", keyword],
          ] as const) {
            expect((await previewed(kind, rules[kind])).toSorted()).toEqual(
              (await subjects(ruleId)).toSorted(),
            );
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it("of missed deadlines lists what fired, once for each state of the clock", async () => {
    const ruleId = await makeRule("sla");
    await say([{ id: 1, text: 0, stars: null, reach: null }]);
    for (let hour = 0; hour < 30; hour++) {
      later(60);
      await watchClocks(world.deps);
      await watchClocks(world.deps);
    }
    const fired = await subjects(ruleId);
    expect(fired.map(subject => subject.split(":")[2])).toEqual(["near", "breached"]);
    expect(await previewed("sla")).toEqual(fired);
    expect(await previewed("sla", { on: ["near"] })).toEqual(fired.slice(0, 1));
  });

  it("of a story that spreads lists what fired, however often the rule looks", async () => {
    const ruleId = await makeRule("cluster-growth", { minCount: 2, hours: 2 });
    const other = await world.makeSource([brandId]);
    const words =
      "Кофейня Волна на набережной закрылась без предупреждения, люди с оплаченными картами стоят у дверей и не знают, куда им идти теперь";
    for (let n = 0; n < 5; n++) {
      later(10);
      const item = pushedItem({
        externalId: `s-${n}`,
        kind: "news",
        text: words,
        publishedAt: world.deps.clock(),
      });
      const rows = [{ sourceId: n % 2 ? other : sourceId, item }];
      const options = { trigger: "push", maySee: async () => true, now: world.deps.clock() } as const;
      await inTransaction(world.db, tx => push(tx, world.deps, rows, options));
      later(5);
      await lookDue(world.deps);
      await lookDue(world.deps);
    }
    const fired = await subjects(ruleId);
    expect(fired.length).toBeGreaterThanOrEqual(1);
    expect(await previewed("cluster-growth", { minCount: 2, hours: 2 })).toEqual(fired);
  });
});

describe("a spike", () => {
  it("is told once, with its aspects, phrases, sources and mentions, and the preview lists it", async () => {
    const ruleId = await makeRule("spike");
    const now = world.deps.clock().getTime();
    const quarter = 900_000;
    const rows = Array.from({ length: 56 * 96 }, (_, index) => ({
      brand_id: brandId,
      start: new Date(Math.floor(now / quarter) * quarter - (index + 5) * quarter),
      source_id: sourceId,
      source_kind: "push",
      kind: "review" as const,
      language: "ru",
      total: 2 + (index % 2),
      positive: 0,
      neutral: 2 + (index % 2),
      negative: 0,
      score_sum: 0,
      rating_sum: 0,
      rating_count: 0,
    }));
    for (let from = 0; from < rows.length; from += 1_000)
      await world.db
        .insertInto("rollup_quarter")
        .values(rows.slice(from, from + 1_000))
        .execute();
    for (let minute = 0; minute < 60; minute += 6) {
      await say(
        Array.from({ length: 6 }, (_, n) => ({
          id: 5_000 + minute * 10 + n,
          text: 3,
          stars: null,
          reach: n,
        })),
      );
      later(6);
      await lookDue(world.deps);
      await lookDue(world.deps);
    }
    const fired = await subjects(ruleId);
    expect(fired).toHaveLength(1);
    const alert = await world.db
      .selectFrom("alert")
      .selectAll()
      .where("rule_id", "=", ruleId)
      .executeTakeFirstOrThrow();
    expect(alert.reason).toMatchObject({ of: "all", sources: [{ sourceId }] });
    expect(alert.reason["mentionIds"]).toHaveLength(3);
    expect(Number(alert.reason["count"])).toBeGreaterThan(2 * Number(alert.reason["expected"]));
    expect(await previewed("spike")).toEqual(fired);
  });

  it("needs weeks of the past: a new brand has none", async () => {
    const ruleId = await makeRule("spike");
    await say(Array.from({ length: 50 }, (_, n) => ({ id: 9_000 + n, text: 2, stars: null, reach: null })));
    later(5);
    await lookDue(world.deps);
    expect(await subjects(ruleId)).toEqual([]);
    expect(await previewed("spike")).toEqual([]);
  });
});
