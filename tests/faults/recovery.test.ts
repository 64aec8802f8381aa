import { describe, expect, type TestContext, test } from "vitest";
import { productionTiming } from "#queue/timing.ts";
import { until } from "#tests/queue/backends.ts";
import { type HeldFeed, startHeldFeed } from "./held.ts";
import { openScene, type Scene, type StoreName } from "./scene.ts";

/** A source that does not answer, a scheduler that claimed it, and a collector that waits for it. */
async function openHeld(
  store: StoreName,
  { onTestFinished }: TestContext,
): Promise<{ scene: Scene; feed: HeldFeed }> {
  const scene = await openScene(store, { timing: productionTiming });
  onTestFinished(() => scene.close());
  const feed = await startHeldFeed();
  onTestFinished(() => feed.stop());
  const brandId = await scene.makeBrand("Волна", "волна", "Europe/Moscow");
  await scene.makeSource("rss-feed", { url: feed.url, kind: "comment" }, "1h", [brandId]);
  return { scene, feed };
}

const runs = "select outcome, attempt_count, new_count from run";

describe.concurrent.each<StoreName>(["PostgreSQL", "Redis"])(
  "with the settings of production, on %s",
  store => {
    test("the run of a killed collector goes on within 15 s", { timeout: 120_000 }, async context => {
      const { scene, feed } = await openHeld(store, context);
      scene.fleet.start("scheduler");
      const victim = scene.fleet.start("collector");
      await until("the victim waits for the site", () => feed.askedAtMs.length === 1, 60_000);
      await scene.fleet.start("collector").ready;
      const killedAtMs = performance.now();
      victim.child.kill("SIGKILL");
      await until("the run goes on", () => feed.askedAtMs.length === 2, 30_000);
      const tookMs = (feed.askedAtMs[1] as number) - killedAtMs;
      console.log(`${store}: a killed collector's run went on after ${(tookMs / 1000).toFixed(1)} s`);
      expect(tookMs).toBeLessThan(15_500);
      feed.release();
      const ended = [{ outcome: "ok", attempt_count: 2, new_count: 1 }];
      await until(
        "the run has ended",
        async () => (await scene.query<{ outcome: string | null }>(runs))[0]?.outcome !== null,
      );
      expect(await scene.query(runs)).toEqual(ended);
    });

    test("a collector whose source hangs ends within 25 s of SIGTERM and hands the run back", {
      timeout: 120_000,
    }, async context => {
      const { scene, feed } = await openHeld(store, context);
      scene.fleet.start("scheduler");
      const leaving = scene.fleet.start("collector");
      await until("it waits for the site", () => feed.askedAtMs.length === 1, 60_000);
      const begunMs = performance.now();
      leaving.child.kill("SIGTERM");
      const end = await leaving.gone;
      const tookMs = performance.now() - begunMs;
      console.log(`${store}: a collector with a hanging source ended after ${(tookMs / 1000).toFixed(1)} s`);
      expect(end).toMatchObject({ code: 1, signal: null });
      expect(tookMs).toBeLessThan(25_000);
      expect(await scene.query(runs)).toEqual([{ outcome: null, attempt_count: 1, new_count: 0 }]);
      feed.release();
      const next = scene.fleet.start("collector");
      await next.ready;
      const readyMs = performance.now();
      await until(
        "the next collector has ended the run",
        async () => (await scene.query<{ outcome: string | null }>(runs))[0]?.outcome === "ok",
      );
      // It was handed back: nobody waited for a lock to expire.
      expect(performance.now() - readyMs).toBeLessThan(5000);
      expect(await scene.query(runs)).toEqual([{ outcome: "ok", attempt_count: 2, new_count: 1 }]);
    });
  },
);
