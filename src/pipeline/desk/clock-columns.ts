import { type BusinessHours, type Calendar, openCalendar, roundTheClock } from "#domain/calendar.ts";
import { type ClockReading, readClock } from "#domain/sla.ts";
import { slaOf, type Target } from "#domain/sla-settings.ts";
import type { CaseRow, ClockColumns } from "#store/case.ts";
import type { DeskBrand } from "#store/case-clock.ts";

/** The calendars of one brand: its business hours without its holidays, and the clock that never stops. */
export type Calendars = Record<Target["clock"], Calendar>;

export const openCalendars = ({
  business_hours,
  sla,
  timezone,
}: Pick<DeskBrand, "business_hours" | "sla" | "timezone">): Calendars => ({
  business: openCalendar(business_hours as BusinessHours | null, slaOf(sla).holidays, timezone),
  always: roundTheClock,
});

/** What the clock of a case is read from. */
export type Clocked = Pick<CaseRow, "status" | "outcome" | "ended_at"> & ClockColumns;

const date = (ms: number): Date => new Date(Math.ceil(ms));
const dateOf = (ms: number | null): Date | null => (ms === null ? null : date(ms));

const calendarOf = ({ sla_always }: ClockColumns, calendars: Calendars): Calendar =>
  sla_always ? calendars.always : calendars.business;

/** The miss of this round: a case that came back after an answer has a new one. */
const missOf = ({ breached_at, sla_started_at }: ClockColumns): number | null =>
  breached_at !== null && breached_at >= sla_started_at ? breached_at.getTime() : null;

const read = (
  row: ClockColumns,
  calendars: Calendars,
  now: Date,
  { breachedAt, ended }: { breachedAt: number | null; ended: { at: number; answered: boolean } | null },
): ClockReading =>
  readClock(
    {
      targetMs: row.sla_target_ms,
      usedMs: row.sla_used_ms,
      runs: row.sla_running_at === null ? [] : [{ from: row.sla_running_at.getTime(), to: null }],
      breachedAt,
      ended,
    },
    calendarOf(row, calendars),
    now.getTime(),
  );

/** The clock of a case as it is stored, read at `now`; of an ended one the misses of all its rounds count. */
export function readCaseClock(row: Clocked, calendars: Calendars, now: Date): ClockReading {
  if (row.status !== "ended") return read(row, calendars, now, { breachedAt: missOf(row), ended: null });
  const answered = row.outcome === "answered" || row.outcome === "answered-elsewhere";
  const ended = { at: row.ended_at?.getTime() ?? now.getTime(), answered };
  return read(row, calendars, now, { breachedAt: row.breached_at?.getTime() ?? null, ended });
}

const readLiving = (row: ClockColumns, calendars: Calendars, now: Date) =>
  read(row, calendars, now, { breachedAt: missOf(row), ended: null });

const columns = (row: ClockColumns): ClockColumns => ({
  sla_started_at: row.sla_started_at,
  sla_target_ms: row.sla_target_ms,
  sla_always: row.sla_always,
  sla_used_ms: row.sla_used_ms,
  sla_running_at: row.sla_running_at,
  sla_next_at: row.sla_next_at,
  due_at: row.due_at,
  breached_at: row.breached_at,
});

/** A living clock after a look at it at `now`: what follows from its facts is brought in line. */
export function lookedAt(row: ClockColumns, calendars: Calendars, now: Date) {
  const reading = readLiving(row, calendars, now);
  const after: ClockColumns = {
    ...columns(row),
    due_at: dateOf(reading.dueAt) ?? row.due_at,
    sla_next_at: dateOf(reading.nextAt),
    breached_at: row.breached_at ?? dateOf(reading.breachedAt),
  };
  return { after, reading };
}

/** The clock of a new case. What it has missed at birth the tick tells, as any other miss. */
export function started(target: Target, startedAt: Date, calendars: Calendars, now: Date): ClockColumns {
  const born: ClockColumns = {
    sla_started_at: startedAt,
    sla_target_ms: target.targetMs,
    sla_always: target.clock === "always",
    sla_used_ms: 0,
    sla_running_at: startedAt,
    sla_next_at: now,
    due_at: startedAt,
    breached_at: null,
  };
  const due = date(calendarOf(born, calendars).after(startedAt.getTime(), target.targetMs));
  const { nextAt, state } = readLiving(born, calendars, now);
  return { ...born, due_at: due, sla_next_at: state === "running" ? dateOf(nextAt) : now };
}

