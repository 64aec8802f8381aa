import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { productionTiming, type Timing } from "#queue/timing.ts";
import { quick, type Scene, type Store, scene, stores, until } from "./backends.ts";
import { spawnWorker } from "./spawn-worker.ts";

describe.concurrent.each(stores)("after kill -9 of a worker, on %s", (_name, makeStore) => {
  let store: Store;
  beforeAll(async () => {
    store = await makeStore();
  });
  afterAll(() => store.drop());

  /** Kills a worker in the middle of five jobs and answers how long until another one has started them all. */
  async function recoveryMs(part: Scene, timing: Partial<Timing>): Promise<number> {
    const queue = await part.open({ timing });
    const sources = ["s1", "s2", "s3", "s4", "s5"];
    for (const sourceId of sources) await queue.add("collect", { sourceId, runId: "r1" });
    const { child, started } = spawnWorker(store, part.prefix, timing);
    await until("the victim works on all five", () => started.length === 5);
    const second = spawnWorker(store, part.prefix, timing);
    await until("another worker is there", second.isReady);
    child.kill("SIGKILL");
    const killed = performance.now();
    await until("another worker started all five", () => second.started.length === 5, 20_000);
    const tookMs = performance.now() - killed;
    second.child.kill("SIGKILL");
    await once(second.child, "exit");
    expect(second.started.sort()).toEqual(sources);
    return tookMs;
  }

  test("another worker takes its jobs over, each once", async ({ onTestFinished }) => {
    const part = scene(store.backend, onTestFinished);
    // Lock 1 s + look 0.5 s, with room for a busy machine.
    expect(await recoveryMs(part, quick)).toBeLessThan(5000);
  });

  test("with the production settings within 15 s", { timeout: 60_000 }, async ({ onTestFinished }) => {
    const part = scene(store.backend, onTestFinished);
    const tookMs = await recoveryMs(part, productionTiming);
    console.log(`recovery on ${_name}: ${(tookMs / 1000).toFixed(1)} s`);
    expect(tookMs).toBeLessThan(15_500);
  });

  test("a job that kills its process four times is failed, visibly, and harms no fifth", {
    timeout: 60_000,
  }, async ({ onTestFinished }) => {
    const timing = { ...quick, lockDurationMs: 400, stalledIntervalMs: 200 };
    const part = scene(store.backend, onTestFinished);
    const queue = await part.open({ timing });
    await queue.add("collect", { sourceId: "killer", runId: "r1" });
    for (let death = 1; death <= 4; death++) {
      const { child, started } = spawnWorker(store, part.prefix, timing);
      await once(child, "exit");
      expect([death, started, child.signalCode]).toEqual([death, ["killer"], "SIGKILL"]);
    }
    const seen = part.attemptsOf(queue, async () => {});
    await until("it is failed for good", () => part.failures.length === 1);
    expect(seen).toEqual([]);
    expect(await queue.failed(10)).toMatchObject([
      {
        name: "collect",
        data: { sourceId: "killer", runId: "r1" },
        reason: "job stalled more than allowable limit",
      },
    ]);
    expect(await queue.add("collect", { sourceId: "killer", runId: "r1" })).toBe(true);
  });
});
