import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addCounts } from "#domain/metrics.ts";
import { changeBrand } from "#pipeline/brands.ts";
import { correctMention } from "#pipeline/correct.ts";
import type { Deps } from "#pipeline/deps.ts";
import { eraseAuthor } from "#pipeline/erase.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { continueRematches } from "#pipeline/rematch.ts";
import { rescore } from "#pipeline/rescore.ts";
import { scoreHere } from "#pipeline/score.ts";
import { inTransaction } from "#store/db.ts";
import { newestScores } from "#store/rescore.ts";
import { type Bucket, type Grouping, readTrend, type TrendQuestion } from "#store/trend.ts";
import { readRescoredGroups, readRescoredTrend } from "#store/trend-rescored.ts";
import type { Scorer, Tone, ToneInput } from "#tone/define.ts";
import { expectCounts } from "./recount.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("2026-11-20T12:00:00Z");
});
afterAll(() => world.close());

const tones = ["negative", "neutral", "positive"] as const;
const scope = { actor: { personId: null, keyId: null }, brandIds: null };

/** A model whose word follows from the text's last number and its own version: each version thinks otherwise. */
function model(version: number): Pick<Deps, "scorer" | "scoreAll"> {
  const at = ({ text }: ToneInput) => (Number(/\d+$/u.exec(text)?.[0] ?? 0) * 7 + version * 5) % 9;
  const scorer: Scorer = {
    ...world.deps.scorer,
    modelVersion: `test-${version}`,
    score: input => ({
      label: tones[at(input) % 3] as Tone,
      score: (at(input) - 4) / 5,
      confidence: 0.9,
      uncertain: false,
      language: /english/u.test(input.text) ? "en" : "ru",
      aspects: ["price", "delivery", "price", "price"].slice(0, 1 + (at(input) % 4)).map((aspect, n) => ({
        aspect,
        label: tones[(at(input) + n * n) % 3] as Tone,
        score: ((at(input) * 31 + n * 7) % 19) / 19,
        quote: "secret",
        start: n,
        end: n + 6,
      })),
      intents: [],
      spam: false,
      conflict: false,
      basis: "text",
      modelVersion: `test-${version}`,
    }),
  };
  return { scorer, scoreAll: scoreHere(scorer) };
}
const depsOf = (version: number): Deps => ({ ...world.deps, ...model(version) });

interface Text {
  id: string;
  kind: "review" | "post";
  text: string;
  at: string;
  author?: string;
  rating?: number;
}

const store = (deps: Deps, sourceId: string, texts: readonly Text[]) =>
  inTransaction(world.db, tx =>
    push(
      tx,
      deps,
      texts.map(({ id, kind, text, at, author, rating }) => ({
        sourceId,
        item: pushedItem({
          externalId: id,
          kind,
          text,
          publishedAt: new Date(at),
          ...(rating === undefined ? {} : { rating: { value: rating, scale: 5 } }),
          ...(author === undefined ? {} : { author: { id: author, name: null, url: null, reach: null } }),
        }),
      })),
      { trigger: "push", maySee: async () => true, now: world.deps.clock() },
    ),
  );

const mentionsOf = (brandId: string) =>
  world.db.selectFrom("mention").selectAll().where("brand_id", "=", brandId).orderBy("id").execute();

const correct = (id: string, word: Parameters<typeof correctMention>[3]) =>
  inTransaction(world.db, tx => correctMention(tx, scope, id, word, world.deps.clock()));

/** Sums of all mentions with their newest scores, by local day and value of the split: the oracle knows no SQL of ours. */
async function recount(brandId: string, zone: string, grouping: Grouping | null) {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  const mentions = (await mentionsOf(brandId)).filter(mention => mention.deleted_at === null);
  const newest = await newestScores(
    world.db,
    mentions.map(mention => mention.id),
  );
  const sums: Record<string, { total: number; tones: number[]; score: number }> = {};
  for (const mention of mentions) {
    const score = newest.get(mention.id);
    const tone = mention.human_tone ?? score?.tone ?? mention.model_tone;
    const split = {
      source: mention.source_id,
      sourceKind: mention.source_kind,
      kind: mention.kind,
      language: mention.language,
    };
    const key = `${format.format(mention.occurred_at)} ${grouping === null ? "" : split[grouping]}`;
    sums[key] ??= { total: 0, tones: [0, 0, 0], score: 0 };
    const sum = sums[key];
    sum.total++;
    sum.tones[tones.indexOf(tone)] = (sum.tones[tones.indexOf(tone)] ?? 0) + 1;
    sum.score = Math.round((sum.score + (score?.score ?? mention.score)) * 1000) / 1000;
  }
  return sums;
}

const from = new Date("2026-10-20T00:00:00Z");
const to = new Date("2026-11-10T00:00:00Z");

function question(brandId: string, timezone: string, bucket: Bucket = "day"): TrendQuestion {
  return { brandId, from, to, bucket, timezone, brandTimezone: "Europe/Moscow" };
}

