const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's wall clock is ahead of UTC at an instant, in ms. */
export function offsetMs(at: number, timezone: string): number {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
    formats.set(timezone, format);
  }
  const name = format.formatToParts(at).find(part => part.type === "timeZoneName")?.value ?? "GMT";
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name);
  if (!match) return 0;
  const [, sign, hour, minute, second = "0"] = match;
  return (
    (sign === "-" ? -1 : 1) * (Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1_000)
  );
}

/** Wall times of one zone as instants; offsets are remembered by the UTC day, since looking one up is slow. */
export interface Zone {
  /** The local date at an instant, in days since 1970-01-01. */
  dayAt(at: number): number;
  /** The instant of `wallMs` after local midnight of a day; in a gap it is the gap, in an overlap the first of the two. */
  instant(day: number, wallMs: number): number;
}

export function openZone(timezone: string): Zone {
  const remembered = new Map<number, number>();
  const atMidnight = (utcDay: number): number => {
    let offset = remembered.get(utcDay);
    if (offset === undefined) {
      offset = offsetMs(utcDay * dayMs, timezone);
      remembered.set(utcDay, offset);
    }
    return offset;
  };
  return {
    dayAt: at => Math.floor((at + offsetMs(at, timezone)) / dayMs),
    instant: (day, wallMs) => {
      const wall = day * dayMs + wallMs;
      const [before, after] = [atMidnight(day - 1), atMidnight(day + 2)];
      if (before === after && before === atMidnight(day + 1)) return wall - before;
      return instantNear(wall, timezone);
    },
  };
}

/** The instant of a wall time on a day around which the offset changes. */
function instantNear(wall: number, timezone: string): number {
  const offsets = [-1.5, -0.5, 0, 0.5, 1.5].map(days => offsetMs(wall + days * dayMs, timezone));
  const candidates = offsets.map(offset => wall - offset);
  const shown = candidates.filter(at => at + offsetMs(at, timezone) === wall);
  return shown.length > 0 ? Math.min(...shown) : gapAt(wall, candidates, timezone);
}

/** The first instant whose wall clock shows `wall` or later, between candidates that show it too early and too late. */
function gapAt(wall: number, candidates: readonly number[], timezone: string): number {
  let [early, late] = [Math.min(...candidates), Math.max(...candidates)];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (middle + offsetMs(middle, timezone) < wall) early = middle;
    else late = middle;
  }
  return late;
}
