const dayMs = 86_400_000;

/**
 * How long a server asks to stay away, in ms, at most a day: `Retry-After` as seconds or as a date, whose distance
 * is taken from the server's own `Date` when it has one. Null without a readable header.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const value = headers["retry-after"]?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.ceil(Number(value) * 1000), dayMs);
  const until = Date.parse(value);
  if (Number.isNaN(until)) return null;
  const serverNow = Date.parse(headers["date"] ?? "");
  const from = Number.isNaN(serverNow) ? now : serverNow;
  return Math.min(Math.max(until - from, 0), dayMs);
}
