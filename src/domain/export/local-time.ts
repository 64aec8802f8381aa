import { offsetMs } from "#domain/zone.ts";

const quarterMs = 900_000;
/** Quarter-hours whose offset is remembered: no zone has changed its offset within one since 1972. */
const remembered = 20_000;

/** Writes instants of one zone; looking an offset up is slow, so it is remembered. */
export interface LocalTime {
  /** `2026-11-20 12:14:03`, which spreadsheets read as a time. */
  plain(at: Date): string;
  /** RFC 3339 with the zone's offset and milliseconds. */
  full(at: Date): string;
  /** Days since 1899-12-30 with their fraction, as spreadsheets count. */
  serial(at: Date): number;
}

export function openLocalTime(timezone: string): LocalTime {
  const offsets = new Map<number, number>();
  const offsetAt = (at: number): number => {
    const quarter = Math.floor(at / quarterMs);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      if (offsets.size >= remembered) offsets.clear();
      offset = offsetMs(at, timezone);
      offsets.set(quarter, offset);
    }
    return offset;
  };
  const wall = (at: Date) => new Date(at.getTime() + offsetAt(at.getTime())).toISOString();
  return {
    plain: at => wall(at).replace("T", " ").slice(0, -5),
    full: at => wall(at).slice(0, -1) + offsetText(offsetAt(at.getTime())),
    serial: at => (at.getTime() + offsetAt(at.getTime())) / 86_400_000 + 25_569,
  };
}

function offsetText(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / 60_000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
