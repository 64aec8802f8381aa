import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aspectCounts } from "#domain/aspects.ts";
import { readAspects } from "#pipeline/trends/aspects.ts";
import { readRatings } from "#pipeline/trends/ratings.ts";
import { readShareOfVoice } from "#pipeline/trends/share-of-voice.ts";
import { inTransaction } from "#store/db.ts";
import { type CountChange, moveCounts } from "#store/rollup.ts";
import type { TrendQuestion } from "#store/trend.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let sources: string[];
beforeAll(async () => {
  world = await openWorld();
  const brandId = await world.makeBrand();
  sources = [await world.makeSource([brandId]), await world.makeSource([brandId])];
});
afterAll(() => world.close());

const from = new Date("2026-10-01T00:00:00Z");
const spanMs = 28 * 86_400_000;
const middle = new Date(from.getTime() + spanMs / 2);
const to = new Date(from.getTime() + spanMs);

const tone = fc.constantFrom("positive" as const, "neutral" as const, "negative" as const);
const drawn = fc.record({
  at: fc.integer({ min: 0, max: spanMs - 1 }),
  source: fc.nat(1),
  tone,
  rating5: fc.option(
    fc.integer({ min: 0, max: 50 }).map(n => n / 10),
    { nil: null },
  ),
  original: fc.boolean(),
  words: fc.array(fc.record({ aspect: fc.constantFrom("delivery", "price", "staff"), tone }), {
    maxLength: 3,
  }),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

async function count(brandId: string, mentions: readonly Drawn[]): Promise<void> {
  const changes = mentions.map(
    (one): CountChange => ({
      brandId,
      occurredAt: new Date(from.getTime() + one.at),
      sourceId: sources[one.source] as string,
      sourceKind: "push",
      kind: "review",
      language: "ru",
      tone: one.tone,
      score: 0,
      rating5: one.rating5,
      original: one.original,
      aspects: aspectCounts(one.words, one.tone),
      n: 1,
    }),
  );
  await inTransaction(world.db, tx => moveCounts(tx, changes));
}

const question = (brandId: string, timezone = "UTC"): TrendQuestion => ({
  brandId,
  from: middle,
  to,
  bucket: "day",
  timezone,
  brandTimezone: "UTC",
});

const isLate = ({ at }: Drawn) => from.getTime() + at >= middle.getTime();
const lean = (mentions: readonly Drawn[]) =>
  mentions.filter(one => one.tone === "positive").length -
  mentions.filter(one => one.tone === "negative").length;

type VoiceBucket = Awaited<ReturnType<typeof readShareOfVoice>>["series"][number];

function expectVoices(all: readonly (readonly Drawn[])[], { start, end, voices }: VoiceBucket) {
  const isInside = ({ at }: Drawn) =>
    from.getTime() + at >= start.getTime() && from.getTime() + at < end.getTime();
  const own = all.map(mentions => mentions.filter(isInside));
  const unique = own.map(mentions => mentions.filter(one => one.original).length);
  const whole = unique.reduce((sum, one) => sum + one, 0);
  expect(voices.map(voice => [voice.raw, voice.unique])).toEqual(
    own.map((mentions, n) => [mentions.length, unique[n]]),
  );
  expect(voices.map(voice => voice.share?.share ?? null)).toEqual(
    unique.map(one => (whole === 0 ? null : Math.round((one / whole) * 1000) / 1000)),
  );
}

describe("views of trends equal a recount", () => {
  it("share of voice, raw and with copies counted once, in every bucket", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(drawn, { maxLength: 25 }), { minLength: 2, maxLength: 3 }),
        async all => {
          const brands: { id: string; timezone: string }[] = [];
          for (const [n, mentions] of all.entries()) {
            const timezone = ["UTC", "Europe/Moscow", "Asia/Kathmandu"][n] as string;
            const id = await world.makeBrand({ timezone });
            brands.push({ id, timezone });
            await count(id, mentions);
          }
          const view = await readShareOfVoice(world.db, question(""), brands);
          expect(view.series).toHaveLength(14);
          for (const bucket of [...view.series, { start: middle, end: to, voices: view.totals }])
            expectVoices(all, bucket);
        },
      ),
      { numRuns: 5 },
    );
  }, 120_000);

  it("aspects, with contributions that add up to the movement of the brand's net sentiment", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(drawn, { maxLength: 40 }), async mentions => {
        const brandId = await world.makeBrand({ timezone: "UTC" });
        await count(brandId, mentions);
        const [late, early] = [mentions.filter(isLate), mentions.filter(one => !isLate(one))];
        const view = await readAspects(world.db, question(brandId));
        expect([view.range, view.previousRange]).toEqual([
          { from: middle, to },
          { from, to: middle },
        ]);
        for (const { aspect, total, positive, negative, previous } of view.rows) {
          if (aspect === null) continue;
          const said = (own: readonly Drawn[], name?: string) =>
            own.filter(one =>
              aspectCounts(one.words, one.tone).some(
                word => word.aspect === aspect && (name ?? word.tone) === word.tone,
              ),
            ).length;
          expect([total, positive, negative, previous.total]).toEqual([
            said(late),
            said(late, "positive"),
            said(late, "negative"),
            said(early),
          ]);
        }
        const free = (own: readonly Drawn[]) =>
          own.filter(one => aspectCounts(one.words, one.tone).every(word => word.tone !== one.tone)).length;
        const rest = view.rows.find(row => row.aspect === null);
        expect([rest?.total, rest?.previous.total]).toEqual([free(late), free(early)]);
        if (late.length === 0 || early.length === 0) {
          expect(view.movement).toBeNull();
          return;
        }
        const exact = 100 * (lean(late) / late.length - lean(early) / early.length);
        expect(Math.abs((view.movement as number) - exact)).toBeLessThanOrEqual(0.005 + 1e-9);
        const sum = view.rows.reduce(
          (total, row) => total + Math.round((row.contribution?.points ?? 0) * 100),
          0,
        );
        expect(sum).toBe(Math.round((view.movement as number) * 100));
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it.each(["UTC", "America/New_York", "Asia/Kathmandu"])(
    "ratings, from the tables that serve %s",
    async zone => {
      const [mentions = []] = fc.sample(fc.array(drawn, { minLength: 60, maxLength: 60 }), {
        numRuns: 1,
        seed: 5,
      });
      const brandId = await world.makeBrand({ timezone: "UTC" });
      await count(brandId, mentions);
      const view = await readRatings(world.db, question(brandId, zone));
      const [first, last] = [view.series[0]?.start as Date, view.series.at(-1)?.end as Date];
      const rated = mentions.filter(
        one =>
          one.rating5 !== null &&
          from.getTime() + one.at >= first.getTime() &&
          from.getTime() + one.at < last.getTime(),
      );
      const stars = [1, 2, 3, 4, 5].map(
        star =>
          rated.filter(one => Math.min(5, Math.max(1, Math.floor((one.rating5 as number) + 0.5))) === star)
            .length,
      );
      expect(view.totals.stars).toEqual(stars);
      expect(view.totals.ratingCount).toBe(rated.length);
      const mean = rated.reduce((sum, one) => sum + (one.rating5 as number), 0) / rated.length;
      expect(view.totals.meanRating).toBeCloseTo(mean, 3);
      expect(view.totals.lowShare?.share).toBeCloseTo(
        ((stars[0] as number) + (stars[1] as number)) / rated.length,
        3,
      );
      expect(view.series.reduce((sum, one) => sum + one.ratingCount, 0)).toBe(rated.length);
      for (const { sourceId, ratingCount } of view.sources)
        expect(ratingCount).toBe(rated.filter(one => sources[one.source] === sourceId).length);
    },
  );
});