async function shown(brandId: string, zone: string, grouping: Grouping | null) {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  const asked = question(brandId, zone);
  const range = { from, to };
  const rows =
    grouping === null
      ? (await readRescoredTrend(world.db, asked)).map(row => ({ ...row, group: "" }))
      : await readRescoredGroups(world.db, asked, grouping, range);
  return Object.fromEntries(
    rows
      .filter(row => row.total > 0)
      .map(row => [
        `${format.format(row.start)} ${row.group}`,
        {
          total: row.total,
          tones: [row.negative, row.neutral, row.positive],
          score: Math.round(row.scoreSum * 1000) / 1000 + 0,
        },
      ]),
  );
}

const zones = ["Europe/Moscow", "UTC", "America/New_York", "Asia/Kathmandu", "America/Havana"];
const groupings = [null, "kind", "language", "sourceKind", "source"] as const;

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("rescore" as const), n: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("correct" as const),
      n: fc.nat(30),
      tone: fc.constantFrom("negative", "neutral", "positive", null),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("match" as const), n: fc.nat(30), matched: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("push" as const),
      n: fc.nat(12),
      to: fc.nat(60),
      kind: fc.constantFrom("review" as const, "post" as const),
      english: fc.boolean(),
      model: fc.integer({ min: 0, max: 3 }),
      hour: fc.nat(480),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("aspects" as const),
      n: fc.nat(30),
      aspects: fc.option(
        fc.array(fc.record({ aspect: fc.constantFrom("price", "staff"), tone: fc.constantFrom(...tones) }), {
          maxLength: 3,
        }),
        { nil: null },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("copy" as const), n: fc.nat(20), hour: fc.nat(480) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("query" as const), radio: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("erase" as const), n: fc.nat(3) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

type Take<Name extends Step["do"]> = (
  where: { brandId: string; sourceId: string },
  one: Extract<Step, { do: Name }>,
) => Promise<unknown>;

/** Long enough that a second one of the same author is a copy. */
const longText =
  "Волна снова радует: заказ привезли на следующий день, упаковка цела, курьер вежлив, поддержка ответила сразу, спасибо всем 7";

async function correctOne(brandId: string, n: number, word: Parameters<typeof correctMention>[3]) {
  const mentions = await mentionsOf(brandId);
  const mention = mentions[n % Math.max(1, mentions.length)];
  if (mention) await correct(mention.id, word);
}

const takes: { [Name in Step["do"]]: Take<Name> } = {
  rescore: ({ brandId }, { n }) => rescore(depsOf(n), { brandId, since: null }),
  push: ({ sourceId }, one) => {
    const at = new Date(from.getTime() + one.hour * 3_600_000 + 1_234).toISOString();
    const words = one.english ? "Волна english text" : one.to % 4 === 0 ? "радио Волна" : "Волна";
    const text = {
      id: `t-${one.n}`,
      kind: one.kind,
      text: `${words} ${one.to}`,
      at,
      author: `a-${one.n % 4}`,
    };
    return store(depsOf(one.model), sourceId, [text]);
  },
  aspects: ({ brandId }, { n, aspects }) => correctOne(brandId, n, { aspects }),
  copy: ({ sourceId }, { n, hour }) => {
    const at = new Date(from.getTime() + hour * 3_600_000).toISOString();
    return store(depsOf(n % 3), sourceId, [
      { id: `c-${n}`, kind: "post", text: longText, at, author: "a-copy", rating: n % 5 },
    ]);
  },
  query: async ({ brandId }, { radio }) => {
    const query = radio ? "Волна" : "Волна AND NOT радио";
    await inTransaction(world.db, tx => changeBrand(tx, brandId, { query }, world.deps.clock()));
    await continueRematches(depsOf(1), new AbortController().signal);
  },
  erase: (_where, { n }) =>
    inTransaction(world.db, tx => eraseAuthor(tx, "push", `a-${n}`, world.deps.clock())),
  correct: ({ brandId }, { n, tone }) => correctOne(brandId, n, { tone }),
  match: ({ brandId }, { n, matched }) => correctOne(brandId, n, { matched }),
};

describe("the trend as it is scored now", () => {
  it("is the recount of all mentions, whatever people, edits and models did, in any zone and split", {
    timeout: 180_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async steps => {
        const brandId = await world.makeBrand();
        const sourceId = await world.makeSource([brandId]);
        const seed = Array.from({ length: 6 }, (_, n) => ({
          id: `t-${n}`,
          kind: n % 2 === 0 ? ("review" as const) : ("post" as const),
          text: `Волна ${n}`,
          at: new Date(from.getTime() + n * 40 * 3_600_000).toISOString(),
          author: `a-${n % 4}`,
        }));
        await store(depsOf(0), sourceId, seed);
        for (const one of steps) await (takes[one.do] as Take<Step["do"]>)({ brandId, sourceId }, one);
        for (const zone of zones)
          for (const grouping of groupings)
            expect(await shown(brandId, zone, grouping)).toEqual(await recount(brandId, zone, grouping));
        await expectCounts(world.db, brandId);
        const then = await readTrend(world.db, question(brandId, "UTC"));
        const firsts = (await mentionsOf(brandId)).filter(mention => mention.deleted_at === null);
        const negative = firsts.filter(mention => mention.tone === "negative");
        expect(then.reduce((sum, row) => sum + row.negative, 0)).toBe(negative.length);
        await world.db.deleteFrom("source_brand").where("source_id", "=", sourceId).execute();
      }),
      { numRuns: 6 },
    );
  });
});

