import { openZone } from "#domain/zone.ts";

export const hourMs = 3_600_000;
export const quarterMs = 900_000;
export const slotCount = 168;

/** Counts of past quarter-hours, oldest first. */
export interface SpikeHistory {
  /** The first quarter; whole quarters of UTC. */
  startMs: number;
  counts: ArrayLike<number>;
  /** Quarters in which collecting failed; nothing is learnt from them. */
  holes: ArrayLike<boolean>;
}

/** The past by whole hours of UTC, with the hour of the week that the brand's wall clock shows. */
export interface Hours {
  startMs: number;
  counts: Float64Array;
  /** 0 Monday 00:00 … 167 Sunday 23:00. */
  slots: Uint8Array;
  /** The local day, numbered from the first. */
  days: Uint16Array;
  /** 1 where the hour tells what is usual. */
  usable: Uint8Array;
}

const hoursDown = Array.from({ length: 24 }, (_, index) => 23 - index);

/** Hour of the week at an instant, as the wall clock shows it; the zone is asked once a day, and each time where the clock changes. */
export function slotReader(timezone: string): (at: number) => { slot: number; day: number } {
  const zone = openZone(timezone);
  let day = Number.NaN;
  let midnight = 0;
  let next = 0;
  return at => {
    if (!(at >= midnight && at < next)) {
      day = zone.dayAt(at);
      midnight = zone.instant(day, 0);
      next = zone.instant(day + 1, 0);
    }
    const hour =
      next - midnight === 24 * hourMs
        ? Math.floor((at - midnight) / hourMs)
        : (hoursDown.find(each => zone.instant(day, each * hourMs) <= at) ?? 0);
    return { slot: ((((day + 3) % 7) + 7) % 7) * 24 + hour, day };
  };
}

/** Adds up quarters to hours; an hour with a hole in it is none. Time before the first mention is left out. */
export function hoursOf({ startMs, counts, holes }: SpikeHistory, timezone: string): Hours {
  const skip = (4 - ((startMs / quarterMs) % 4)) % 4;
  let begin = skip;
  while (begin + 4 <= counts.length && quarterSum(counts, begin) === 0) begin += 4;
  const length = Math.max(0, Math.floor((counts.length - begin) / 4));
  const read = slotReader(timezone);
  const first = startMs + begin * quarterMs;
  const hours: Hours = {
    startMs: first,
    counts: new Float64Array(length),
    slots: new Uint8Array(length),
    days: new Uint16Array(length),
    usable: new Uint8Array(length),
  };
  const firstDay = length > 0 ? read(first).day : 0;
  for (let index = 0; index < length; index++) {
    const from = begin + index * 4;
    const { slot, day } = read(first + index * hourMs);
    hours.counts[index] = quarterSum(counts, from);
    hours.slots[index] = slot;
    hours.days[index] = day - firstDay;
    hours.usable[index] = holes[from] || holes[from + 1] || holes[from + 2] || holes[from + 3] ? 0 : 1;
  }
  return hours;
}

const quarterSum = (counts: ArrayLike<number>, from: number): number =>
  (counts[from] ?? 0) + (counts[from + 1] ?? 0) + (counts[from + 2] ?? 0) + (counts[from + 3] ?? 0);
