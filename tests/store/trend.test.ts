import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AspectCount, aspectCounts } from "#domain/aspects.ts";
import { noCounts } from "#domain/metrics.ts";
import { changeBrand } from "#pipeline/brands.ts";
import { inTransaction } from "#store/db.ts";
import { type CountChange, countRun, moveCounts } from "#store/rollup.ts";
import {
  type Bucket,
  buckets,
  type Grouping,
  previousRange,
  readGroupedTrend,
  readTrend,
  type TrendBucket,
} from "#store/trend.ts";
import { readAspectTrend } from "#store/trend-aspects.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";

let world: World;
/** A kind belongs to its source. */
let sources: Record<"push" | "rss-feed", string>;

beforeAll(async () => {
  world = await openWorld();
  const brandId = await world.makeBrand();
  sources = {
    push: await world.makeSource([brandId]),
    "rss-feed": await world.makeSource([brandId], { kind: "rss-feed" }),
  };
});
afterAll(() => world.close());

interface Case {
  zone: string;
  unit: Bucket;
  instant: string;
  bucketStart: string;
}

const ask = (brandId: string, zone: string, bucket: Bucket, from: Date, to: Date, brandTimezone = "UTC") =>
  readTrend(world.db, { brandId, from, to, bucket, timezone: zone, brandTimezone });

describeShared("starts of buckets in 23 zones", "suites/tz-buckets/agreed.json", () => {
  it("are those that Python and PostgreSQL agree on", { timeout: 120_000 }, async () => {
    const cases = readSharedJson<Case[]>("suites/tz-buckets/agreed.json");
    expect(cases).toHaveLength(3_285);
    const brandId = await world.makeBrand();
    const wrong: object[] = [];
    const check = async (one: Case) => {
      const at = new Date(one.instant);
      const [first] = await ask(brandId, one.zone, one.unit, at, new Date(at.getTime() + 1));
      if (first?.start.getTime() !== Date.parse(one.bucketStart)) wrong.push({ ...one, ours: first?.start });
    };
    for (let n = 0; n < cases.length; n += 8) await Promise.all(cases.slice(n, n + 8).map(check));
    expect(wrong).toEqual([]);
  });
});

/** The local calendar of a zone, by Intl: the oracle that knows nothing of our SQL. */
const localClock = (zone: string) => {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return (at: Date) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      day: `${parts["year"]}-${parts["month"]}-${parts["day"]}`,
      time: `${parts["hour"]}:${parts["minute"]}:${parts["second"]}`,
    };
  };
};

const mondayOf = (day: string): string => {
  const date = new Date(`${day}T00:00:00Z`);
  return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000).toISOString().slice(0, 10);
};
const keyOf: Record<Exclude<Bucket, "hour">, (day: string) => string> = {
  day: day => day,
  week: mondayOf,
  month: day => day.slice(0, 7),
};

/**
 * Zones whose offset, change or date line once broke somebody's calendar. Casablanca is missing: Node and PostgreSQL
 * carry different editions of its rules; the suite above holds its starts.
 */
const zones = [
  "UTC",
  "Europe/Moscow",
  "Europe/Kaliningrad",
  "Europe/Samara",
  "Asia/Yekaterinburg",
  "Asia/Omsk",
  "Asia/Irkutsk",
  "Asia/Vladivostok",
  "Asia/Kamchatka",
  "Europe/London",
  "Europe/Berlin",
  "America/New_York",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Tokyo",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Pacific/Auckland",
  "America/Havana",
  "Europe/Volgograd",
  "Asia/Novosibirsk",
  "Asia/Almaty",
  "Asia/Tashkent",
  "Asia/Beirut",
];
const windows = [
  ["2026-10-20T00:00:00Z", "2026-11-08T00:00:00Z"],
  ["2026-03-05T00:00:00Z", "2026-04-08T00:00:00Z"],
  ["2011-12-27T00:00:00Z", "2012-01-03T00:00:00Z"],
  ["2014-10-24T00:00:00Z", "2014-10-28T00:00:00Z"],
] as const;

