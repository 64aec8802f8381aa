import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Deps } from "#pipeline/deps.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { scoreHere } from "#pipeline/score.ts";
import { readCommunity } from "#pipeline/trends/community.ts";
import { readTopics } from "#pipeline/trends/topics.ts";
import { inTransaction } from "#store/db.ts";
import { readAuthors } from "#store/trend-authors.ts";
import { readLatency } from "#store/trend-latency.ts";
import { sampleTexts } from "#store/trend-texts.ts";
import type { Scorer, Tone } from "#tone/define.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("2026-11-20T12:00:00Z");
});
afterAll(() => world.close());

/** A model that reads the tone off the last word. */
function depsOf(): Deps {
  const scorer: Scorer = {
    ...world.deps.scorer,
    score: ({ text }) => ({
      label: (/(positive|negative)$/.exec(text)?.[0] ?? "neutral") as Tone,
      score: 0,
      confidence: 0.9,
      uncertain: false,
      language: "ru",
      aspects: [],
      intents: [],
      spam: false,
      conflict: false,
      basis: "text",
      modelVersion: "test",
    }),
  };
  return { ...world.deps, scorer, scoreAll: scoreHere(scorer) };
}

interface Text {
  n: number;
  author: number | null;
  at: Date;
  tone: Tone;
  parent?: number | null;
  owned?: boolean;
  official?: boolean;
  views?: number | null;
  likes?: number;
  words?: string;
}

const official = [{ sourceKind: "push", account: "brand" }];
const authorOf = ({ author, official: isOfficial }: Text) => {
  if (isOfficial) return { id: "brand", name: "Волна", url: null, reach: null };
  return author === null
    ? null
    : { id: `u-${author}`, name: `Имя ${author}`, url: null, reach: author % 3 === 0 ? null : author * 100 };
};

const store = (sourceId: string, texts: readonly Text[]) =>
  inTransaction(world.db, tx =>
    push(
      tx,
      depsOf(),
      texts.map(text => ({
        sourceId,
        item: pushedItem({
          externalId: `${sourceId} ${text.n}`,
          kind: "comment",
          text: `Волна ${text.words ?? `текст ${text.n}`} ${text.tone}`,
          publishedAt: text.at,
          author: authorOf(text),
          owned: text.owned ?? false,
          parentExternalId:
            text.parent === undefined || text.parent === null ? null : `${sourceId} ${text.parent}`,
          engagement: {
            likes: text.likes ?? 0,
            ...(text.views === undefined || text.views === null ? {} : { views: text.views }),
          },
        }),
      })),
      { trigger: "push", maySee: async () => true, now: world.deps.clock() },
    ),
  );

const dayMs = 86_400_000;
const from = new Date("2026-10-01T00:00:00Z");
const to = new Date("2026-11-01T00:00:00Z");
const inside = ({ at }: Text) => at >= from && at < to;
const tone = fc.constantFrom<Tone>("positive", "neutral", "negative");

const drawnTexts = fc
  .array(
    fc.record({
      author: fc.option(fc.integer({ min: 1, max: 7 }), { nil: null }),
      day: fc.integer({ min: -400, max: 40 }),
      tone,
      parent: fc.option(fc.nat(30), { nil: null }),
      owned: fc.boolean(),
      official: fc.integer({ min: 0, max: 7 }).map(n => n === 0),
      views: fc.option(fc.integer({ min: 0, max: 50 }), { nil: null }),
      likes: fc.nat(5),
    }),
    { minLength: 5, maxLength: 40 },
  )
  .map(all =>
    all.map(
      ({ day, parent, ...rest }, n): Text => ({
        ...rest,
        n,
        parent: parent !== null && parent < n ? parent : null,
        at: new Date(from.getTime() + day * dayMs + 3_600_000 * (n % 24)),
      }),
    ),
  );

const share = (part: number, whole: number) =>
  whole === 0 ? null : Math.round((part / whole) * 1000) / 1000;

