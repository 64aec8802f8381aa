import { type Ask, defineSource, type Page, type SourceReply, type SourceRequest } from "./define.ts";
import { loadHtml } from "./html.ts";
import { type FeedPost, readBoardFeed } from "./phpbb/feed.ts";
import { boardUrl } from "./phpbb/links.ts";
import { feedScope, memoryNow, readMemory } from "./phpbb/memory.ts";
import { readThread, type ThreadPage } from "./phpbb/posts.ts";
import { isBoard } from "./phpbb/refusals.ts";
import { type ForumPage, readForum, readIndex, type TopicRow } from "./phpbb/rows.ts";
import { type Settings, settingsSchema } from "./phpbb/settings.ts";
import {
  type ForumState,
  feedForumOf,
  forumPageRequest,
  forumRequest,
  forumStateOf,
  listRequests,
  startRequests,
  type ThreadState,
  threadRequest,
  threadRequestAt,
  threadStateOf,
} from "./phpbb/steps.ts";
import type { Reading } from "./printed-dates.ts";
import { looksLikeHtml, refuseUnlessOk } from "./refusal.ts";

type Question = Ask<Settings>;

/** Posts of a phpBB 3 board that guests may read, by its Atom feed, its lists and its threads. */
export const phpbbForum = defineSource({
  id: "phpbb-forum",
  title: { en: "Forum on phpBB 3", ru: "Форум на phpBB 3" },
  homepage: "https://www.phpbb.com/",
  family: "forum",
  via: "html",
  yields: ["post", "comment"],
  hosts: ({ baseUrl }) => [new URL(baseUrl).hostname],
  site: ({ baseUrl }) => siteOf(boardUrl(baseUrl)),
  every: "15m",
  staleAfter: "7d",
  enabledByDefault: true,
  obeysRobots: true,
  settings: settingsSchema,
  example: { settings: { baseUrl: "https://forum.example.org/", forums: [4], via: "html" } },
  limits: [
    "only what guests may read",
    "an edit of an older post is noticed when its page of the thread is read again, or while the post is in the feed",
    "forums that the board keeps out of its feed are read with via html only; a feed has no ranks of authors",
    "dates printed in other languages than Russian and English, unless all in numbers, are unknown",
  ],
  request: startRequests,
  parse: (reply, ask) => (steps[reply.request.step ?? ""] ?? readForumReply)(reply, ask),
});

const steps: { readonly [step: string]: (reply: SourceReply, ask: Question) => Page } = {
  feed: readFeedReply,
  index: readIndexReply,
  forum: readForumReply,
  thread: readThreadReply,
};

/** Two boards may share a host: then the folder is part of the name. */
function siteOf(board: string): string {
  const { host, pathname } = new URL(board);
  return host + pathname.replace(/\/+$/, "");
}

const readingOf = ({ now, settings }: Question): Reading => ({ now, timeZone: settings.timezone });

function readIndexReply(reply: SourceReply, ask: Question): Page {
  const known = readIndex(reply, ask.now);
  return {
    items: [],
    details: known.map(forum => forumRequest(forum, ask)),
    cursor: { ...memoryNow(ask), known },
  };
}

function readForumReply(reply: SourceReply, ask: Question): Page {
  const state = forumStateOf(reply.request.state, reply.request.url);
  const page = readForum(reply, readingOf(ask));
  const moved = page.topics.filter(topic => hasMoved(topic, state.floor, ask.since));
  const top = state.page > 1 ? state.top : newestPost(page.topics);
  const memory = memoryNow(ask);
  const found = ask.settings.forums ? [] : page.subforums.filter(forum => !memory.known.includes(forum));
  const threads = moved.map(({ topicId, lastStart }) =>
    threadRequest(topicId, lastStart, { after: state.mark, page: 1 }, ask.settings),
  );
  return {
    items: [],
    next: nextList(page, moved, { ...state, top }, ask.settings),
    details: [...threads, ...found.map(forum => forumRequest(forum, ask))],
    cursor: {
      ...memory,
      forums: { ...memory.forums, ...newMark(memory.forums[String(state.forum)], { ...state, top }) },
      known: [...memory.known, ...found],
    },
  };
}

/** Moved since the last look; a thread that does not say when it moved is looked into. */
function hasMoved({ lastPostId, lastPostAt }: TopicRow, floor: number | null, since: Date | null): boolean {
  if (floor !== null) return lastPostId === null || lastPostId > floor;
  return since === null || lastPostAt === null || lastPostAt >= since;
}

function newestPost(topics: readonly TopicRow[]): number | null {
  const ids = topics.map(topic => topic.lastPostId).filter(id => id !== null);
  return ids.length === 0 ? null : ids.reduce((a, b) => Math.max(a, b));
}

