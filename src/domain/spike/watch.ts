import { type Looker, minuteMs, type Spike } from "./detect.ts";

/** One spike is told once: after an alert nothing is told for so long. */
const quietAfterMs = 6 * 3_600_000;

/** Looks at every minute after `fromMs` until `toMs`, but for the hours after a spike; `lastMs` is the end of the last one told. */
export function spikesIn(
  look: Looker,
  {
    fromMs,
    toMs,
    lastMs,
    minCount,
  }: { fromMs: number; toMs: number; lastMs: number | null; minCount: number },
): Spike[] {
  const found: Spike[] = [];
  let last = lastMs ?? Number.NEGATIVE_INFINITY;
  for (let end = Math.ceil((fromMs + 1) / minuteMs) * minuteMs; end <= toMs; end += minuteMs) {
    if (end < last + quietAfterMs) continue;
    const spike = look(end, minCount);
    if (spike === null) continue;
    found.push(spike);
    last = end;
  }
  return found;
}
