import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Looker, lookerOf, minuteMs, recentMs } from "#domain/spike/detect.ts";
import { slotReader } from "#domain/spike/history.ts";
import { learnUsual, type SpikeModel } from "#domain/spike/model.ts";
import { upperTail } from "#domain/spike/tail.ts";
import { spikesIn } from "#domain/spike/watch.ts";
import { makeTraffic, randomOf, type Traffic, type TrafficOptions } from "./traffic.ts";

const zone = "Europe/Moscow";
const minutesADay = 1_440;
const learntDays = 28;

/** What a brand knows at the beginning of a day: the eight weeks before, if there are so many. */
function usualOn({ startMs, counts, holes }: Traffic, day: number): SpikeModel | null {
  const from = Math.max(0, day - 56) * minutesADay;
  const quarters = Array.from({ length: (day * minutesADay - from) / 15 }, (_, index) => from + index * 15);
  return learnUsual(
    {
      startMs: startMs + from * minuteMs,
      counts: quarters.map(at => counts.subarray(at, at + 15).reduce((sum, count) => sum + count, 0)),
      holes: quarters.map(at => holes[at] === true),
    },
    zone,
  );
}

function lookerOn({ startMs, counts, holes }: Traffic, model: SpikeModel, day: number, days = 1): Looker {
  const from = day * minutesADay - recentMs / minuteMs;
  const to = (day + days) * minutesADay;
  return lookerOf(model, zone, {
    startMs: startMs + from * minuteMs,
    counts: counts.subarray(from, to),
    holes: holes.slice(from, to),
  });
}

/** Alarms of a month that follows four weeks of history. */
function alarmsOf(traffic: Traffic, days: number): number {
  let lastMs: number | null = null;
  let count = 0;
  for (let day = learntDays; day < learntDays + days; day++) {
    const model = usualOn(traffic, day);
    if (model === null) throw new Error("four weeks teach nothing");
    const stretch = {
      fromMs: traffic.startMs + day * minutesADay * minuteMs,
      toMs: traffic.startMs + (day + 1) * minutesADay * minuteMs,
      lastMs,
      minCount: 10,
    };
    const spikes = spikesIn(lookerOn(traffic, model, day), stretch);
    count += spikes.length;
    lastMs = spikes.at(-1)?.end.getTime() ?? lastMs;
  }
  return count;
}

const usualTraffic = {
  shaped: true,
  dispersion: { tenMinutes: 0.01, hour: 0.01 },
  holidays: 4,
  holes: 8,
} satisfies Partial<TrafficOptions>;

describe("the spike detector after four weeks", () => {
  it("raises at most one false alarm a month and brand", () => {
    const brands = [10, 150, 40].map((mean, index) =>
      makeTraffic({ ...usualTraffic, seed: 11 + index, days: learntDays + 30, mean }),
    );
    const alarms = brands.map(traffic => alarmsOf(traffic, 30));
    expect(alarms.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(brands.length);
  });

  it.each([
    { mean: 150, within: 10 },
    { mean: 10, within: 120 },
  ])(
    "finds a threefold surge at $mean an hour within $within minutes in 95 of 100 cases",
    ({ mean, within }) => {
      const random = randomOf(mean);
      const cases = 40;
      let found = 0;
      for (let seed = 0; seed < cases; seed++) {
        const day = learntDays + 1;
        const surgeAt = day * minutesADay + Math.floor(random() * 1_200);
        const options = {
          ...usualTraffic,
          shaped: false,
          holidays: 0,
          seed: 100 + seed,
          days: day + 1,
          mean,
          surgeAt,
        };
        const traffic = makeTraffic(options);
        const look = lookerOn(traffic, usualOn(traffic, day) as SpikeModel, day);
        const ends = Array.from({ length: within }, (_, n) => traffic.startMs + (surgeAt + n + 1) * minuteMs);
        if (ends.some(end => look(end, 10) !== null)) found++;
      }
      expect(found / cases).toBeGreaterThanOrEqual(0.95);
    },
  );

  it("tells of one surge once, and of the next day's again", () => {
    const surgeAt = (learntDays + 1) * minutesADay + 600;
    const traffic = makeTraffic({
      ...usualTraffic,
      shaped: false,
      holidays: 0,
      holes: 0,
      seed: 5,
      days: learntDays + 3,
      mean: 150,
      surgeAt,
    });
    for (let minute = 0; minute < 60; minute++) traffic.counts[surgeAt + minutesADay + minute] = 8;
    expect(alarmsOf(traffic, 3)).toBe(2);
  });

  it("says nothing of a brand that is younger than three weeks", () => {
    expect(usualOn(makeTraffic({ ...usualTraffic, holes: 0, seed: 1, days: 20, mean: 100 }), 19)).toBeNull();
  });

  it("takes what a collector catches up on after a hole for no news", () => {
    const traffic = makeTraffic({
      ...usualTraffic,
      shaped: false,
      holidays: 0,
      holes: 0,
      seed: 9,
      days: learntDays + 2,
      mean: 60,
    });
    const hole = (learntDays + 1) * minutesADay + 300;
    const kept = traffic.counts.subarray(hole, hole + 120).reduce((sum, count) => sum + count, 0);
    traffic.counts.fill(0, hole, hole + 120);
    traffic.holes.fill(true, hole, hole + 120);
    traffic.counts[hole + 121] = (traffic.counts[hole + 121] ?? 0) + kept;
    expect(alarmsOf(traffic, 2)).toBe(0);
  });
});

describe("the hour of the week", () => {
  it("is what the wall clock shows, also where it changes", () => {
    for (const timezone of ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/Moscow"]) {
      const wall = new Intl.DateTimeFormat("en-GB", {
        timeZone: timezone,
        weekday: "short",
        hour: "2-digit",
        hourCycle: "h23",
      });
      const names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
      const read = slotReader(timezone);
      for (const start of [
        Date.UTC(2026, 2, 7),
        Date.UTC(2026, 2, 28),
        Date.UTC(2026, 9, 24),
        Date.UTC(2026, 9, 31),
      ]) {
        for (let at = start; at < start + 60 * 3_600_000; at += 900_000) {
          const parts = Object.fromEntries(wall.formatToParts(at).map(({ type, value }) => [type, value]));
          const slot = names.indexOf(parts["weekday"] as string) * 24 + Number(parts["hour"]);
          expect(read(at).slot, `${timezone} ${new Date(at).toISOString()}`).toBe(slot);
        }
      }
    }
  });
});

describe("the upper tail", () => {
  /** The same by adding all probabilities below, each made from the one before. */
  const slowly = (count: number, mean: number, dispersion: number): number => {
    let term = dispersion === 0 ? Math.exp(-mean) : (1 + dispersion * mean) ** (-1 / dispersion);
    let below = 0;
    for (let k = 0; k < count; k++) {
      below += term;
      const odds = dispersion === 0 ? mean : ((1 / dispersion + k) * mean) / (mean + 1 / dispersion);
      term *= odds / (k + 1);
    }
    return 1 - below;
  };

  it("is that of Poisson's and the negative binomial distribution", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        fc.constantFrom(0, 0.01, 0.1, 1),
        fc.integer({ min: 1, max: 40 }),
        (mean, dispersion, more) => {
          const count = Math.floor(mean) + more;
          expect(upperTail(count, mean, dispersion)).toBeCloseTo(slowly(count, mean, dispersion), 9);
        },
      ),
    );
  });
});
