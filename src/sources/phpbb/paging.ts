import type { CheerioAPI } from "cheerio/slim";
import { startIn } from "./links.ts";

/**
 * Offsets of a page and its neighbours, as in `start=`; null where there is none. The second of two pages does not
 * always tell its own offset: then `start` is 1.
 */
export interface Paging {
  start: number;
  previous: number | null;
  next: number | null;
}

/**
 * Where a page stands among the pages of a forum or thread. The number of the current page and the links to the
 * others are printed by every phpBB 3, though each version marks them in its own way.
 */
export function pagingOf($: CheerioAPI, pageUrl: string): Paging {
  const bars = $(".pagination").not("li.row .pagination, .topiclist .pagination, .row .pagination");
  const links = bars
    .find("a[href]")
    .toArray()
    .map(link => ({ page: Number($(link).text().trim()), start: startIn($(link).attr("href")) }));
  const starts = links.map(link => link.start).filter(start => start !== null);
  const shown = Number(bars.find("li.active, strong").first().text().trim());
  const start = startOf(shown, links) ?? startIn(pageUrl) ?? (shown === 2 ? 1 : 0);
  const before = starts.filter(other => other < start);
  const after = starts.filter(other => other > start);
  return {
    start,
    previous: start === 0 ? null : before.reduce((a, b) => Math.max(a, b), 0),
    next: after.length === 0 ? null : after.reduce((a, b) => Math.min(a, b)),
  };
}

/** (current page − 1) × page size, where page 3 that starts at 30 tells a size of 15. */
function startOf(shown: number, links: readonly { page: number; start: number | null }[]): number | null {
  if (shown === 1) return 0;
  const known = links.find(({ page, start }) => page > 1 && start !== null && start % (page - 1) === 0);
  if (!Number.isInteger(shown) || shown < 1 || known?.start == null) return null;
  return (shown - 1) * (known.start / (known.page - 1));
}
