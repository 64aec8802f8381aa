import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BusinessHours, openCalendar, roundTheClock } from "#domain/calendar.ts";
import { type ClockFacts, nearShare, type Run, readClock } from "#domain/sla.ts";

const hour = 3_600_000;
const weekdays: BusinessHours = [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }];
const facts = (given: Partial<ClockFacts>): ClockFacts => ({
  targetMs: 4 * hour,
  usedMs: 0,
  runs: [{ from: 0, to: null }],
  breachedAt: null,
  ended: null,
  ...given,
});
const read = (given: Partial<ClockFacts>, now: number) => readClock(facts(given), roundTheClock, now);

describe("the clock of a case", () => {
  it("runs, is near, and misses", () => {
    expect(read({}, hour)).toEqual({
      dueAt: 4 * hour,
      usedMs: hour,
      leftMs: 3 * hour,
      breachedAt: null,
      state: "running",
      nextAt: 3.2 * hour,
    });
    expect(read({}, 3.2 * hour)).toMatchObject({ state: "near", nextAt: 4 * hour });
    expect(read({}, 4 * hour)).toMatchObject({
      state: "breached",
      breachedAt: 4 * hour,
      leftMs: 0,
      nextAt: null,
    });
    expect(read({}, 5 * hour)).toMatchObject({ breachedAt: 4 * hour, leftMs: -hour });
  });

  it("stands while the author is asked, and runs on with what it had", () => {
    const runs = [{ from: 0, to: hour }];
    expect(read({ runs }, 30 * hour)).toMatchObject({
      state: "standing",
      dueAt: null,
      usedMs: hour,
      nextAt: null,
    });
    const again = [...runs, { from: 20 * hour, to: null }];
    expect(read({ runs: again }, 21 * hour)).toMatchObject({ state: "running", dueAt: 23 * hour });
  });

  it("is met by an answer at the due time and no later; a late answer stays a miss", () => {
    const at = (answer: number, now = answer) => read({ ended: { at: answer, answered: true } }, now);
    expect(at(4 * hour)).toMatchObject({ state: "met", breachedAt: null });
    expect(at(4 * hour + 1)).toMatchObject({ state: "breached", breachedAt: 4 * hour });
    expect(at(4 * hour + 1, 1_000 * hour)).toMatchObject({ state: "breached", usedMs: 4 * hour + 1 });
    expect(read({ ended: { at: hour, answered: false } }, 9 * hour)).toMatchObject({ state: "ended" });
  });

  it("counts from a start to come", () => {
    expect(read({ runs: [{ from: 10 * hour, to: null }] }, 0)).toMatchObject({
      dueAt: 14 * hour,
      usedMs: 0,
      state: "running",
    });
  });

  it("is late after closing time of the day on which it was due", () => {
    const calendar = openCalendar(weekdays, [], "Europe/Moscow");
    const start = Date.parse("2026-11-20T06:00:00Z");
    const given = facts({ targetMs: 9 * hour, runs: [{ from: start, to: null }] });
    const answered = { ...given, ended: { at: Date.parse("2026-11-20T18:00:00Z"), answered: true } };
    const reading = readClock(answered, calendar, answered.ended.at);
    expect(new Date(reading.dueAt ?? 0).toISOString()).toBe("2026-11-20T15:00:00.000Z");
    expect(reading.state).toBe("breached");
  });
});

const zones = [
  "Europe/Moscow",
  "Asia/Almaty",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
] as const;
const epoch = Date.UTC(2024, 1, 20);

/** Runs in order and apart within some weeks, the last of which may go on. */
const histories = fc
  .record({
    bounds: fc.uniqueArray(fc.integer({ min: 0, max: 1_000 * hour }), { minLength: 1, maxLength: 9 }),
    zone: fc.constantFrom(...zones),
    targetMs: fc.integer({ min: 1, max: 80 * hour }),
    looks: fc.array(fc.integer({ min: 0, max: 1_200 * hour }), { minLength: 2, maxLength: 2 }),
  })
  .map(({ bounds, zone, targetMs, looks }) => {
    const times = bounds.toSorted((a, b) => a - b).map(at => epoch + at);
    const runs: Run[] = [];
    for (let n = 0; n < times.length; n += 2)
      runs.push({ from: times[n] as number, to: times[n + 1] ?? null });
    const [first, second] = looks.toSorted((a, b) => a - b).map(at => epoch + at) as [number, number];
    return { runs, calendar: openCalendar(weekdays, [], zone), targetMs, first, second };
  });

/** What was known of a history at a moment. */
const known = (runs: readonly Run[], now: number): Run[] =>
  runs
    .filter(({ from }) => from <= now)
    .map(({ from, to }) => ({ from, to: to !== null && to <= now ? to : null }));

describe("of any history of runs the clock", () => {
  it("never uses less, never takes a miss back, and is missed exactly when its target is used up", () => {
    fc.assert(
      fc.property(histories, ({ runs, calendar, targetMs, first, second }) => {
        const look = (now: number) => readClock(facts({ targetMs, runs: known(runs, now) }), calendar, now);
        const [before, after] = [look(first), look(second)];
        expect(before.usedMs).toBeLessThanOrEqual(after.usedMs);
        expect(before.usedMs + before.leftMs).toBe(targetMs);
        expect(before.breachedAt !== null).toBe(before.usedMs >= targetMs);
        if (before.breachedAt !== null) expect(after.breachedAt).toBe(before.breachedAt);
      }),
    );
  });

  it("adds up: what was stored at one look and read at the next is the whole history read at once", () => {
    fc.assert(
      fc.property(histories, ({ runs, calendar, targetMs, first, second }) => {
        const at = readClock(facts({ targetMs, runs: known(runs, first) }), calendar, first);
        const rest = runs
          .filter(({ to }) => to === null || to > first)
          .map(({ from, to }) => ({ from: Math.max(from, first), to }));
        const stored = facts({
          targetMs,
          usedMs: at.usedMs,
          breachedAt: at.breachedAt,
          runs: known(rest, second),
        });
        const whole = readClock(facts({ targetMs, runs: known(runs, second) }), calendar, second);
        const parts = readClock(stored, calendar, second);
        expect(parts.usedMs).toBe(whole.usedMs);
        expect(parts.breachedAt).toBe(whole.breachedAt);
        expect(parts.state).toBe(whole.state);
      }),
    );
  });

  it("changes its state exactly when it says, if nothing happens", () => {
    fc.assert(
      fc.property(histories, ({ calendar, targetMs, first, second }) => {
        const given = facts({ targetMs, runs: [{ from: first, to: null }] });
        const reading = readClock(given, calendar, first);
        expect(reading.nextAt).not.toBeNull();
        const next = Math.ceil(reading.nextAt as number);
        const state = reading.state === "running" ? "near" : "breached";
        expect(readClock(given, calendar, next).usedMs).toBeGreaterThanOrEqual(
          Math.floor((state === "near" ? nearShare : 1) * targetMs),
        );
        expect(readClock(given, calendar, next).state).not.toBe(reading.state);
        if (second < next) expect(readClock(given, calendar, second).state).toBe(reading.state);
      }),
    );
  });
});
