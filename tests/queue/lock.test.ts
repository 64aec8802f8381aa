import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quick, type Store, scene, stores, until } from "./backends.ts";
import { spawnWorker } from "./spawn-worker.ts";

describe.each(stores)("a job lost to another worker, on %s", (_name, makeStore) => {
  let store: Store;
  beforeAll(async () => {
    store = await makeStore();
  });
  afterAll(() => store.drop());

  test("tells its blocked first handler by the signal", { timeout: 60_000 }, async ({ onTestFinished }) => {
    const part = scene(store.backend, onTestFinished);
    const queue = await part.open();
    let signal: AbortSignal | undefined;
    part.work(queue, {
      collect: async (_data, context) => {
        signal = context.signal;
        const other = spawnWorker(store, part.prefix, quick);
        onTestFinished(async () => void other.child.kill("SIGKILL"));
        await until("the other worker is there", other.isReady, 40_000);
        // The event loop stands still for longer than the lock lives: no renewal, no other work.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
        await until("the other worker has it", () => other.started.includes("s1"));
        await sleep(1500);
      },
    });
    await queue.add("collect", { sourceId: "s1", runId: "r1" });
    await until("the first handler is told", () => signal?.aborted === true, 50_000);
    expect(part.failures).toEqual([]);
  });
});
