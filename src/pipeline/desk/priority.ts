import { casePriority, nextPriorityAt, type PriorityFactor, slackShares } from "#domain/priority.ts";
import { slaOf, targetOf } from "#domain/sla-settings.ts";
import type { CaseRow, ClockColumns } from "#store/case.ts";
import type { DeskBrand } from "#store/case-clock.ts";
import type { StoredFacts } from "#store/case-priority.ts";
import { openCalendars, retargeted, slackOf, started } from "./clock-columns.ts";

/** What a case's facts come to. */
interface Judgement {
  priority: number;
  factors: PriorityFactor[];
  nextAt: Date | null;
  clock: ClockColumns;
}

/** Judges cases of one brand by its tastes and its calendar, which are read once. */
export interface Judge {
  /** A new case whose clock starts at `startedAt`. */
  born(facts: StoredFacts, startedAt: Date, now: Date): Judgement;
  /** A living case whose facts may have changed. */
  again(facts: StoredFacts, row: CaseRow, now: Date): Judgement;
}

function openJudge(brand: DeskBrand): Judge {
  const calendars = openCalendars(brand);
  const taste = { weights: brand.desk.priorityWeights ?? {}, language: brand.language };
  const sla = slaOf(brand.sla);
  const judge = (
    facts: StoredFacts,
    { startedAt, escalated }: { startedAt: Date; escalated: boolean },
    now: Date,
    clockFor: (target: ReturnType<typeof targetOf>) => ClockColumns,
  ): Judgement => {
    const timeless = { ...facts, escalated, slaStartedAt: startedAt, usedShare: 0, nextSlackAt: null };
    const { withoutTime } = casePriority(timeless, taste, now);
    const clock = clockFor(targetOf(sla, withoutTime, facts.sourceKind));
    const whole = { ...timeless, ...slackOf(clock, calendars, slackShares, now) };
    const { priority, factors } = casePriority(whole, taste, now);
    return { priority, factors, nextAt: nextPriorityAt(whole, now), clock };
  };
  return {
    born: (facts, startedAt, now) =>
      judge(facts, { startedAt, escalated: false }, now, target =>
        started(target, startedAt, calendars, now),
      ),
    again: (facts, row, now) =>
      judge(facts, { startedAt: row.sla_started_at, escalated: row.escalated_at !== null }, now, target =>
        retargeted(row, target, calendars, now),
      ),
  };
}

/** Opens one judge for each brand. */
export const openJudges = (brands: ReadonlyMap<string, DeskBrand>): Map<string, Judge> =>
  new Map([...brands].map(([id, brand]) => [id, openJudge(brand)]));
