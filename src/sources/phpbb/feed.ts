import { SourceChangedError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { readDate } from "#sources/dates.ts";
import { fitItem } from "#sources/fit-item.ts";
import { loadHtml } from "#sources/html.ts";
import { oneLine } from "#sources/plain-text.ts";
import { loadXml } from "#sources/xml.ts";
import { cleanAddress, postIdIn, postUrl, topicIdIn, userIdIn } from "./links.ts";
import { ownWords, withoutRe } from "./posts.ts";

/** One post of a board's Atom feed. */
export interface FeedPost {
  id: number;
  topicId: number | null;
  changedAt: Date | null;
  item: ItemInput;
}

/** Reads the posts of a board's feed, newest first as the board orders them; anything else is a `SourceChangedError`. */
export function readBoardFeed(body: string, board: string): FeedPost[] {
  const $ = loadXml(body);
  if ($("feed").length === 0 || !/<\/feed>\s*$/.test(body)) {
    throw new SourceChangedError(
      "The reply is not the whole Atom feed of a board. Set `via` to html when the board has its feeds off.",
    );
  }
  const entries = $("feed > entry").toArray();
  const posts = entries.map(entry => {
    const part = (name: string) => oneLine($(entry).children(name).first().text());
    const link = $(entry).children("link").first().attr("href") ?? part("id") ?? "";
    const forum = oneLine($(entry).children("category").first().attr("label"));
    return readEntry({
      link,
      board,
      subject: withoutForum(part("title"), forum),
      author: oneLine($(entry).find("author > name").first().text()),
      publishedAt: readDate(part("published")),
      updatedAt: readDate(part("updated")),
      html: $(entry).children("content").first().text(),
    });
  });
  const read = posts.filter(post => post !== null);
  if (entries.length > 0 && read.length === 0)
    throw new SourceChangedError("The entries of the board's feed do not link to posts.");
  return [...new Map(read.map(post => [post.id, post])).values()];
}

interface Entry {
  link: string;
  board: string;
  subject: string | null;
  author: string | null;
  publishedAt: Date | null;
  updatedAt: Date | null;
  html: string;
}

function readEntry(entry: Entry): FeedPost | null {
  const id = postIdIn(entry.link);
  if (id === null) return null;
  const { subject, updatedAt, board } = entry;
  const publishedAt = entry.publishedAt ?? updatedAt;
  const topicId = topicIdIn(entry.link);
  const isReply = subject !== null && withoutRe(subject) !== subject;
  const { text, profile } = contentOf(entry.html);
  const authorId = userIdIn(profile);
  return {
    id,
    topicId,
    changedAt: updatedAt ?? publishedAt,
    item: fitItem({
      externalId: String(id),
      kind: isReply ? "comment" : "post",
      url: postUrl(board, id),
      title: isReply ? null : subject,
      text,
      author:
        entry.author === null
          ? null
          : {
              id: authorId === null ? null : String(authorId),
              name: entry.author,
              url: authorId === null ? null : cleanAddress(profile, board),
            },
      publishedAt,
      editedAt: publishedAt !== null && updatedAt !== null && updatedAt > publishedAt ? updatedAt : null,
      threadId: topicId === null ? null : String(topicId),
      threadTitle: subject === null ? null : withoutRe(subject),
    }),
  };
}

/** The board-wide feed writes "Forum • Subject". */
function withoutForum(title: string | null, forum: string | null): string | null {
  const prefix = `${forum} • `;
  return forum !== null && title?.startsWith(prefix) ? title.slice(prefix.length) : title;
}

/** The post without its quotes, and without the line "Statistics: Posted by …" that the feed adds before a ruler. */
function contentOf(html: string): { text: string; profile: string | undefined } {
  const $ = loadHtml(html);
  const statistics = $("hr").last().prevAll("p").first();
  const profile = statistics.find("a[href]").first().attr("href");
  statistics.remove();
  return { text: ownWords($.root()), profile };
}