/**
 * Lists are ordered by the last post, but for the pinned threads above: one that has not moved ends the reading.
 * A thread that is answered meanwhile jumps from a page not yet read to the first one: so a reading of several
 * pages is followed by another look at what has moved during it.
 */
function nextList(
  page: ForumPage,
  moved: readonly TopicRow[],
  state: ForumState,
  settings: Settings,
): SourceRequest | null {
  const { next } = page.paging;
  const isOver = page.topics.some(topic => !topic.isPinned && !moved.includes(topic));
  const canEnd = state.floor !== null && page.topics.some(topic => topic.lastPostId !== null);
  const isLast = next === null || isOver || (!canEnd && state.page >= settings.maxPages);
  if (!isLast) return forumPageRequest({ ...state, page: state.page + 1 }, next, settings);
  if (state.page === 1 || state.top === null) return null;
  return forumPageRequest({ ...state, floor: state.top, top: null, page: 1 }, 0, settings);
}

/** A mark is made of lists alone: a post seen in a thread may be newer than others that were not yet listed. */
function newMark(before: number | undefined, { forum, mark, top }: ForumState): { [forum: string]: number } {
  return top === null ? {} : { [forum]: Math.max(top, before ?? 0, mark ?? 0) };
}

function readThreadReply(reply: SourceReply, ask: Question): Page {
  const state = threadStateOf(reply.request.state);
  const page = readThread(reply, boardUrl(ask.settings.baseUrl), readingOf(ask));
  return { items: page.posts.map(post => post.item), next: earlierPage(page, state, ask) };
}

/** New posts stand on the last pages, so a thread is read backwards until a known post, or far enough at first. */
function earlierPage(page: ThreadPage, state: ThreadState, ask: Question): SourceRequest | null {
  const { previous } = page.paging;
  if (previous === null || page.topicId === null) return null;
  const { after } = state;
  const reachesKnown = after !== null && page.posts.some(post => post.id <= after);
  if (reachesKnown || (after === null && isFarEnough(page, state, ask))) return null;
  return threadRequest(page.topicId, previous, { ...state, page: state.page + 1 }, ask.settings);
}

const isFarEnough = ({ posts }: ThreadPage, { page }: ThreadState, { since, settings }: Question): boolean =>
  page >= settings.maxPages ||
  (since !== null && posts.some(({ item }) => item.publishedAt != null && item.publishedAt < since));

function readFeedReply(reply: SourceReply, ask: Question): Page {
  const forum = feedForumOf(reply.request.state);
  const both = ask.settings.via === "both";
  if (both && hasNoFeed(reply)) return { items: [], details: listRequests(forum, ask) };
  refuseUnlessOk(reply, ask.now);
  const posts = readBoardFeed(reply.body, boardUrl(ask.settings.baseUrl));
  const cursor = feedCursor(posts, forum, ask);
  if (!both) return { items: posts.map(post => post.item), cursor };
  return { items: [], details: threadsToRead(posts, forum, ask), cursor };
}

/** The board itself says that its feed is off, or has no such page. */
const hasNoFeed = ({ status, body }: SourceReply): boolean =>
  status === 404 || (looksLikeHtml(body) && isBoard(loadHtml(body)));

/** A feed shows 15 posts: when all of them are new, there may be more, and the lists are read. */
function threadsToRead(posts: readonly FeedPost[], forum: number | null, ask: Question): SourceRequest[] {
  const seen = readMemory(ask.cursor).feeds[feedScope(forum)];
  if (seen === undefined || (posts.length > 0 && posts.every(post => post.id > seen.postId)))
    return listRequests(forum, ask);
  const fresh = posts.filter(post => post.id > seen.postId).toSorted((a, b) => a.id - b.id);
  const newestOfThreads = new Map(fresh.map(post => [post.topicId ?? -post.id, post.id]));
  const edited = posts.filter(
    ({ id, changedAt }) => id <= seen.postId && changedAt !== null && changedAt > new Date(seen.changedAt),
  );
  return [
    ...[...newestOfThreads.values()].map(id => threadRequestAt(id, seen.postId, ask.settings)),
    ...edited.map(({ id }) => threadRequestAt(id, seen.postId, ask.settings)),
  ];
}

function feedCursor(posts: readonly FeedPost[], forum: number | null, ask: Question) {
  const memory = memoryNow(ask);
  const scope = feedScope(forum);
  const seen = memory.feeds[scope];
  const postId = posts.reduce((newest, post) => Math.max(newest, post.id), seen?.postId ?? 0);
  const changedMs = posts.reduce(
    (newest, post) => Math.max(newest, post.changedAt?.getTime() ?? 0),
    seen === undefined ? 0 : Date.parse(seen.changedAt),
  );
  const changedAt = new Date(Math.min(changedMs, ask.now.getTime())).toISOString();
  return { ...memory, feeds: { ...memory.feeds, [scope]: { postId, changedAt } } };
}
