import { InputError } from "./errors.ts";

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of "90s", "15m", "6h", "2d"; throws InputError naming what was given. */
export function durationMs(text: string): number {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (!match)
    throw new InputError(`"${text}" is no duration: expected a number and s, m, h or d, such as "15m"`);
  return Number(match[1]) * (unitMs[match[2] as string] as number);
}
