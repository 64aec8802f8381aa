import { setTimeout as sleep } from "node:timers/promises";
import type { WorkRole } from "#boot/work.ts";
import type { Fleet, Worker } from "./fleet.ts";
import { type PointName, pointNames, points } from "./points.ts";
import { between, pick } from "./random.ts";

const crew: readonly WorkRole[] = ["scheduler", "collector", "collector", "notifier", "notifier"];
/** Places in the crew: the scheduler, which holds no work, is a victim too, but seldom. */
const victims = [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4];
/** A point is passed within seconds while the site lives; on a machine that is busy besides, within a minute. */
const pointWithinMs = 60_000;
const armedMs = 3_000;

interface Death {
  role: WorkRole;
  /** By `performance.now`. */
  atMs: number;
  /** Where it died by its own hand, null when by ours. */
  point: PointName | null;
}

export interface Storm {
  deaths: Death[];
  /** SIGTERM to one role, or to all; answers with the exit codes. */
  stop(role?: WorkRole): Promise<(number | null)[]>;
}

interface StormOptions {
  kills: number;
  random: () => number;
  /** Looked at after every death, while the others work on. */
  afterEach: () => Promise<void>;
}

/**
 * Kills workers at random moments and starts each anew, some armed to die at a named point. At the end each
 * point not met by chance gets a worker that dies there, and a whole crew is left at work.
 */
export async function storm(fleet: Fleet, { kills, random, afterEach }: StormOptions): Promise<Storm> {
  const deaths: Death[] = [];
  const crewNow = crew.map(role => fleet.start(role));
  const begunMs = performance.now();
  await Promise.all(crewNow.map(({ ready }) => ready));
  // On a busy machine everything takes longer; the work between two deaths should not become less for it.
  const startMs = performance.now() - begunMs;

  /** Waits for the death of the worker in this place, by our hand after `patienceMs`, and puts another there. */
  async function replace(place: number, patienceMs: number, next: PointName | null): Promise<void> {
    const victim = crewNow[place] as Worker;
    await Promise.race([victim.ready, victim.gone]);
    await Promise.race([victim.gone, sleep(patienceMs)]);
    const byUs = victim.child.kill("SIGKILL");
    const { atMs } = await victim.gone;
    const point = byUs ? null : (victim.dieAt?.point ?? null);
    deaths.push({ role: victim.role, atMs, point });
    crewNow[place] = fleet.start(victim.role, next && { point: next, pass: between(random, 1, 3) });
    await afterEach();
  }

  const patienceMs = (place: number) =>
    crewNow[place]?.dieAt ? armedMs : random() * Math.min(Math.max(startMs / 4, 500), 1500);
  const unmet = () => pointNames.filter(point => !deaths.some(death => death.point === point));
  /** Who died by its own hand comes first: a crew that lies dead does no work to be killed at. */
  const nextPlace = () => {
    const dead = crewNow.findIndex(({ isGone }) => isGone);
    return dead < 0 ? pick(random, victims) : dead;
  };
  for (let kill = 0; kill < kills; kill++) {
    const place = nextPlace();
    const own = unmet().filter(name => points[name].role === crew[place]);
    await replace(place, patienceMs(place), own.length > 0 ? pick(random, own) : null);
  }
  for (const point of unmet()) {
    const place = crew.indexOf(points[point].role);
    await replace(place, patienceMs(place), point);
    await replace(place, pointWithinMs, null);
  }
  for (const [place, { dieAt }] of crewNow.entries()) if (dieAt !== null) await replace(place, 0, null);
  await Promise.all(crewNow.map(({ ready }) => ready));

  return {
    deaths,
    stop: async role => {
      const ending = crewNow.filter(worker => !worker.isGone && (role === undefined || worker.role === role));
      for (const { child } of ending) child.kill("SIGTERM");
      return Promise.all(ending.map(async ({ gone }) => (await gone).code));
    },
  };
}
