import type { CheerioAPI } from "cheerio/slim";
import type { ItemInput } from "#domain/item.ts";
import { readDate } from "#sources/dates.ts";
import type { SourceReply } from "#sources/define.ts";
import { fitItem } from "#sources/fit-item.ts";
import { textOf } from "#sources/html.ts";
import { oneLine } from "#sources/plain-text.ts";
import type { Reading } from "#sources/printed-dates.ts";
import { readBoardDate } from "./board-dates.ts";
import { cleanAddress, postIdIn, postUrl, topicIdIn, userIdIn } from "./links.ts";
import { type Paging, pagingOf } from "./paging.ts";
import { notAsExpected, openPage } from "./refusals.ts";

type Selection = ReturnType<CheerioAPI>;

/** One page of a thread. */
export interface ThreadPage {
  topicId: number | null;
  paging: Paging;
  posts: { id: number; item: ItemInput }[];
}

interface Thread {
  id: string | null;
  title: string | null;
  board: string;
  pageUrl: string;
  reading: Reading;
}

/** Reads a thread page of any phpBB 3; a thread without a single post is a `SourceChangedError`. */
export function readThread(reply: SourceReply, board: string, reading: Reading): ThreadPage {
  const $ = openPage(reply, ".postbody", reading.now);
  const rows = $(".post[id]")
    .toArray()
    .map(row => ({ row: $(row), id: Number(/^p(\d{1,15})$/.exec($(row).attr("id") ?? "")?.[1]) }))
    .filter(({ row, id }) => Number.isSafeInteger(id) && row.find(".content").length > 0);
  if (rows.length === 0) throw notAsExpected(reply.url, "is a thread in which no post was found");
  const paging = pagingOf($, reply.url);
  const heading = $("h2.topic-title a, #page-body > h2 a, h2 a[href*='viewtopic']").first();
  const topicId =
    topicIdIn(heading.attr("href")) ??
    topicIdIn($("link[rel='canonical']").attr("href")) ??
    topicIdIn(reply.request.url);
  const thread: Thread = {
    id: topicId === null ? null : String(topicId),
    title: oneLine(heading.text()),
    board,
    pageUrl: reply.url,
    reading,
  };
  return {
    topicId,
    paging,
    posts: rows.map(({ row, id }, index) => ({
      id,
      item: readPost(row, id, paging.start === 0 && index === 0, thread),
    })),
  };
}

function readPost(row: Selection, id: number, isFirst: boolean, thread: Thread): ItemInput {
  const content = row.find(".postbody .content, .content").first();
  return fitItem({
    externalId: String(id),
    kind: isFirst ? "post" : "comment",
    url: postUrl(thread.board, id),
    title: isFirst ? thread.title : subjectOf(row, thread.title),
    text: ownWords(content),
    author: authorOf(row, thread.pageUrl),
    publishedAt: publishedAtOf(row, thread.reading),
    editedAt: editedAtOf(row, thread.reading),
    threadId: thread.id,
    threadTitle: thread.title,
    parentExternalId: quotedPostIn(content),
  });
}

/** A reply's subject counts only when its author changed it. */
function subjectOf(row: Selection, threadTitle: string | null): string | null {
  const subject = oneLine(row.find(".postbody h3").first().text());
  return subject === null || withoutRe(subject) === threadTitle ? null : subject;
}

/** The subject without the "Re: " that boards put before it. */
export const withoutRe = (subject: string): string => subject.replace(/^(?:(?:re|aw|odp)\s*:\s*)+/i, "");

/** What the author wrote: no quotes, no code, no attachments; smileys as their codes. Changes the selection given. */
export function ownWords(content: Selection): string {
  const own = content.clone();
  own.find("blockquote, .codebox, .inline-attachment, .attachbox, .signature, .notice").remove();
  own.find("img[src*='/smilies/']").addClass("smilies");
  return textOf(own.toArray());
}

/** The post that is answered, where the quote says so (phpBB 3.2 and later). */
function quotedPostIn(content: Selection): string | null {
  const quote = content.find("blockquote").first();
  const link = quote.find("cite a[data-post-id]").first();
  const id =
    link.attr("data-post-id") ??
    postIdIn(quote.attr("cite")) ??
    postIdIn(quote.find("cite a[href*='#p']").attr("href"));
  return /^\d{1,15}$/.test(String(id ?? "")) ? String(id) : null;
}

function authorOf(row: Selection, pageUrl: string): ItemInput["author"] {
  const line = row.find("p.author").first();
  const named = line.find(".username, .username-coloured").first();
  const shown = named.length > 0 ? named : line.find("strong").first();
  const profile = row.find("dl.postprofile dt").first().find(".username, .username-coloured, strong").last();
  const name = oneLine(shown.text()) ?? oneLine(profile.text());
  if (name === null) return null;
  const href = shown.is("a") ? shown.attr("href") : shown.find("a[href]").first().attr("href");
  const id = userIdIn(href);
  return {
    id: id === null ? null : String(id),
    name,
    url: id === null ? null : cleanAddress(href, pageUrl),
    badges: badgesOf(row),
  };
}

/** The rank beside the name. phpBB 3.0 has no class for it: the first line of the profile, unless that is a counter. */
function badgesOf(row: Selection): string[] {
  const ranked = row.find("dl.postprofile .profile-rank").first();
  const first = row.find("dl.postprofile > dd").first();
  const rank = ranked.length > 0 ? ranked : first.filter((_, dd) => !dd.attribs["class"]);
  if (rank.length === 0 || rank.find("strong, ul").length > 0) return [];
  const images = rank
    .find("img")
    .toArray()
    .map(image => image.attribs["alt"] || image.attribs["title"] || "");
  const lines = [...textOf(rank.toArray()).split("\n"), ...images].map(line => oneLine(line));
  return [...new Set(lines.filter(line => line !== null))];
}

/** phpBB 3.3 marks the time; older ones print it after "»". */
function publishedAtOf(row: Selection, reading: Reading): Date | null {
  const line = row.find("p.author").first();
  const marked = readDate(line.find("time[datetime]").first().attr("datetime"));
  if (marked !== null) return marked;
  const text = line.text();
  return text.includes("»") ? readBoardDate(text.split("»").at(-1), reading) : null;
}

/** "Last edited by NAME on DATE, edited 2 times in total", in any language: the date stands after the name. */
function editedAtOf(row: Selection, reading: Reading): Date | null {
  const notice = row.find(".notice").not(".post_deleted_msg").first();
  const marked = readDate(notice.find("time[datetime]").first().attr("datetime"));
  if (marked !== null) return marked;
  const name = oneLine(notice.find("a, .username, .username-coloured").first().text());
  const text = oneLine(notice.text()) ?? "";
  const at = name === null ? -1 : text.indexOf(name);
  if (name === null || at < 0) return null;
  const parts = text
    .slice(at + name.length)
    .trim()
    .replace(/^(?:on|am|le|el|il|w dniu) /i, "")
    .split(", ");
  for (let count = Math.min(parts.length, 4); count > 0; count -= 1) {
    const date = readBoardDate(parts.slice(0, count).join(", "), reading);
    if (date !== null) return date;
  }
  return null;
}
