import { fieldOf } from "#domain/query/evaluate.ts";
import type { Interval, Page } from "#domain/query/page.ts";

/** A half-open range of UTF-16 units in a document's title or text. */
export interface MatchSpan {
  field: "title" | "text";
  start: number;
  end: number;
}

/** More marks than this help nobody; the first ones are kept. */
export const maxSpans = 200;

/** The intervals as ranges of the original text: title first, in order, overlapping ones united. */
export function spansOf(intervals: readonly Interval[], page: Page): MatchSpan[] {
  const spans: MatchSpan[] = [];
  let reached = -1;
  for (const { first, last } of intervals.toSorted((a, b) => a.first - b.first || b.last - a.last)) {
    const { name } = fieldOf(page, first);
    if (name !== "title" && name !== "text") continue;
    const end = page.words.ends[last]!;
    const previous = spans.at(-1);
    if (previous !== undefined && first <= reached) previous.end = Math.max(previous.end, end);
    else if (spans.length === maxSpans) break;
    else spans.push({ field: name, start: page.words.starts[first]!, end });
    reached = Math.max(reached, last);
  }
  return spans;
}
