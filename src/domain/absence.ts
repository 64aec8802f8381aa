/** When somebody is away; `to` is exclusive. RFC 3339 instants. */
export interface Absence {
  from: string;
  to: string;
}

/** Until when somebody is away at `now`, or null. Absences that touch or overlap count as one. */
export function awayUntil(absences: readonly Absence[], now: Date): Date | null {
  let until = now.getTime();
  for (const { from, to } of absences.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from)))
    if (Date.parse(from) <= until) until = Math.max(until, Date.parse(to));
  return until > now.getTime() ? new Date(until) : null;
}