describe("a rescoring", () => {
  const texts = (count: number): Text[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `r-${n}`,
      kind: "review",
      text: `Волна ${n}`,
      at: new Date(from.getTime() + n * 3_600_000).toISOString(),
    }));

  it("leaves the mention, its case, its number in the log and the alerts as they were", async () => {
    const brandId = await world.makeBrand();
    const sourceId = await world.makeSource([brandId]);
    await store(depsOf(0), sourceId, texts(9));
    const state = async () => ({
      mentions: await mentionsOf(brandId),
      cases: await world.db.selectFrom("case").selectAll().where("brand_id", "=", brandId).execute(),
      changes: await world.db
        .selectFrom("change")
        .select(eb => eb.fn.countAll().as("count"))
        .execute(),
      alerts: await world.db.selectFrom("alert").selectAll().execute(),
    });
    const before = await state();
    expect(before.cases.length).toBeGreaterThan(0);
    expect(await rescore(depsOf(1), { brandId, since: null })).toEqual({ doneCount: 9, scoredCount: 9 });
    expect(await state()).toEqual(before);
    const scores = await newestScores(
      world.db,
      before.mentions.map(mention => mention.id),
    );
    expect(scores.size).toBe(9);
    expect(JSON.stringify([...scores.values()])).not.toContain("secret");
  });

  it("by the model that has scored already does nothing", async () => {
    const brandId = await world.makeBrand();
    const sourceId = await world.makeSource([brandId]);
    await store(depsOf(2), sourceId, texts(3));
    expect((await rescore(depsOf(2), { brandId, since: null })).scoredCount).toBe(0);
    expect((await rescore(depsOf(3), { brandId, since: null })).scoredCount).toBe(3);
    expect((await rescore(depsOf(3), { brandId, since: null })).scoredCount).toBe(0);
  });

  it("takes only mentions since a day when asked so", async () => {
    const brandId = await world.makeBrand();
    const sourceId = await world.makeSource([brandId]);
    await store(depsOf(0), sourceId, texts(10));
    const since = new Date(from.getTime() + 4 * 3_600_000);
    expect(await rescore(depsOf(1), { brandId, since })).toEqual({ doneCount: 6, scoredCount: 6 });
  });

  it("that was cut off goes on where it stopped, and another wish begins anew", async () => {
    const brandId = await world.makeBrand();
    const sourceId = await world.makeSource([brandId]);
    const count = 1_200;
    for (let n = 0; n < count; n += 600) await store(depsOf(0), sourceId, texts(count).slice(n, n + 600));
    const dies = (model: Deps): Deps => {
      let batches = 0;
      return {
        ...model,
        scoreAll: async inputs => {
          if (++batches === 2) throw new Error("killed");
          return model.scoreAll(inputs);
        },
      };
    };
    await expect(rescore(dies(depsOf(1)), { brandId, since: null })).rejects.toThrow("killed");
    const seen: number[] = [];
    const done = await rescore(depsOf(1), { brandId, since: null }, ({ doneCount, totalCount }) => {
      expect(totalCount).toBe(count);
      seen.push(doneCount);
    });
    expect(done).toEqual({ doneCount: count, scoredCount: 700 });
    expect(seen).toEqual([1_000, 1_200]);
    await expect(rescore(dies(depsOf(2)), { brandId, since: null })).rejects.toThrow("killed");
    expect((await rescore(depsOf(3), { brandId, since: null })).scoredCount).toBe(count);
  });

  it("that was killed in the middle is finished by the next run, and nothing counts twice", async () => {
    const brandId = await world.makeBrand();
    const sourceId = await world.makeSource([brandId]);
    const count = 2_400;
    for (let n = 0; n < count; n += 600) await store(depsOf(0), sourceId, texts(count).slice(n, n + 600));
    const script = fileURLToPath(new URL("./rescore-process.ts", import.meta.url));
    const child = spawn(process.execPath, [script, world.database.appUrl, brandId], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await ended;
    const task = await world.db
      .selectFrom("task")
      .select(["state", "done_count"])
      .where("brand_id", "=", brandId)
      .executeTakeFirstOrThrow();
    expect(task.state).toBe("waiting");
    expect(task.done_count).toBeGreaterThanOrEqual(500);
    const { doneCount, scoredCount } = await rescore(world.deps, { brandId, since: null });
    expect([doneCount, scoredCount]).toEqual([count, count - task.done_count]);
    const asked = { ...question(brandId, "UTC"), to: new Date(from.getTime() + count * 3_600_000) };
    const counted = await readRescoredTrend(world.db, asked);
    const { neutral, positive, negative } = addCounts(counted);
    expect(neutral + positive + negative).toBe(count);
    const newest = await newestScores(
      world.db,
      (await mentionsOf(brandId)).map(mention => mention.id),
    );
    expect(negative).toBe([...newest.values()].filter(score => score.tone === "negative").length);
  });
});
