import type { CheerioAPI } from "cheerio/slim";
import { readDate } from "#sources/dates.ts";
import type { SourceReply } from "#sources/define.ts";
import type { Reading } from "#sources/printed-dates.ts";
import { readBoardDate } from "./board-dates.ts";
import { forumIdIn, postIdIn, startIn, topicIdIn } from "./links.ts";
import { type Paging, pagingOf } from "./paging.ts";
import { notAsExpected, openPage } from "./refusals.ts";

type Selection = ReturnType<CheerioAPI>;

/** One thread in a forum's list; `lastStart` is the offset of its last page. */
export interface TopicRow {
  topicId: number;
  lastPostId: number | null;
  lastPostAt: Date | null;
  lastStart: number;
  isPinned: boolean;
}

export interface ForumPage {
  topics: TopicRow[];
  subforums: number[];
  paging: Paging;
}

/** Numbers of all forums that the board's front page names. */
export function readIndex(reply: SourceReply, now: Date): number[] {
  const $ = openPage(reply, "a.forumtitle", now);
  const forums = forumsIn($);
  if (forums.length === 0)
    throw notAsExpected(reply.url, "is a board's front page on which no forum was found");
  return forums;
}

/** Reads a forum's list of threads; an empty forum is one, a page without any sign of a list is not. */
export function readForum(reply: SourceReply, reading: Reading): ForumPage {
  const $ = openPage(reply, "a.topictitle", reading.now);
  const rows = $("a.topictitle")
    .toArray()
    .map(link => readRow($(link), reading));
  const subforums = forumsIn($);
  const isList = rows.length > 0 || subforums.length > 0 || saysNoTopics($);
  if (!isList) throw notAsExpected(reply.url, "is a forum in which no list of threads was found");
  return { topics: rows.filter(row => row !== null), subforums, paging: pagingOf($, reply.url) };
}

/** Forums and their subforums; a forum that is a mere link elsewhere has nothing to read. */
const forumsIn = ($: CheerioAPI): number[] => {
  const links = $("a.forumtitle, a.subforum").not(".forum_link a, [class*='forum_link'] a").toArray();
  return [...new Set(links.map(link => forumIdIn($(link).attr("href"))).filter(id => id !== null))];
};

/** An empty forum has a panel instead of the list, and the bar that says on which page one is. */
const saysNoTopics = ($: CheerioAPI): boolean =>
  $("body.section-viewforum .panel, body.section-viewforum .pagination").length > 0 &&
  $("time[datetime], .lastpost").length === 0;

/** Null for the shadow that a moved thread leaves behind. */
function readRow(title: Selection, reading: Reading): TopicRow | null {
  const row = title.closest("li.row, tr, .row");
  const topicId = topicIdIn(title.attr("href"));
  const marks = `${row.attr("class") ?? ""} ${row.find("dl").attr("class") ?? ""} ${row.find("dl").attr("style") ?? ""}`;
  if (topicId === null || marks.includes("topic_moved")) return null;
  const last = row.find("dd.lastpost, .lastpost").first();
  const lastPostIds = last
    .find("a[href]")
    .toArray()
    .map(link => postIdIn(link.attribs["href"]));
  const starts = row
    .find(".pagination a[href]")
    .toArray()
    .map(link => startIn(link.attribs["href"]) ?? 0);
  return {
    topicId,
    lastPostId: lastPostIds.find(id => id !== null) ?? null,
    lastPostAt: lastPostAtOf(last, reading),
    lastStart: starts.reduce((a, b) => Math.max(a, b), 0),
    isPinned: /\b(?:sticky|announce|global-announce)\b|(?:sticky|announce|global)_(?:un)?read/.test(marks),
  };
}

/** The date is the last line of the cell, after the author's name. */
function lastPostAtOf(cell: Selection, reading: Reading): Date | null {
  const marked = readDate(cell.find("time[datetime]").first().attr("datetime"));
  if (marked !== null) return marked;
  const afterBreak =
    cell
      .html()
      ?.split(/<br\s*\/?>/i)
      .at(-1) ?? "";
  return readBoardDate(afterBreak.replace(/<[^>]*>/g, " "), reading);
}
