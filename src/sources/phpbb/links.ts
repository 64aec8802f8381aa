/** The folder of a board, with a slash at its end, from any address that people copy from the browser. */
export function boardUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  const folder = url.pathname.replace(/[^/]*\.php$/, "").replace(/\/*$/, "/");
  return `${url.origin}${folder}`;
}

export const indexUrl = (board: string): string => `${board}index.php`;
export const forumUrl = (board: string, forum: number, start = 0): string =>
  `${board}viewforum.php?f=${forum}${start > 0 ? `&start=${start}` : ""}`;
export const topicUrl = (board: string, topic: number, start = 0): string =>
  `${board}viewtopic.php?t=${topic}${start > 0 ? `&start=${start}` : ""}`;
/** The page of a thread that has the post. */
export const topicUrlAt = (board: string, post: number): string => `${board}viewtopic.php?p=${post}`;
export const postUrl = (board: string, post: number): string => `${topicUrlAt(board, post)}#p${post}`;
/** phpBB 3.2 and later lead from here to `app.php/feed`. */
export const feedUrl = (board: string, forum: number | null): string =>
  `${board}feed.php${forum === null ? "" : `?f=${forum}`}`;

type Href = string | undefined;

/** Numbers in phpBB's own links, and in those that rewriting extensions make of them ("zelda-t190-15.html#p564"). */
export const forumIdIn = (href: Href): number | null =>
  numberIn(href, /[?&]f=(\d+)/, /[-/]f(\d+)(?:-\d+)?(?:\.html|\/|$)/);
export const topicIdIn = (href: Href): number | null =>
  numberIn(href, /[?&]t=(\d+)/, /[-/]t(\d+)(?:-\d+)?(?:\.html|\/|$)/);
export const postIdIn = (href: Href): number | null =>
  numberIn(href, /#p(\d+)/, /[?&]p=(\d+)/, /[-/]post(\d+)\.html/);
export const userIdIn = (href: Href): number | null =>
  numberIn(href, /[?&]u=(\d+)/, /(?:[-/]u|membre|member|user)[-/]?(\d+)(?:\.html|\/|$)/);
export const startIn = (href: Href): number | null =>
  numberIn(href, /[?&]start=(\d+)/, /[-/][tf]\d+-(\d+)(?:\.html|\/|$)/);

function numberIn(href: Href, ...patterns: readonly RegExp[]): number | null {
  const text = href?.slice(0, 2000) ?? "";
  for (const pattern of patterns) {
    const number = Number(pattern.exec(text)?.[1] ?? Number.NaN);
    if (Number.isSafeInteger(number)) return number;
  }
  return null;
}

/** An absolute address on the web without the visitor's session, or null. */
export function cleanAddress(href: Href, pageUrl: string): string | null {
  if (!href || !URL.canParse(href, pageUrl)) return null;
  const url = new URL(href, pageUrl);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  url.searchParams.delete("sid");
  return url.href;
}
