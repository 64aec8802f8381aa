import { growthsIn } from "#domain/alerts/cluster-growth.ts";
import { firesForReply, firesForSla, firesForSource } from "#domain/alerts/events.ts";
import type { Firing } from "#domain/alerts/firing.ts";
import { type RuleKind, type RuleSettings, settingsOf } from "#domain/alerts/kinds.ts";
import { dayBefore, ratingDays, ratingDropsOn } from "#domain/alerts/rating-drop.ts";
import { turnsOf } from "#domain/alerts/run-health.ts";
import { durationMs } from "#domain/duration.ts";
import { findSourceKind } from "#sources/registry.ts";
import { pastReplyFacts, pastSlaFacts } from "#store/alert-case.ts";
import { pastMentionFacts } from "#store/alert-facts.ts";
import { brandDay, ratedDays, storyFacts } from "#store/alert-look.ts";
import { pastRuns } from "#store/alert-runs.ts";
import type { Db } from "#store/db.ts";
import { lookOfRule } from "./mention-alerts.ts";
import { pastEntries } from "./serp/entry-alerts.ts";
import { dayMs, spikeFiring, spikesBetween, usualOn } from "./spikes.ts";

interface Past {
  brandId: string;
  from: Date;
  to: Date;
}

interface Stretch {
  from: Date;
  to: Date;
  lastMs: number | null;
}

interface Previewed {
  firings: Firing[];
  /** Everything of the stretch was looked at. */
  complete: boolean;
}

/** What a rule would have fired for in a stretch of the past, by the functions that fire it; writes nothing. */
export async function previewRule(db: Db, kind: RuleKind, settings: unknown, past: Past): Promise<Previewed> {
  const { firings, complete } = await (previews[kind] as Preview<RuleKind>)(
    db,
    settingsOf(kind, settings),
    past,
  );
  return { firings: firings.toSorted((a, b) => a.at.getTime() - b.at.getTime()), complete };
}

type Preview<Kind extends RuleKind> = (
  db: Db,
  settings: RuleSettings<Kind>,
  past: Past,
) => Promise<Previewed>;

/** Facts that one preview looks at, at most. */
const mostFacts = 200_000;
const perBatch = 5_000;

const previews: { [Kind in RuleKind]: Preview<Kind> } = {
  "negative-mention": (db, settings, past) => mentionsOf(db, "negative-mention", settings, past),
  keyword: (db, settings, past) => mentionsOf(db, "keyword", settings, past),
  sla: async (db, settings, past) => {
    const facts = await pastSlaFacts(db, past, mostFacts);
    return {
      firings: onceEach(facts.flatMap(fact => firesForSla(settings, fact) ?? [])),
      complete: facts.length < mostFacts,
    };
  },
  "reply-failed": async (db, settings, past) => {
    const facts = await pastReplyFacts(db, past, mostFacts);
    return {
      firings: onceEach(facts.flatMap(fact => firesForReply(settings, fact) ?? [])),
      complete: facts.length < mostFacts,
    };
  },
  "source-health": async (db, settings, past) => {
    const firings = (await pastRuns(db, past)).flatMap(({ sourceId, kind, createdAt, lastOkAt, runs }) => {
      const staleAfterMs = durationMs(findSourceKind(kind).staleAfter);
      return turnsOf(runs, (lastOkAt ?? createdAt).getTime(), staleAfterMs, past.to.getTime())
        .filter(({ at }) => at >= past.from)
        .flatMap(turn => firesForSource(settings, { sourceId, ...turn }) ?? []);
    });
    return { firings, complete: true };
  },
  "serp-entry": pastEntries,
  spike: async (db, settings, { brandId, from, to }) => {
    const { timezone } = await brandDay(db, brandId, to);
    const watched = { brandId, timezone, settings };
    const firings: Firing[] = [];
    let lastMs: number | null = null;
    for (let day = Math.floor(from.getTime() / dayMs) * dayMs; day < to.getTime(); day += dayMs) {
      const model = await usualOn(db, watched, new Date(day));
      if (model === null) continue;
      const stretch: Stretch = {
        from: later(new Date(day), from),
        to: earlier(new Date(day + dayMs), to),
        lastMs,
      };
      for (const spike of await spikesBetween(db, watched, model, stretch)) {
        lastMs = spike.end.getTime();
        firings.push(await spikeFiring(db, watched, spike));
      }
    }
    return { firings, complete: true };
  },
  "rating-drop": async (db, settings, { brandId, from, to }) => {
    const first = dayBefore((await brandDay(db, brandId, from)).day, 1);
    const last = dayBefore((await brandDay(db, brandId, to)).day, 1);
    const begin = dayBefore(first, ratingDays(settings) - 1);
    const ratings = await ratedDays(db, { brandId, from: begin, to: last });
    const told = new Map<string, string>();
    const firings: Firing[] = [];
    for (let day = first; day <= last; day = dayBefore(day, -1)) {
      firings.push(...ratingDropsOn(settings, ratings, day, told, new Date(Date.parse(day) + dayMs)));
    }
    return { firings, complete: true };
  },
  "cluster-growth": async (db, settings, { brandId, from, to }) => {
    const begin = new Date(from.getTime() - settings.hours * 3_600_000);
    const facts = await storyFacts(db, { brandId, from: begin, to });
    return { firings: onceEach(growthsIn(settings, facts)).filter(({ at }) => at >= from), complete: true };
  },
};

const later = (a: Date, b: Date): Date => (a > b ? a : b);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** A rule fires once for a subject. */
const onceEach = (firings: readonly Firing[]): Firing[] => [
  ...new Map(firings.toReversed().map(firing => [firing.subject, firing])).values(),
];

async function mentionsOf(
  db: Db,
  kind: "negative-mention" | "keyword",
  settings: unknown,
  past: Past,
): Promise<Previewed> {
  const look = lookOfRule(kind, settings);
  const firings: Firing[] = [];
  let after: readonly [Date, string] | null = null;
  for (let looked = 0; looked < mostFacts; looked += perBatch) {
    const facts = await pastMentionFacts(db, past, after, perBatch);
    firings.push(...facts.flatMap(fact => look(fact) ?? []));
    const last = facts.at(-1);
    if (facts.length < perBatch || last === undefined) return { firings, complete: true };
    after = [last.at, last.id];
  }
  return { firings, complete: false };
}