describe("views of single mentions equal a recount", () => {
  it("of authors: new, returning, praising and blaming ones, and who leads each list", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTexts, async drawn => {
        const brandId = await world.makeBrand({ officialAccounts: official });
        const sourceId = await world.makeSource([brandId], { actFrom: "2020-01-01T00:00:00Z" });
        await store(sourceId, drawn);
        const texts = drawn.filter(text => !text.official);
        const view = await readAuthors(world.db, { brandId, from, to, limit: 1_000 }, 3);
        const own = [1, 2, 3, 4, 5, 6, 7]
          .map(author => {
            const mentions = texts.filter(text => inside(text) && text.author === author);
            const count = (name: Tone) => mentions.filter(text => text.tone === name).length;
            return {
              id: `u-${author}`,
              reach: author % 3 === 0 ? null : author * 100,
              mentions: mentions.length,
              lean: count("positive") - count("negative"),
              isNew: !texts.some(text => text.author === author && text.at < from),
            };
          })
          .filter(({ mentions }) => mentions > 0);
        expect(view).toMatchObject({
          sample: { readCount: texts.filter(inside).length, limit: 1_000, since: null },
          signedCount: own.reduce((sum, one) => sum + one.mentions, 0),
          authorCount: own.length,
          newCount: own.filter(one => one.isNew).length,
          returningCount: own.filter(one => !one.isNew).length,
          promoterCount: own.filter(one => one.lean > 0).length,
          detractorCount: own.filter(one => one.lean < 0).length,
          reach: own.reduce((sum, one) => sum + (one.reach ?? 0), 0),
          reachCount: own.filter(one => one.reach !== null).length,
        });
        const ids = (list: keyof typeof view.lists) => view.lists[list].map(author => author.authorId);
        const heard = own
          .filter(one => one.reach !== null)
          .sort((a, b) => (b.reach as number) - (a.reach as number));
        expect(ids("leaders")).toEqual(heard.slice(0, 3).map(one => one.id));
        const firsts = (score: (one: (typeof own)[number]) => number) =>
          own
            .map(score)
            .filter(value => value > 0)
            .sort((a, b) => b - a)
            .slice(0, 3);
        expect(view.lists.active.map(one => one.mentionCount)).toEqual(firsts(one => one.mentions));
        expect(view.lists.promoters.map(one => one.positive - one.negative)).toEqual(firsts(one => one.lean));
        expect(view.lists.detractors.map(one => one.negative - one.positive)).toEqual(
          firsts(one => -one.lean),
        );
        expect(view.lists.newcomers.every(one => one.isNew)).toBe(true);
        await world.db.deleteFrom("source_brand").where("source_id", "=", sourceId).execute();
      }),
      { numRuns: 8 },
    );
  }, 180_000);

  it("of a community: who comes and stays, who talks to whom, and what it is answered with", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTexts, async drawn => {
        const brandId = await world.makeBrand({ officialAccounts: official, timezone: "UTC" });
        const sourceId = await world.makeSource([brandId], { actFrom: "2020-01-01T00:00:00Z" });
        await store(sourceId, drawn);
        const owned = drawn.filter(text => text.owned);
        const members = owned.filter(text => !text.official);
        const texts = members.filter(inside);
        const view = await readCommunity(world.db, { brandId, from, to, timezone: "UTC" });
        const active = [...new Set(texts.flatMap(({ author }) => author ?? []))];
        const fresh = active.filter(
          author => !members.some(text => text.author === author && text.at < from),
        );
        const seen = texts.filter(({ views }) => views !== null && (views as number) > 0);
        expect(view.activity).toEqual({
          textCount: texts.length,
          openingCount: texts.filter(text => text.parent === null).length,
          officialCount: owned.filter(text => text.official && inside(text)).length,
          activeCount: active.length,
          newCount: fresh.length,
          returningCount: active.length - fresh.length,
          positive: texts.filter(text => text.tone === "positive").length,
          neutral: texts.filter(text => text.tone === "neutral").length,
          negative: texts.filter(text => text.tone === "negative").length,
          reactions: texts.reduce((sum, text) => sum + (text.likes ?? 0), 0),
          viewedReactions: seen.reduce((sum, text) => sum + (text.likes ?? 0), 0),
          views: seen.reduce((sum, text) => sum + (text.views as number), 0),
        });
        const links = texts.flatMap(text => {
          const other = members.find(one => one.n === text.parent);
          return text.author !== null && other?.author && other.author !== text.author
            ? [[text.author, other.author] as const]
            : [];
        });
        const pairs = new Set(links.map(pair => pair.toSorted((a, b) => a - b).join()));
        const ways = new Set(links.map(pair => pair.join()));
        expect(view.links).toMatchObject({
          linkCount: links.length,
          pairCount: pairs.size,
          mutualCount: ways.size - pairs.size,
          linkedCount: active.filter(author => links.flat().includes(author)).length,
        });
        expectCohorts(view.cohorts, members);
        await world.db.deleteFrom("source_brand").where("source_id", "=", sourceId).execute();
      }),
      { numRuns: 8 },
    );
  }, 180_000);

  it("of latency, between publication, sight, case, alert and message", async () => {
    const brandId = await world.makeBrand();
    const sourceId = await world.makeSource([brandId]);
    const now = world.deps.clock();
    const minutes = [1, 2, 3, 4, 100];
    await store(
      sourceId,
      minutes.map((ago, n) => ({
        n,
        author: 1,
        at: new Date(now.getTime() - ago * 60_000),
        tone: "negative",
      })),
    );
    const { sample, rows } = await readLatency(world.db, {
      brandId,
      from: new Date(now.getTime() - dayMs),
      to: now,
      limit: 100,
    });
    expect(sample).toEqual({ readCount: 5, limit: 100, since: null });
    expect(rows.map(row => [row.sourceId, row.mentionCount])).toEqual([
      [null, 5],
      [sourceId, 5],
    ]);
    // The 95th percentile lies 0.8 of the way from the fourth value to the fifth.
    expect(rows[1]?.steps.publishedToSeen).toEqual({
      count: 5,
      p50Ms: 180_000,
      p95Ms: 4_848_000,
    });
    expect(rows[1]?.steps.seenToQueued).toEqual({ count: 5, p50Ms: 0, p95Ms: 0 });
    expect(rows[1]?.steps.alertedToDelivered).toEqual({ count: 0, p50Ms: null, p95Ms: null });
    const cut = await readLatency(world.db, {
      brandId,
      from: new Date(now.getTime() - dayMs),
      to: now,
      limit: 2,
    });
    expect(cut.sample).toEqual({ readCount: 2, limit: 2, since: new Date(now.getTime() - 120_000) });
  });

  it("of topics: what has begun to be said, with the texts that say it", async () => {
    const brandId = await world.makeBrand();
    const sourceId = await world.makeSource([brandId], { actFrom: "2020-01-01T00:00:00Z" });
    const calm = (n: number, day: number): Text => ({
      n,
      author: n,
      at: new Date(from.getTime() + day * dayMs),
      tone: "neutral",
      words: `курьер ${["вежлив", "опоздал", "позвонил"][n % 3]}. ${n},`,
    });
    await store(sourceId, [
      ...Array.from({ length: 80 }, (_, n) => calm(n, -1 - (n % 40))),
      ...Array.from({ length: 20 }, (_, n) => calm(100 + n, n)),
      ...Array.from({ length: 12 }, (_, n) => ({
        ...calm(200 + n, n),
        tone: "negative" as const,
        words: `двойное списание. ${n},`,
      })),
    ]);
    const view = await readTopics(world.db, { brandId, from, to, tone: null }, 5);
    expect(view.sample).toMatchObject({ textCount: 32, complete: true });
    expect(view.baseline).toMatchObject({ textCount: 80, complete: true, to: from });
    const topic = view.topics.find(({ phrase }) => phrase === "двойное списание");
    expect(topic ?? view.topics).toMatchObject({ count: 12, expectedCount: 0, ids: { length: 3 } });
    expect(view.topics.map(({ phrase }) => phrase)).not.toContain("курьер");
    expect((await readTopics(world.db, { brandId, from, to, tone: "positive" }, 5)).topics).toEqual([]);
  });
});

