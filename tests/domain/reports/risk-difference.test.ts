import { describe, expect, it } from "vitest";
import { riskDifference, type Stratum } from "#domain/reports/risk-difference.ts";
import { randomOf } from "#tests/faults/random.ts";

const stratum = (y1: number, n1: number, y0: number, n0: number): Stratum => ({
  treated: { count: n1, eventCount: y1 },
  control: { count: n0, eventCount: y0 },
});

interface Design {
  n1: number;
  n0: number;
  share: number;
}

const designs: Record<string, Design[]> = {
  "three strata of a dozen": [
    { n1: 8, n0: 12, share: 0.15 },
    { n1: 6, n0: 9, share: 0.3 },
    { n1: 10, n0: 7, share: 0.1 },
  ],
  "sixty strata of two to seven": Array.from({ length: 60 }, (_, n) => ({
    n1: 1 + (n % 3),
    n0: 1 + ((n * 7) % 4),
    share: 0.05 + 0.03 * ((n * 13) % 10),
  })),
  "twelve large strata": Array.from({ length: 12 }, (_, n) => ({
    n1: 40 + n * 10,
    n0: 60 + ((n * 37) % 90),
    share: 0.05 + 0.03 * n,
  })),
  "rare events": [
    { n1: 40, n0: 60, share: 0.04 },
    { n1: 30, n0: 80, share: 0.06 },
  ],
  "lopsided arms": [
    { n1: 200, n0: 6, share: 0.1 },
    { n1: 5, n0: 150, share: 0.2 },
    { n1: 20, n0: 20, share: 0.15 },
  ],
};

/** In how many of 1,000 worlds with this effect its interval covers it. */
function coverage(design: readonly Design[], effect: number, seed: number): number {
  const random = randomOf(seed);
  const draw = (count: number, share: number) => {
    let events = 0;
    for (let n = 0; n < count; n++) if (random() < share) events++;
    return events;
  };
  let covered = 0;
  for (let world = 0; world < 1_000; world++) {
    const found = riskDifference(
      design.map(({ n1, n0, share }) => stratum(draw(n1, share + effect), n1, draw(n0, share), n0)),
    );
    if (found && found.low <= effect && effect <= found.high) covered++;
  }
  return covered;
}

/** Chances of 0 to `count` events. */
function binomial(count: number, share: number): number[] {
  let chance = (1 - share) ** count;
  return Array.from({ length: count + 1 }, (_, events) => {
    if (events > 0) chance *= (((count - events + 1) / events) * share) / (1 - share);
    return chance;
  });
}

/** The chance that the interval covers the effect, over every outcome that is not all but impossible. */
function exactCoverage(design: readonly Design[], effect: number): number {
  const arms = design.flatMap(({ n1, n0, share }) => [binomial(n1, share + effect), binomial(n0, share)]);
  const events: number[] = [];
  const covered = (chance: number): number => {
    if (chance < 1e-8) return 0;
    const arm = arms[events.length];
    if (arm === undefined) {
      const found = riskDifference(
        design.map(({ n1, n0 }, n) => stratum(events[2 * n] as number, n1, events[2 * n + 1] as number, n0)),
      );
      return found && found.low <= effect + 1e-12 && effect - 1e-12 <= found.high ? chance : 0;
    }
    return arm.reduce((sum, share, count) => {
      events.push(count);
      const part = covered(chance * share);
      events.pop();
      return sum + part;
    }, 0);
  };
  return covered(1);
}

describe("the difference between two arms over strata", () => {
  it("is the Mantel–Haenszel estimate, counted by hand", () => {
    // Weights 10·10/20 = 5 and 20·5/25 = 4; differences 0.4 − 0.2 = 0.2 and 0.5 − 0.2 = 0.3.
    const found = riskDifference([stratum(4, 10, 2, 10), stratum(10, 20, 1, 5)]);
    expect(found?.difference).toBeCloseTo((5 * 0.2 + 4 * 0.3) / 9, 12);
    expect(found?.treatedShare).toBeCloseTo((5 * 0.4 + 4 * 0.5) / 9, 12);
    expect(found?.controlShare).toBeCloseTo(0.2, 12);
    // Sato: P = (100·2 − 100·4 + 0)/400 + (400·1 − 25·10 + 100·(−15)/2)/625 = −0.5 − 0.96 = −1.46,
    // Q = (4·8 + 2·6)/40 + (10·4 + 1·10)/50 = 1.1 + 1 = 2.1; each limit x solves (x − d)² = z²(xP + Q)/81.
    for (const limit of [found?.low ?? 0, found?.high ?? 0]) {
      const distance = (limit - (found?.difference ?? 0)) ** 2;
      expect(distance).toBeCloseTo((1.959963984540054 ** 2 * (limit * -1.46 + 2.1)) / 81, 12);
    }
  });

  it("leaves out strata with one arm alone, and is null when no other is there", () => {
    const both = stratum(3, 9, 1, 8);
    expect(riskDifference([both, stratum(5, 5, 0, 0), stratum(0, 0, 7, 9)])).toEqual(riskDifference([both]));
    expect(riskDifference([stratum(5, 5, 0, 0)])).toBeNull();
    expect(riskDifference([])).toBeNull();
  });

  it("is as unsure as Newcombe's interval where nothing happened to anybody, or everything to all", () => {
    // Wilson of 0 of 10 is 0 to z²/(10 + z²) = 0.27753.
    const [nobody, everybody] = [stratum(0, 10, 0, 10), stratum(10, 10, 10, 10)].map(one =>
      riskDifference([one]),
    );
    for (const found of [nobody, everybody]) {
      expect(found?.difference).toBe(0);
      expect(found?.low).toBeCloseTo(-0.27753, 5);
      expect(found?.high).toBeCloseTo(0.27753, 5);
    }
  });

  it.each([0, 0.1, 0.25])(
    "covers an effect of %d of few people in 95 to 96 in a hundred of all that can happen",
    effect => {
      expect(exactCoverage(designs["three strata of a dozen"] as Design[], effect)).toBeCloseTo(0.955, 2);
    },
  );

  it.each(
    Object.entries(designs).flatMap(([name, design]) =>
      [0, 0.1, 0.25].map(effect => ({ name, design, effect })),
    ),
  )("covers a planted effect of $effect in 93 to 97 % of 1,000 worlds: $name", ({ design, effect }) => {
    const covered = coverage(design, effect, 17);
    expect(covered).toBeGreaterThanOrEqual(930);
    expect(covered).toBeLessThanOrEqual(970);
  });
});
