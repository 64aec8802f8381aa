import { durationMs } from "#domain/duration.ts";
import { fractionOf } from "./seed.ts";
import type { Edit, When } from "./texts/define.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The demo's town keeps Moscow time; people write there from 8 to 23 o'clock. */
export const townOffsetMs = 3 * hourMs;

interface Written {
  when: When;
  text?: string;
}

/** When each text appears, by the text object itself. */
export type Timeline = ReadonlyMap<object, Date>;

/**
 * Dates for all texts of all places: the past ones spread over the days before `epoch`, the live ones one after
 * another from `epoch` on, the places taking turns. Depends on nothing but the texts and `epoch`.
 */
export function timelineOf(places: readonly (readonly Written[])[], epoch: Date): Timeline {
  const timeline = new Map<object, Date>();
  for (const written of places.flat()) {
    if (typeof written.when === "number")
      timeline.set(written, pastInstant(written.when, keyOf(written), epoch));
  }
  const queue = liveOrder(places);
  let at = epoch.getTime();
  for (const [index, written] of queue.entries()) {
    at += gapMs(index, queue.length, keyOf(written));
    timeline.set(written, wholeSecond(at));
  }
  return timeline;
}

const keyOf = (written: Written): string => written.text ?? "";

const wholeSecond = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000);

function pastInstant(daysBefore: number, key: string, epoch: Date): Date {
  const localMidnight = Math.floor((epoch.getTime() + townOffsetMs) / dayMs) * dayMs - townOffsetMs;
  return wholeSecond(localMidnight - daysBefore * dayMs + (8 + 15 * fractionOf(key)) * hourMs);
}

/** Every place spreads its live texts evenly over the whole, so that neighbours come from different places. */
function liveOrder(places: readonly (readonly Written[])[]): Written[] {
  const placed = places.flatMap(place => {
    const turns = place
      .flatMap(written => (typeof written.when === "number" ? [] : [{ written, turn: written.when.turn }]))
      .toSorted((a, b) => a.turn - b.turn);
    return turns.map(({ written }, index) => ({ written, position: (index + 0.5) / turns.length }));
  });
  return placed.toSorted((a, b) => a.position - b.position).map(({ written }) => written);
}

/** How many of the last live texts come ever more slowly: a stream that dries up, not one that breaks off. */
const slowingCount = 20;
const slowestGapMs = 60_000;

/** 3 to 5 seconds, growing to a minute over the last texts. */
function gapMs(index: number, count: number, key: string): number {
  const usual = 3000 + 2000 * fractionOf(key);
  const slowed = index - (count - slowingCount);
  return slowed <= 0 ? usual : usual + (slowestGapMs - usual) * (slowed / slowingCount);
}

/** One state of a text and when it became so. */
export interface Version {
  at: Date;
  text: string;
  stars: number | null;
}

/** The first version and, for an edited text, the second one. */
export function versionsOf(
  written: { text: string; stars?: number; edit?: Edit },
  publishedAt: Date,
): Version[] {
  const { text, stars = null, edit } = written;
  const first = { at: publishedAt, text, stars };
  if (edit === undefined) return [first];
  const at = new Date(publishedAt.getTime() + durationMs(edit.after));
  return [first, { at, text: edit.text, stars: edit.stars ?? stars }];
}

/** The version that a reader sees at `now`; undefined before publication. */
export const versionAt = (versions: readonly Version[], now: Date): Version | undefined =>
  versions.findLast(version => version.at <= now);