const tone = fc.constantFrom("positive" as const, "neutral" as const, "negative" as const);
const score = fc.integer({ min: -1000, max: 1000 }).map(n => n / 1000);
const change = fc.record({
  offset: fc.double({ min: 0, max: 1, noNaN: true }),
  sourceKind: fc.constantFrom("push" as const, "rss-feed" as const),
  kind: fc.constantFrom("review" as const, "post" as const),
  language: fc.constantFrom("ru", "en"),
  tone,
  score,
  rating5: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
  original: fc.boolean(),
  aspects: fc.array(fc.record({ aspect: fc.constantFrom("delivery", "price", "quality"), tone, score }), {
    maxLength: 4,
  }),
  leaves: fc.boolean(),
});

/** Stores random mentions of a brand, some of which leave again; returns those that stay. */
async function store(
  brandId: string,
  drawn: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
  [from, to]: readonly [string, string],
) {
  const span = Date.parse(to) - Date.parse(from);
  const entered = drawn.map(({ offset, leaves: _leaves, ...rest }) => ({
    ...rest,
    brandId,
    sourceId: sources[rest.sourceKind],
    aspects: aspectCounts(rest.aspects, rest.tone),
    occurredAt: new Date(Date.parse(from) + Math.floor(offset * (span - 1))),
    n: 1 as const,
  })) satisfies CountChange[];
  await inTransaction(world.db, tx => moveCounts(tx, entered));
  const left = entered.filter((_one, n) => drawn[n]?.leaves);
  await inTransaction(world.db, tx =>
    moveCounts(
      tx,
      left.map(one => ({ ...one, n: -1 as const })),
    ),
  );
  return entered.filter((_one, n) => !drawn[n]?.leaves);
}

const clocks = new Map<string, ReturnType<typeof localClock>>();

function isInside({ occurredAt }: CountChange, { start, end }: TrendBucket, zone: string, bucket: Bucket) {
  if (bucket === "hour") return occurredAt >= start && occurredAt < end;
  const local = clocks.get(zone) ?? localClock(zone);
  clocks.set(zone, local);
  return keyOf[bucket](local(occurredAt).day) === keyOf[bucket](local(start).day);
}

function recount(stay: readonly CountChange[], found: readonly TrendBucket[], zone: string, bucket: Bucket) {
  return found.map(trendBucket => {
    const own = stay.filter(one => isInside(one, trendBucket, zone, bucket));
    const count = (tone: string) => own.filter(one => one.tone === tone).length;
    return [
      own.length,
      count("positive"),
      count("neutral"),
      count("negative"),
      own.filter(one => one.rating5 !== null).length,
      Math.round(own.reduce((sum, one) => sum + one.score * 1000, 0)) + 0,
      own.reduce((sum, one) => sum + (one.rating5 ?? 0), 0),
      own.filter(one => one.original).length,
    ];
  });
}

const keys: Record<Grouping, (one: CountChange) => string> = {
  sourceKind: one => one.sourceKind,
  source: one => one.sourceId,
  kind: one => one.kind,
  language: one => one.language,
};

/** What is counted of each part of the mentions, by its key. */
const split = <One, Count>(all: readonly One[], keyOf: (one: One) => string, count: (own: One[]) => Count) =>
  Object.fromEntries([...Map.groupBy(all, keyOf)].map(([key, own]) => [key, count(own)]));

/** The rows of each group in every bucket. */
const filled = (all: readonly TrendBucket[], rows: Awaited<ReturnType<typeof readGroupedTrend>>) =>
  split(
    rows,
    row => row.group,
    own => {
      const byStart = new Map(own.map(row => [row.start.getTime(), row]));
      return seen(
        all.map(({ start, end }) => ({ ...noCounts, ...byStart.get(start.getTime()), start, end })),
      );
    },
  );

const filledAspects = (all: readonly TrendBucket[], rows: Awaited<ReturnType<typeof readAspectTrend>>) =>
  split(
    rows,
    row => row.aspect,
    own =>
      all.map(({ start }) => {
        const row = own.find(one => one.start.getTime() === start.getTime());
        if (!row) return noTones;
        const { total, positive, neutral, negative, positiveShare, neutralShare, negativeShare } = row;
        return [total, positive, neutral, negative, positiveShare, neutralShare, negativeShare];
      }),
  );

