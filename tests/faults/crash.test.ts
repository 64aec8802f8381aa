import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { until } from "#tests/queue/backends.ts";
import {
  expectAlerts,
  expectCases,
  expectCursorsBehind,
  expectMentions,
  expectRepeatsByCrash,
  expectRollups,
  expectRunsClosed,
  expectTexts,
} from "./checks.ts";
import { pointNames } from "./points.ts";
import { between, pick, randomOf } from "./random.ts";
import { startReceiver } from "./receiver.ts";
import type { Scene, StoreName } from "./scene.ts";
import { allTexts, type Site } from "./site.ts";
import { storm } from "./storm.ts";
import { places } from "./texts.ts";
import { isSettled, openWatched } from "./watched.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);
const kills = Number(process.env["FAULT_KILLS"] ?? 30);

/** An app store shows its newest 500 reviews: an edit of an older one is seen by nobody. */
const mostReviews = 480;

/** The site's life: texts appear all the time, and now and then the author of a stored one thinks again. */
function live(scene: Scene, site: Site, random: () => number): () => Promise<void> {
  let isOver = false;
  const living = (async () => {
    while (!isOver) {
      await sleep(250);
      const place = pick(random, places);
      if (place !== "reviews" || site.texts.reviews.length < mostReviews)
        site.grow(place, between(random, 1, 3));
      if (random() < 0.3) await editStored(scene, site, random);
    }
  })();
  return () => {
    isOver = true;
    return living;
  };
}

/** Edits a text whose first version is in the database, so that both versions must be there at the end. */
async function editStored(scene: Scene, site: Site, random: () => number): Promise<void> {
  const place = pick(random, ["feed", "reviews"] as const);
  const stored = await scene.query<{ id: string }>(
    "select external_id as id from document where version = 1",
  );
  const ids = new Set(stored.map(({ id }) => id));
  const unedited = site.texts[place].filter(text => text.firstText === null && ids.has(text.externalId));
  if (unedited.length > 0) site.edit(pick(random, unedited));
}

/** What a failure is explained by. */
async function story({ query, fleet }: Scene, site: Site): Promise<string> {
  const stored = await query<{ id: string; version: number }>(
    "select external_id as id, version from document",
  );
  const versions = new Map(stored.map(({ id, version }) => [id, version]));
  const missing = allTexts(site).filter(
    ({ externalId, firstText }) => (versions.get(externalId) ?? 0) < (firstText === null ? 1 : 2),
  );
  const edited = new Set(allTexts(site).flatMap(text => (text.firstText === null ? [] : [text.externalId])));
  const kept = await query<{ id: string; versions: string[] }>(`
    select d.external_id as id, array_agg(v.version || ' ' || v.text || ' ' || v.replaced_at order by v.version) as versions
    from document d join document_version v on v.document_id = d.id group by 1`);
  const oddlyEdited = kept.filter(({ id, versions: all }) => !edited.has(id) || all.length !== 1);
  const shown = allTexts(site).map(({ externalId }) => externalId);
  const strange = stored.filter(({ id }) => !shown.includes(id));
  const sources = await query(
    "select kind, health, failure_count, next_run_at, claimed_until, cursor from source",
  );
  const runs = await query("select * from run order by started_at desc limit 12");
  const deliveries = await query("select state, count(*)::int from delivery group by 1");
  const complaints = fleet.complaints.slice(-20).map(line => line.slice(0, 500));
  return [
    { missing, strange, oddlyEdited, edited: edited.size, kept: kept.length },
    ...sources,
    ...runs,
    ...deliveries,
    ...complaints,
  ]
    .map(part => JSON.stringify(part))
    .join("\n");
}

describe.each<StoreName>(["PostgreSQL", "Redis"])(
  "after kill -9 of scheduler, collectors and notifiers, on %s",
  store => {
    test(`nothing is lost or doubled (FAULT_SEED=${seed} FAULT_KILLS=${kills})`, {
      timeout: 600_000,
    }, async () => {
      const random = randomOf(seed);
      const { scene, site } = await openWatched(store);
      const receiver = await startReceiver(() => between(random, 0, 40));
      onTestFinished(() => receiver.stop());
      await scene.makeAlerts(receiver.url);
      site.grow("feed", 60);
      site.grow("reviews", 120);
      site.grow("channel", 70);
      const begun = performance.now();
      onTestFinished(async ({ task }) => {
        if (task.result?.state === "fail") console.log(await story(scene, site));
      });

      const endLife = live(scene, site, random);
      const { deaths, stop } = await storm(scene.fleet, {
        kills,
        random,
        afterEach: () => expectCursorsBehind(scene, site),
      });
      await endLife();
      await until("all is stored and sent", () => isSettled(scene, site), 120_000);
      const tookMs = performance.now() - begun;
      expect(await stop("scheduler")).toEqual([0]);
      const openRuns = "select id from run where outcome is null";
      await until("the open runs have ended", async () => (await scene.query(openRuns)).length === 0, 30_000);
      expect(await stop()).toEqual([0, 0, 0, 0]);

      const { query } = scene;
      await expectTexts(query, site);
      await expectMentions(query, site);
      await expectCases(query, site);
      await expectRollups(query);
      await expectAlerts(query, site, receiver.arrivals);
      await expectRunsClosed(query);
      const repeats = expectRepeatsByCrash(
        receiver.arrivals,
        deaths.filter(({ role }) => role === "notifier").map(({ atMs }) => atMs),
      );
      const reached = deaths.flatMap(({ point }) => point ?? []);
      const unmet = pointNames.filter(name => !reached.includes(name));
      expect(unmet, "every named point was met").toEqual([]);
      expect(deaths.length).toBeGreaterThanOrEqual(kills);
      const [runs] = await query(`select count(*)::int as runs, max(attempt_count) as "mostAttempts",
      count(*) filter (where error_code = 'collector-died')::int as "collectorDied" from run`);
      console.log(
        `${store}, seed ${seed}: ${deaths.length} deaths, ${reached.length} of them at named points; ${allTexts(site).length} texts; ` +
          `${receiver.arrivals.length} messages, ${repeats} of them repeats; ${JSON.stringify(runs)}; ${Math.round(tookMs / 1000)} s`,
      );
    });
  },
);