describe("the sample of texts", () => {
  const to = new Date("2026-11-01T00:00:00Z");
  const from = new Date(to.getTime() - 24 * 3_600_000);
  let brandId: string;
  const sample = (limit: number) => sampleTexts(world.db, { brandId, from, to, limit, tone: null });
  beforeAll(async () => {
    brandId = await world.makeBrand();
    const sourceId = await world.makeSource([brandId], { actFrom: "2020-01-01T00:00:00Z" });
    const text = (n: number, at: Date): Text => ({ n, author: n, at, tone: "neutral" });
    // A storm within one hour of the day, and a text in each of six others.
    await store(sourceId, [
      ...Array.from({ length: 30 }, (_, n) => text(n, new Date(from.getTime() + 60_000 * n))),
      ...Array.from({ length: 6 }, (_, n) => text(100 + n, new Date(to.getTime() - 3_600_000 * n - 1))),
    ]);
  });

  it("is all texts up to its limit, wherever in the range they stand", async () => {
    const { texts, complete } = await sample(36);
    expect([texts.length, complete]).toEqual([36, true]);
    expect(texts[0]?.text).toContain("текст 100");
    expect(texts.at(-1)?.text).toContain("текст 0 ");
  });

  it("is an equal part of each hour when there are more, the newest of it", async () => {
    const { texts, complete } = await sample(35);
    expect([texts.length, complete]).toEqual([7, false]);
    expect(texts.at(-1)?.text).toContain("текст 29");
  });

  it("counts erased texts where it asks whether there were more, and holds none", async () => {
    const { texts } = await sample(36);
    const document = world.db
      .selectFrom("mention")
      .select("document_id")
      .where("id", "=", texts[0]?.id as string);
    await world.db.updateTable("document").set({ erased_at: to }).where("id", "in", document).execute();
    const left = await sample(36);
    expect([left.texts.length, left.complete]).toEqual([35, true]);
    expect((await sample(35)).complete).toBe(false);
  });
});

function expectCohorts(
  cohorts: Awaited<ReturnType<typeof readCommunity>>["cohorts"],
  members: readonly Text[],
): void {
  const monthOf = ({ at }: Text) => at.getUTCFullYear() * 12 + at.getUTCMonth();
  const past = members.filter(text => text.author !== null && text.at < to);
  const last = monthOf({ at: new Date(to.getTime() - 1) } as Text);
  const firsts = new Map<number, number>();
  for (const text of past)
    firsts.set(text.author as number, Math.min(firsts.get(text.author as number) ?? last, monthOf(text)));
  const expected = [...Map.groupBy(firsts, ([, month]) => month)]
    .filter(([month]) => month >= last - 12)
    .sort(([a], [b]) => a - b)
    .map(([month, own]) => ({
      month: `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`,
      size: own.length,
      retention: [1, 3, 6, 12].map(months => {
        if (month + months >= last) return { months, count: null, share: null };
        const back = own.filter(([author]) =>
          past.some(text => text.author === author && monthOf(text) === month + months),
        ).length;
        return { months, count: back, share: { share: share(back, own.length) } };
      }),
    }));
  expect(cohorts).toMatchObject(expected);
  expect(cohorts).toHaveLength(expected.length);
}