const noTones = [0, 0, 0, 0, 0, 0, 0];

function recountAspects(
  own: readonly (CountChange & { word: AspectCount })[],
  all: readonly TrendBucket[],
  zone: string,
  bucket: Bucket,
) {
  return all.map(one => {
    const inside = own.filter(mention => isInside(mention, one, zone, bucket));
    const toward = (name: string) => inside.filter(({ word }) => word.tone === name).length;
    const carried = (name: string) =>
      inside.filter(mention => mention.tone === name).reduce((sum, { word }) => sum + word.share, 0);
    return [
      inside.length,
      ...["positive", "neutral", "negative"].map(toward),
      ...["positive", "neutral", "negative"].map(carried),
    ];
  });
}

const seen = (found: readonly TrendBucket[]) =>
  found.map(one => [
    one.total,
    one.positive,
    one.neutral,
    one.negative,
    one.ratingCount,
    Math.round(one.scoreSum * 1000) + 0,
    Math.round(one.ratingSum),
    one.originals,
  ]);

describe("rollups equal a recount", () => {
  it.each(zones)(
    "in every bucket of %s, from the days and from the quarters",
    { timeout: 60_000 },
    async zone => {
      const [drawn] = fc.sample(fc.array(change, { minLength: 60, maxLength: 60 }), {
        numRuns: 1,
        seed: zones.indexOf(zone),
      });
      for (const window of windows) {
        const own = await world.makeBrand({ timezone: zone });
        const stay = await store(own, drawn ?? [], window);
        const [from, to] = [new Date(window[0]), new Date(window[1])];
        for (const bucket of buckets) {
          const quarters = await ask(own, zone, bucket, from, to);
          expect(quarters.reduce((sum, one) => sum + one.total, 0)).toBe(stay.length);
          expect([zone, bucket, seen(quarters)]).toEqual([
            zone,
            bucket,
            recount(stay, quarters, zone, bucket),
          ]);
          for (const [n, { end }] of quarters.entries())
            if (n + 1 < quarters.length) expect(end).toEqual(quarters[n + 1]?.start);
          expect(quarters[0]?.start.getTime()).toBeLessThanOrEqual(from.getTime());
          expect(quarters.at(-1)?.end.getTime()).toBeGreaterThanOrEqual(to.getTime());
          const days = await ask(own, zone, bucket, from, to, zone);
          expect(days.map(one => [one.start, one.end])).toEqual(quarters.map(one => [one.start, one.end]));
          expect(seen(days)).toEqual(seen(quarters));
        }
      }
    },
  );

  it("also after a brand has moved to another zone", async () => {
    const brandId = await world.makeBrand({ timezone: "Europe/Moscow" });
    const [drawn] = fc.sample(fc.array(change, { minLength: 80, maxLength: 80 }), { numRuns: 1, seed: 7 });
    const stay = await store(brandId, drawn ?? [], windows[0]);
    const [from, to] = [new Date(windows[0][0]), new Date(windows[0][1])];
    await inTransaction(world.db, tx =>
      changeBrand(tx, brandId, { timezone: "Asia/Kathmandu" }, world.deps.clock()),
    );
    const found = await ask(brandId, "Asia/Kathmandu", "day", from, to, "Asia/Kathmandu");
    expect(seen(found)).toEqual(recount(stay, found, "Asia/Kathmandu", "day"));
  });

  it.each(zones)("also split by every grouping in %s", { timeout: 60_000 }, async zone => {
    const seed = 100 + zones.indexOf(zone);
    const [drawn] = fc.sample(fc.array(change, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed });
    const window = windows[seed % windows.length] as (typeof windows)[number];
    const brandId = await world.makeBrand({ timezone: zone });
    const stay = await store(brandId, drawn ?? [], window);
    const [from, to] = [new Date(window[0]), new Date(window[1])];
    for (const bucket of buckets)
      for (const brandTimezone of [zone, "Etc/Unknown"]) {
        const question = { brandId, from, to, bucket, timezone: zone, brandTimezone };
        const all = await readTrend(world.db, question);
        for (const [grouping, keyOf] of Object.entries(keys))
          expect(
            filled(all, await readGroupedTrend(world.db, question, grouping as Grouping)),
            `${grouping} ${bucket} ${brandTimezone}`,
          ).toEqual(split(stay, keyOf, own => recount(own, all, zone, bucket)));
        expect(filledAspects(all, await readAspectTrend(world.db, question)), `aspects ${bucket}`).toEqual(
          split(
            stay.flatMap(one => one.aspects.map(word => ({ ...one, word }))),
            one => one.word.aspect,
            own => recountAspects(own, all, zone, bucket),
          ),
        );
      }
  });
});

