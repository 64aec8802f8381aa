import type { CaseRow, CaseStep, ClockColumns } from "#store/case.ts";
import { deskBrands } from "#store/case-clock.ts";
import type { Tx } from "#store/db.ts";
import { type Calendars, ended, openCalendars, restarted, resumed, stood } from "./clock-columns.ts";

/**
 * What a step does to the clock, by the states before and after it: it stands while the case waits for the
 * author and once it has ended, and runs in every other state. `takeStep` asks for every step, so that no step
 * has to.
 */
export async function followClock(tx: Tx, row: CaseRow, step: CaseStep): Promise<Partial<ClockColumns>> {
  const status = step.status ?? row.status;
  if (status === row.status) return {};
  const now = step.updated_at;
  if (status === "ended") {
    const answeredAt = step.answered_at ?? null;
    return ended(row, await calendarsOf(tx, row), { answeredAt, now });
  }
  if (status === "awaiting-author") return stood(row, await calendarsOf(tx, row), now);
  if (row.status === "ended" && row.answered_at !== null)
    return restarted(row, await calendarsOf(tx, row), now);
  return row.sla_running_at === null ? resumed(row, await calendarsOf(tx, row), now) : {};
}

async function calendarsOf(tx: Tx, row: CaseRow): Promise<Calendars> {
  const brand = (await deskBrands(tx, [row.brand_id])).get(row.brand_id);
  if (brand === undefined) throw new Error(`case ${row.id} has no brand`);
  return openCalendars(brand);
}
