import { growthsIn } from "#domain/alerts/cluster-growth.ts";
import type { Firing } from "#domain/alerts/firing.ts";
import { lookEveryMs, type RuleKind, settingsOf } from "#domain/alerts/kinds.ts";
import { dayBefore, ratingDays, ratingDropsOn } from "#domain/alerts/rating-drop.ts";
import type { AlertRuleRow } from "#store/alert.ts";
import { keepLearnt, lastSubject, lockDueRule, planLook, toldRatings } from "#store/alert-due.ts";
import { brandDay, ratedDays, storyFacts } from "#store/alert-look.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { alertOf, raiseAlerts } from "./alerts.ts";
import type { Deps } from "./deps.ts";
import { dayMs, endOfSpike, spikeFiring, spikesBetween, usualOn } from "./spikes.ts";

const perTick = 100;
const hourMs = 3_600_000;
/** Windows that end so long ago are looked at again: their mentions may have been read only now. */
const lateMs = 2 * hourMs;

type LookDue = (tx: Tx, rule: AlertRuleRow, now: Date) => Promise<Firing[]>;

/** Kinds of rules that look at a stretch of time. */
const looks: Readonly<Partial<Record<RuleKind, LookDue>>> = {
  spike: lookForSpikes,
  "rating-drop": lookForDrops,
  "cluster-growth": lookForGrowth,
};

/**
 * Lets the rules look that are due: each is claimed, looks, and is planned anew in one transaction. Whether a
 * message may leave makes no difference here. Returns how many alerts fired.
 */
export async function lookDue({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  let fired = 0;
  for (let turn = 0; turn < perTick; turn++) {
    const found = await inTransaction(db, tx => lookOnce(tx, clock()));
    if (found === null) break;
    fired += found;
  }
  return fired;
}

/** How many alerts the next due rule fired; null when none is due. */
async function lookOnce(tx: Tx, now: Date): Promise<number | null> {
  const rule = await lockDueRule(tx, now);
  if (!rule) return null;
  await planLook(tx, rule.id, new Date(now.getTime() + (lookEveryMs[rule.kind] ?? dayMs)));
  const firings = (await looks[rule.kind]?.(tx, rule, now)) ?? [];
  return raiseAlerts(
    tx,
    firings.map(firing => alertOf(rule, firing, now)),
    now,
  );
}

async function lookForSpikes(tx: Tx, rule: AlertRuleRow, now: Date): Promise<Firing[]> {
  const { day: _day, timezone } = await brandDay(tx, rule.brand_id, now);
  const watched = { brandId: rule.brand_id, timezone, settings: settingsOf("spike", rule.settings) };
  const dayStart = new Date(Math.floor(now.getTime() / dayMs) * dayMs);
  const day = dayStart.toISOString();
  let learnt = rule.learnt;
  if (learnt?.day !== day) {
    learnt = { day, model: await usualOn(tx, watched, dayStart) };
    await keepLearnt(tx, rule.id, learnt);
  }
  if (learnt.model === null) return [];
  const last = await lastSubject(tx, rule.id);
  const spikes = await spikesBetween(tx, watched, learnt.model, {
    from: new Date(Math.max(dayStart.getTime(), now.getTime() - lateMs)),
    to: now,
    lastMs: last === null ? null : endOfSpike(last),
  });
  return Promise.all(spikes.map(spike => spikeFiring(tx, watched, spike)));
}

/** Whole days of the brand alone: what a day says is known when it is over. */
async function lookForDrops(tx: Tx, rule: AlertRuleRow, now: Date): Promise<Firing[]> {
  const settings = settingsOf("rating-drop", rule.settings);
  const day = dayBefore((await brandDay(tx, rule.brand_id, now)).day, 1);
  const from = dayBefore(day, ratingDays(settings) - 1);
  const ratings = await ratedDays(tx, { brandId: rule.brand_id, from, to: day });
  return ratingDropsOn(settings, ratings, day, await toldRatings(tx, rule.id), now);
}

async function lookForGrowth(tx: Tx, rule: AlertRuleRow, now: Date): Promise<Firing[]> {
  const settings = settingsOf("cluster-growth", rule.settings);
  const from = new Date(now.getTime() - 2 * settings.hours * hourMs);
  const since = Math.max(now.getTime() - settings.hours * hourMs, rule.created_at.getTime());
  const facts = await storyFacts(tx, { brandId: rule.brand_id, from, to: new Date(now.getTime() + 1) });
  return growthsIn(settings, facts).filter(({ at }) => at.getTime() >= since);
}