/** The clock stands from `now` on; a standing one stays as it is. */
export function stood(row: ClockColumns, calendars: Calendars, now: Date): ClockColumns {
  if (row.sla_running_at === null) return columns(row);
  const { after, reading } = lookedAt(row, calendars, now);
  return { ...after, sla_used_ms: reading.usedMs, sla_running_at: null, sla_next_at: null };
}

/** The clock runs from `now` on with what it has used; a running one stays as it is. */
export function resumed(row: ClockColumns, calendars: Calendars, now: Date): ClockColumns {
  if (row.sla_running_at !== null) return columns(row);
  return lookedAt({ ...row, sla_running_at: now }, calendars, now).after;
}

/** A new round: the author wrote again after an answer. The miss of an earlier one stays. */
export const restarted = (row: ClockColumns, calendars: Calendars, now: Date): ClockColumns =>
  lookedAt({ ...row, sla_started_at: now, sla_used_ms: 0, sla_running_at: now }, calendars, now).after;

/**
 * The clock of a case that ends at `now`. It stops at the answer's own time: an answer from before the due time
 * was none too late, though we saw it later; any other miss stays.
 */
export function ended(
  row: ClockColumns,
  calendars: Calendars,
  { answeredAt, now }: { answeredAt: Date | null; now: Date },
): ClockColumns {
  const at = Math.min(now.getTime(), answeredAt?.getTime() ?? now.getTime());
  const miss = missOf(row);
  const inTime = answeredAt !== null && miss !== null && at <= miss;
  const facts = { breachedAt: inTime ? null : miss, ended: { at, answered: answeredAt !== null } };
  const reading = read(row, calendars, now, facts);
  return {
    ...columns(row),
    due_at: dateOf(reading.dueAt) ?? row.due_at,
    sla_used_ms: reading.usedMs,
    sla_running_at: null,
    sla_next_at: null,
    breached_at: (inTime ? null : row.breached_at) ?? dateOf(reading.breachedAt),
  };
}

/**
 * Another time to answer: a longer one counts from the start; a shorter one counts from `now`, and never gives
 * more than there was, so that nothing is late at the moment in which it becomes urgent. A miss keeps its target.
 * What comes near or due by this, or by another calendar, the tick tells at once. A target of 0 is none yet.
 */
export function retargeted(row: ClockColumns, target: Target, calendars: Calendars, now: Date): ClockColumns {
  if (missOf(row) !== null) return columns(row);
  const before = readLiving(row, calendars, now);
  const isNew = row.sla_target_ms === 0;
  if (!isNew && before.breachedAt !== null)
    return { ...columns(row), due_at: dateOf(before.dueAt) ?? row.due_at, sla_next_at: now };
  const isShorter = !isNew && target.targetMs < row.sla_target_ms;
  const targetMs = isShorter ? Math.min(row.sla_target_ms, before.usedMs + target.targetMs) : target.targetMs;
  const isAlways = target.clock === "always";
  const sameClock = isAlways === row.sla_always;
  const wanted = { ...row, sla_target_ms: targetMs, sla_always: isAlways };
  const { after, reading } = lookedAt(sameClock ? wanted : folded(wanted, before, now), calendars, now);
  if (!isNew && after.due_at.getTime() === row.due_at.getTime())
    return { ...after, sla_next_at: row.sla_next_at };
  const isQuiet = reading.state === "running" || reading.state === "standing";
  return isQuiet ? after : { ...after, breached_at: row.breached_at, sla_next_at: now };
}

/** What the old calendar counted stays counted. */
function folded(row: ClockColumns, before: ClockReading, now: Date): ClockColumns {
  if (row.sla_running_at === null || row.sla_running_at > now) return row;
  return { ...row, sla_used_ms: before.usedMs, sla_running_at: now };
}

/** How much of the time to answer is used up, and when the next of `shares` is, if the clock runs. */
export function slackOf(
  row: ClockColumns,
  calendars: Calendars,
  shares: readonly number[],
  now: Date,
): { usedShare: number; nextSlackAt: Date | null } {
  const { usedMs } = readLiving(row, calendars, now);
  const usedShare = row.sla_target_ms > 0 ? usedMs / row.sla_target_ms : 1;
  const next = shares.find(share => share > usedShare);
  if (row.sla_running_at === null || next === undefined) return { usedShare, nextSlackAt: null };
  const from = Math.max(now.getTime(), row.sla_running_at.getTime());
  return {
    usedShare,
    nextSlackAt: date(calendarOf(row, calendars).after(from, next * row.sla_target_ms - usedMs)),
  };
}
