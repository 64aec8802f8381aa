import type { Calendar } from "./calendar.ts";

/** A stretch in which the clock ran; `to` null: it still runs. Instants in ms. */
export interface Run {
  from: number;
  to: number | null;
}

/** What the clock of one case is made of; instants in ms. */
export interface ClockFacts {
  targetMs: number;
  /** Working time used before the first of the runs. */
  usedMs: number;
  /** In order and apart; one that begins after now is planned. */
  runs: readonly Run[];
  /** Of a miss that is known already. */
  breachedAt: number | null;
  /** When it was answered in full, or ended without an answer. */
  ended: { at: number; answered: boolean } | null;
}

export const clockStates = ["running", "near", "standing", "breached", "met", "ended"] as const;
type ClockState = (typeof clockStates)[number];

export interface ClockReading {
  /** When the target was or will be used up; null when the clock stands before or after that. */
  dueAt: number | null;
  usedMs: number;
  /** Negative by the working time that it is late. */
  leftMs: number;
  breachedAt: number | null;
  state: ClockState;
  /** When the state changes by itself; null when it does not. */
  nextAt: number | null;
}

/** From this share of the target on the due time is near. */
export const nearShare = 0.8;

/**
 * Reads the clock of a case: working time counts while it runs, up to the end of the case and never past
 * `now`. The due time is a miss for who has not answered, and no miss for who answers at it; a miss stays one.
 */
export function readClock(facts: ClockFacts, calendar: Calendar, now: number): ClockReading {
  const { targetMs, ended } = facts;
  const until = ended === null ? now : Math.min(now, ended.at);
  const { usedMs, dueAt, runsFrom } = countRuns(facts, calendar, until);
  const breachedAt = facts.breachedAt ?? missAt(facts, dueAt, until);
  const isNear = usedMs >= nearShare * targetMs;
  const willChange = runsFrom !== null && breachedAt === null;
  const nextAt = willChange && !isNear ? calendar.after(runsFrom, nearShare * targetMs - usedMs) : dueAt;
  return {
    dueAt,
    usedMs,
    leftMs: targetMs - usedMs,
    breachedAt,
    state: stateOf(ended, { isBreached: breachedAt !== null, isStanding: runsFrom === null, isNear }),
    nextAt: willChange ? nextAt : null,
  };
}

/** What the runs have used until then, when the target was or will be used up, and since when the clock runs on. */
function countRuns({ targetMs, usedMs: before, runs, ended }: ClockFacts, calendar: Calendar, until: number) {
  let usedMs = before;
  let dueAt: number | null = null;
  let runsFrom: number | null = null;
  for (const { from, to } of runs) {
    const end = Math.max(from, Math.min(to ?? until, until));
    const spentMs = calendar.between(from, end);
    if (usedMs < targetMs && usedMs + spentMs >= targetMs) dueAt = calendar.after(from, targetMs - usedMs);
    usedMs += spentMs;
    runsFrom = ended === null && (to === null || to > until) ? end : null;
  }
  if (runsFrom !== null && usedMs < targetMs) dueAt = calendar.after(runsFrom, targetMs - usedMs);
  return { usedMs, dueAt, runsFrom };
}

function missAt({ ended, usedMs, targetMs }: ClockFacts, dueAt: number | null, until: number): number | null {
  if (dueAt !== null) return (ended === null ? until >= dueAt : until > dueAt) ? dueAt : null;
  return ended === null && usedMs >= targetMs ? until : null;
}

function stateOf(
  ended: ClockFacts["ended"],
  { isBreached, isStanding, isNear }: Record<"isBreached" | "isStanding" | "isNear", boolean>,
): ClockState {
  if (isBreached) return "breached";
  if (ended !== null) return ended.answered ? "met" : "ended";
  if (isStanding) return "standing";
  return isNear ? "near" : "running";
}
