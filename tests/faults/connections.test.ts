import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { until } from "#tests/queue/backends.ts";
import { expectAlerts, expectMentions, expectRollups, expectTexts } from "./checks.ts";
import { startReceiver } from "./receiver.ts";
import type { StoreName } from "./scene.ts";
import { isSettled, openWatched } from "./watched.ts";

describe.each<StoreName>(["PostgreSQL", "Redis"])(
  "when PostgreSQL drops every connection, with the queue on %s",
  store => {
    test("no process ends and nothing is lost", { timeout: 180_000 }, async () => {
      const { scene, site } = await openWatched(store);
      onTestFinished(({ task }) => {
        if (task.result?.state === "fail")
          console.log(
            scene.fleet.complaints
              .slice(-20)
              .map(line => line.slice(0, 300))
              .join("\n"),
          );
      });
      const receiver = await startReceiver(() => 5);
      onTestFinished(() => receiver.stop());
      await scene.makeAlerts(receiver.url);
      const crew = (["scheduler", "collector", "notifier"] as const).map(role => scene.fleet.start(role));
      await Promise.all(crew.map(({ ready }) => ready));
      for (let drop = 0; drop < 5; drop++) {
        for (const place of ["feed", "reviews", "channel"] as const) site.grow(place, 10);
        await sleep(1000);
        expect(await scene.cutConnections()).toBeGreaterThan(0);
      }
      await until("all is stored and sent", () => isSettled(scene, site), 60_000);
      expect(crew.map(({ isGone }) => isGone)).toEqual([false, false, false]);
      for (const { child, gone } of crew) {
        child.kill("SIGTERM");
        expect(await gone).toMatchObject({ code: 0, signal: null });
      }
      await expectTexts(scene.query, site);
      await expectMentions(scene.query, site);
      await expectRollups(scene.query);
      await expectAlerts(scene.query, site, receiver.arrivals);
      expect(await scene.query("select id from run where outcome is null")).toEqual([]);
    });
  },
);