describe("buckets", () => {
  const hoursOf = async (zone: string, from: string, to: string) =>
    (await ask(await world.makeBrand(), zone, "hour", new Date(from), new Date(to))).map(one =>
      one.start.toISOString(),
    );

  it("of hours show a repeated hour twice and a skipped one not at all", async () => {
    expect(await hoursOf("Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z")).toEqual([
      "2026-10-25T00:00:00.000Z",
      "2026-10-25T01:00:00.000Z",
    ]);
    expect(await hoursOf("Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")).toEqual([
      "2026-03-29T00:00:00.000Z",
      "2026-03-29T01:00:00.000Z",
    ]);
    expect(await hoursOf("Asia/Kathmandu", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")).toEqual([
      "2026-03-29T00:15:00.000Z",
      "2026-03-29T01:15:00.000Z",
    ]);
  });

  it("of days are 23 and 25 hours long where the clock changes, and leave out the day that Apia skipped", async () => {
    const brandId = await world.makeBrand();
    const lengths = async (zone: string, from: string, to: string) =>
      (await ask(brandId, zone, "day", new Date(from), new Date(to))).map(
        ({ start, end }) => (end.getTime() - start.getTime()) / 3_600_000,
      );
    expect(await lengths("Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z")).toEqual([
      24, 23, 24,
    ]);
    expect(await lengths("Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z")).toEqual([
      24, 25, 24,
    ]);
    const apia = await ask(
      brandId,
      "Pacific/Apia",
      "day",
      new Date("2011-12-29T20:00:00Z"),
      new Date("2011-12-31T20:00:00Z"),
    );
    expect(apia.map(one => localClock("Pacific/Apia")(one.start).day)).toEqual([
      "2011-12-29",
      "2011-12-31",
      "2012-01-01",
    ]);
  });

  it("of the previous period are as many and end where these begin", async () => {
    const brandId = await world.makeBrand();
    const question = {
      brandId,
      from: new Date("2026-10-20T12:00:00Z"),
      to: new Date("2026-11-02T12:00:00Z"),
      bucket: "day",
      timezone: "Europe/Berlin",
      brandTimezone: "UTC",
    } as const;
    const found = await readTrend(world.db, question);
    const range = await previousRange(world.db, question, found[0]?.start as Date, found.length);
    const before = await readTrend(world.db, { ...question, ...range });
    expect(before).toHaveLength(found.length);
    expect(before.at(-1)?.end).toEqual(found[0]?.start);
  });

  it("say how many of their scheduled runs succeeded", async () => {
    const brandId = await world.makeBrand({ timezone: "Europe/Moscow" });
    await inTransaction(world.db, async tx => {
      await countRun(tx, [brandId], new Date("2026-11-01T20:59:00Z"), true);
      await countRun(tx, [brandId], new Date("2026-11-01T21:00:00Z"), false);
      await countRun(tx, [brandId], new Date("2026-11-01T21:20:00Z"), true);
    });
    for (const brandZone of ["UTC", "Europe/Moscow"]) {
      const found = await ask(
        brandId,
        "Europe/Moscow",
        "day",
        new Date("2026-10-31T21:00:00Z"),
        new Date("2026-11-03T21:00:00Z"),
        brandZone,
      );
      expect(found.map(one => [one.okCount, one.runCount])).toEqual([
        [1, 1],
        [1, 2],
        [0, 0],
      ]);
    }
  });
});
