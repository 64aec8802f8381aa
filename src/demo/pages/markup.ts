import { escapeMarkup } from "#domain/export/markup.ts";

/** Text as HTML, each line break a `<br>`. */
export const withBreaks = (text: string): string => escapeMarkup(text).replaceAll("\n", "<br>\n");

/** ISO 8601 to the second with an explicit offset, as forums and previews write it. */
export const isoSeconds = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, "+00:00");

/** A page's body and the instant of the newest thing that it shows; null when nothing on it has a date. */
export interface Page {
  type: string;
  body: string;
  changedAt: Date | null;
}

export const htmlType = "text/html; charset=utf-8";

/** The latest of the instants that have passed at `now`. */
export function latest(instants: Iterable<Date>, now: Date): Date | null {
  let found: Date | null = null;
  for (const at of instants) if (at <= now && (found === null || at > found)) found = at;
  return found;
}

/** Page `start` (counted in rows) of rows, `perPage` at a time. */
export function slicePage<Row>(rows: readonly Row[], start: number, perPage: number): Row[] {
  return rows.slice(start, start + perPage);
}
