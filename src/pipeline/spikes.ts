import type { Firing } from "#domain/alerts/firing.ts";
import type { RuleSettings } from "#domain/alerts/kinds.ts";
import { risingPhrases } from "#domain/alerts/phrases.ts";
import { lookerOf, minuteMs, type Recent, recentMs, type Spike } from "#domain/spike/detect.ts";
import { quarterMs, type SpikeHistory } from "#domain/spike/history.ts";
import { learnUsual, type SpikeModel } from "#domain/spike/model.ts";
import { spikesIn } from "#domain/spike/watch.ts";
import { failedQuarters, minuteCounts, quarterCounts, spikeParts, textsOf } from "#store/alert-look.ts";
import type { Db } from "#store/db.ts";

export const dayMs = 86_400_000;
/** Weeks that the usual is learnt from. */
const learntMs = 56 * dayMs;
/** Texts whose phrases are compared. */
const comparedTexts = 300;
const toldPhrases = 3;

interface Watched {
  brandId: string;
  timezone: string;
  settings: RuleSettings<"spike">;
}

/** What is usual for a brand, by the weeks before a day of UTC: the same however often it is asked on that day. */
export async function usualOn(
  db: Db,
  { brandId, timezone, settings }: Watched,
  dayStart: Date,
): Promise<SpikeModel | null> {
  const stretch = { brandId, from: new Date(dayStart.getTime() - learntMs), to: dayStart };
  const history = await historyOf(db, stretch, settings.of);
  return learnUsual(history, timezone);
}

async function historyOf(
  db: Db,
  stretch: { brandId: string; from: Date; to: Date },
  of: "all" | "negative",
): Promise<SpikeHistory> {
  const startMs = stretch.from.getTime();
  const length = (stretch.to.getTime() - startMs) / quarterMs;
  const counts = new Float64Array(length);
  const holes = new Array<boolean>(length).fill(false);
  for (const { at, count } of await quarterCounts(db, stretch, of)) {
    counts[(at.getTime() - startMs) / quarterMs] = count;
  }
  for (const start of await failedQuarters(db, stretch))
    holes[(start.getTime() - startMs) / quarterMs] = true;
  return { startMs, counts, holes };
}

/** Spikes that end after `from` and by `to`, a stretch of one day of UTC; `lastMs` is the end of the last one told. */
export async function spikesBetween(
  db: Db,
  { brandId, timezone, settings }: Watched,
  model: SpikeModel,
  { from, to, lastMs }: { from: Date; to: Date; lastMs: number | null },
): Promise<Spike[]> {
  const startMs = Math.floor((from.getTime() - recentMs) / quarterMs) * quarterMs;
  const stretch = { brandId, from: new Date(startMs), to };
  const length = Math.floor((to.getTime() - startMs) / minuteMs);
  const recent = { startMs, counts: new Float64Array(length), holes: new Array<boolean>(length).fill(false) };
  for (const { at, count } of await minuteCounts(db, stretch, settings.of)) {
    recent.counts[(at.getTime() - startMs) / minuteMs] = count;
  }
  for (const start of await failedQuarters(db, stretch)) markHole(recent, start.getTime());
  return spikesIn(lookerOf(model, timezone, recent), {
    fromMs: from.getTime(),
    toMs: to.getTime(),
    lastMs,
    minCount: settings.minCount,
  });
}

function markHole({ startMs, holes }: Recent & { holes: boolean[] }, at: number): void {
  const from = (at - startMs) / minuteMs;
  holes.fill(true, from, Math.min(holes.length, from + quarterMs / minuteMs));
}

/** A spike as an alert tells it: how much, and why. */
export async function spikeFiring(
  db: Db,
  { brandId, settings }: Pick<Watched, "brandId" | "settings">,
  { start, end, count, expected, probability }: Spike,
): Promise<Firing> {
  const stretch = { brandId, from: start, to: end };
  const { aspects, sources, mentionIds } = await spikeParts(db, stretch, settings.of);
  const before = { brandId, from: new Date(start.getTime() - 7 * dayMs), to: start };
  const phrases = risingPhrases(
    await textsOf(db, stretch, comparedTexts),
    await textsOf(db, before, comparedTexts),
    toldPhrases,
  );
  return {
    subject: subjectOfSpike(end),
    at: end,
    mentionId: mentionIds[0] ?? null,
    caseId: null,
    sourceId: null,
    reason: {
      of: settings.of,
      from: start.toISOString(),
      to: end.toISOString(),
      count,
      expected: Math.round(expected * 10) / 10,
      probability,
      aspects,
      phrases,
      sources,
      mentionIds,
    },
  };
}

const prefix = "spike:";
const subjectOfSpike = (end: Date): string => prefix + end.toISOString();

/** The end of the spike that a subject names. */
export const endOfSpike = (subject: string): number => Date.parse(subject.slice(prefix.length));
