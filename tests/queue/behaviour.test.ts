import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BlockedError, InputError, QuotaError } from "#domain/errors.ts";
import { quick, type Store, scene, stores, until } from "./backends.ts";

describe.concurrent.each(stores)("the queue on %s", (_name, makeStore) => {
  let store: Store;
  beforeAll(async () => {
    store = await makeStore();
  });
  afterAll(() => store.drop());

  test("a job reaches its handler once, with its data", async ({ onTestFinished }) => {
    const { open, work } = scene(store.backend, onTestFinished);
    const queue = await open();
    const seen: unknown[] = [];
    work(queue, { collect: async data => void seen.push(data) });
    expect(await queue.add("collect", { sourceId: "s1", runId: "r1" })).toBe(true);
    await until("the job ran", () => seen.length > 0);
    await sleep(300);
    expect(seen).toEqual([{ sourceId: "s1", runId: "r1" }]);
    expect(await queue.failed(10)).toEqual([]);
  });

  test("an error that says `never` is not tried again and is visible", async ({ onTestFinished }) => {
    const { failures, open, attemptsOf } = scene(store.backend, onTestFinished);
    const queue = await open();
    const seen = attemptsOf(queue, () => Promise.reject(new InputError("the URL is empty, expected a feed")));
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await until("the job failed", () => failures.length > 0);
    await sleep(400);
    expect(seen).toHaveLength(1);
    expect(failures).toHaveLength(1);
    expect(await queue.failed(10)).toMatchObject([
      {
        name: "collect",
        data: { sourceId: "s1", runId: "r1" },
        reason: "invalid-input: the URL is empty, expected a feed",
      },
    ]);
  });

  test("an error that says `backoff` is tried again after doubling pauses, and fails for good at the last", async ({
    onTestFinished,
  }) => {
    const { failures, open, attemptsOf } = scene(store.backend, onTestFinished);
    const queue = await open();
    const seen = attemptsOf(queue, () => Promise.reject(new BlockedError("captcha")));
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await until("the job failed for good", () => failures.length > 0);
    expect(seen.map(({ attempt, final }) => [attempt, final])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, true],
    ]);
    for (const [index, pauseMs] of [100, 200, 400].entries()) {
      const waited = seen[index + 1]!.atMs - seen[index]!.atMs;
      expect(waited).toBeGreaterThanOrEqual(pauseMs - 2);
      expect(waited).toBeLessThan(pauseMs + 2000);
    }
    expect(failures).toMatchObject([{ attempts: 4, reason: "blocked: captcha" }]);
  });

  test("an error that names its pause is tried again exactly then", async ({ onTestFinished }) => {
    const { open, attemptsOf } = scene(store.backend, onTestFinished);
    const queue = await open();
    const seen = attemptsOf(queue, async ({ attempt }) => {
      if (attempt === 1) throw new QuotaError("100 of 100 calls used", 900);
    });
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await until("the second attempt", () => seen.length === 2);
    const waited = seen[1]!.atMs - seen[0]!.atMs;
    expect(waited).toBeGreaterThanOrEqual(898);
    expect(waited).toBeLessThan(3000);
  });

  test("a delayed job starts when its delay is over", async ({ onTestFinished }) => {
    const { open, attemptsOf } = scene(store.backend, onTestFinished);
    const queue = await open();
    const seen = attemptsOf(queue, async () => {});
    const asked = performance.now();
    await queue.add("collect", { sourceId: "s1", runId: "r1" }, { delayMs: 600 });
    await until("it ran", () => seen.length === 1);
    expect(seen[0]!.atMs - asked).toBeGreaterThanOrEqual(598);
    expect(seen[0]!.atMs - asked).toBeLessThan(3000);
  });

  test("a source has one unfinished job at a time: waiting, running or waiting for its retry", async ({
    onTestFinished,
  }) => {
    const { open, attemptsOf } = scene(store.backend, onTestFinished);
    const queue = await open();
    const add = () => queue.add("collect", { sourceId: "s1", runId: "r1" });
    expect(await add()).toBe(true);
    expect(await add()).toBe(false);
    expect(await queue.add("collect", { sourceId: "s2", runId: "r1" })).toBe(true);
    const release = Promise.withResolvers<void>();
    const seen = attemptsOf(queue, async ({ attempt }) => {
      if (attempt === 1) throw new QuotaError("later", 2_000);
      await release.promise;
    });
    await until("both wait for their retry", async () => (await queue.counts(0)).collect.delayed === 2);
    expect(await add()).toBe(false);
    await until("both run again", () => seen.length === 4);
    expect(await add()).toBe(false);
    release.resolve();
    await until("both are done", async () => (await queue.counts(0)).collect.active === 0);
    expect(await add()).toBe(true);
  });

  test("a source whose job failed for good can be asked again", async ({ onTestFinished }) => {
    const { failures, open, attemptsOf } = scene(store.backend, onTestFinished);
    const queue = await open();
    attemptsOf(queue, () => Promise.reject(new InputError("no")));
    expect(await queue.add("collect", { sourceId: "s1", runId: "r1" })).toBe(true);
    await until("it failed", () => failures.length === 1);
    expect(await queue.add("collect", { sourceId: "s1", runId: "r1" })).toBe(true);
    await until("it failed again", () => failures.length === 2);
  });

  test("`hurry` starts a job that waits for its retry", async ({ onTestFinished }) => {
    const { open, attemptsOf } = scene(store.backend, onTestFinished);
    const queue = await open();
    const seen = attemptsOf(queue, async ({ attempt }) => {
      if (attempt === 1) throw new QuotaError("tomorrow", 86_400_000);
    });
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await until("it waits", async () => (await queue.counts(0)).collect.delayed === 1);
    expect(await queue.add("collect", { sourceId: "s1", runId: "r1" }, { hurry: true })).toBe(false);
    await until("the second attempt", () => seen.length === 2);
  });

  test("`notify` asked for while it runs, runs once more, however often it was asked", async ({
    onTestFinished,
  }) => {
    const { open, work } = scene(store.backend, onTestFinished);
    const queue = await open();
    const release = Promise.withResolvers<void>();
    let runs = 0;
    work(queue, {
      notify: async () => {
        runs++;
        if (runs === 1) await release.promise;
      },
    });
    await queue.add("notify", {});
    await until("it runs", () => runs === 1);
    for (let i = 0; i < 5; i++) await queue.add("notify", {});
    release.resolve();
    await until("it ran again", () => runs === 2);
    await sleep(300);
    expect(runs).toBe(2);
  });

  test("job data with an unknown field, a text or a secret in an id is refused", async ({
    onTestFinished,
  }) => {
    const { open } = scene(store.backend, onTestFinished);
    const queue = await open();
    const refused: object[] = [
      { sourceId: "s1", token: "xoxb-1" },
      { sourceId: "https://user:secret@host/" },
      { sourceId: "s".repeat(65) },
      { sourceId: "" },
      {},
    ];
    for (const data of refused) {
      await expect(queue.add("collect", data as { sourceId: string; runId: "r1" })).rejects.toThrow(
        InputError,
      );
    }
    await expect(queue.add("notify", { text: "x" } as never)).rejects.toThrow(/data of the job `notify`/);
    expect((await queue.counts(0)).collect.waiting).toBe(0);
  });

  test("neither the text nor the stack of an unforeseen error is stored", async ({ onTestFinished }) => {
    const { prefix, failures, errors, open, attemptsOf } = scene(store.backend, onTestFinished);
    const queue = await open();
    attemptsOf(queue, () => Promise.reject(new TypeError("GET https://api.test/?token=canary-7141 failed")));
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await until("it failed for good", () => failures.length === 1);
    expect(failures[0]?.reason).toBe("unexpected TypeError; the log has the details");
    expect(errors.map(String).join()).toContain("canary-7141");
    expect(await store.dump(prefix)).toContain("unexpected TypeError");
    expect(await store.dump(prefix)).not.toContain("canary-7141");
    expect(await store.dump(prefix)).not.toContain("behaviour.test.ts");
  });

  test("two processes make one schedule, and ticks keep its period", async ({ onTestFinished }) => {
    const { open, work } = scene(store.backend, onTestFinished);
    let ticks = 0;
    const queues = [await open(), await open()];
    const begun = performance.now();
    for (const queue of queues) {
      work(queue, { tick: async () => void ticks++ });
      await queue.keepTicking(250);
    }
    await until("it has ticked twelve times", () => ticks >= 12);
    // Two schedules would tick twelve times in half of the time.
    expect(ticks).toBeLessThanOrEqual((performance.now() - begun) / 250 + 3);
  });

  test("a schedule lost with the store's content is made anew", async ({ onTestFinished }) => {
    const { prefix, open, work } = scene(store.backend, onTestFinished);
    const queue = await open({ timing: { ...quick, scheduleCheckMs: 200 } });
    let ticks = 0;
    work(queue, { tick: async () => void ticks++ });
    await queue.keepTicking(100);
    await until("it ticks", () => ticks > 2);
    await store.wipe(prefix);
    const before = ticks;
    await until("it ticks again", () => ticks > before + 3);
  });

  test("a stop lets the running job end and takes no other", async ({ onTestFinished }) => {
    const { open, work } = scene(store.backend, onTestFinished);
    const queue = await open();
    const release = Promise.withResolvers<void>();
    let [started, ended] = [0, 0];
    const running = work(queue, {
      tick: async () => {},
      collect: async () => {
        started++;
        await release.promise;
        ended++;
      },
    });
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await until("it runs", () => started === 1);
    const stopped = running.stop(5000);
    await sleep(50);
    await queue.add("collect", { sourceId: "s2", runId: "r1" });
    await sleep(200);
    release.resolve();
    expect(await stopped).toEqual({ handedBack: 0 });
    expect([started, ended]).toEqual([1, 1]);
    expect((await queue.counts(0)).collect).toMatchObject({ waiting: 1, active: 0 });
  });

  test.for([
    ["heeds its signal", true],
    ["ignores its signal", false],
  ])(
    "a job that %s at the deadline goes back to the queue: another worker takes it exactly once, as the same attempt",
    async ([_how, heeds], { onTestFinished }) => {
      const { open, work, attemptsOf } = scene(store.backend, onTestFinished);
      const [first, second] = [await open(), await open()];
      const signals: AbortSignal[] = [];
      const running = work(first, {
        collect: (_data, { signal }) => {
          signals.push(signal);
          return new Promise((_resolve, reject) => {
            if (heeds) signal.addEventListener("abort", () => reject(signal.reason));
          });
        },
      });
      await first.add("collect", { sourceId: "s1", runId: "r1" });
      await until("it runs", () => signals.length === 1);
      const asked = performance.now();
      const stopped = running.stop(4000);
      await sleep(600);
      expect(signals[0]?.aborted).toBe(false);
      expect(await stopped).toEqual({ handedBack: 1 });
      expect(signals[0]?.aborted).toBe(true);
      expect(performance.now() - asked).toBeLessThan(5000);
      expect((await second.counts(0)).collect).toMatchObject({ waiting: 1, active: 0 });
      const seen = attemptsOf(second, async () => {});
      await until("another took it", () => seen.length === 1);
      await sleep(1800);
      expect(seen).toMatchObject([{ attempt: 1 }]);
    },
  );

  test("counts say what waits and for how long", async ({ onTestFinished }) => {
    const { open } = scene(store.backend, onTestFinished);
    const queue = await open();
    const before = Date.now();
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await queue.add("collect", { sourceId: "s2", runId: "r1" });
    await queue.add("collect", { sourceId: "s3", runId: "r1" }, { delayMs: 60_000 });
    const { collect, tick } = await queue.counts(before + 5000);
    expect(collect).toMatchObject({ waiting: 2, active: 0, delayed: 1, failed: 0 });
    expect(collect.oldestWaitingMs).toBeGreaterThan(4000);
    expect(collect.oldestWaitingMs).toBeLessThanOrEqual(5000);
    expect(tick).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0, oldestWaitingMs: 0 });
  });
});
