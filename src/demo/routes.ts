import { boards } from "./forum.ts";
import { type SeenTopic, topicsAt } from "./forum-view.ts";
import { app, deepestPage, type FeedForm, reviewFeed, type Storefront } from "./pages/app-store.ts";
import { writeReviews } from "./pages/app-store-forms.ts";
import { channelPage, channels } from "./pages/channel.ts";
import { forumFeed } from "./pages/forum-feed.ts";
import { boardPage, indexPage } from "./pages/forum-lists.ts";
import { pageStart, topicPage } from "./pages/forum-topic.ts";
import { homePage, robotsPage } from "./pages/home.ts";
import type { Page } from "./pages/markup.ts";
import { articlePage, type NewsLanguage, newsFeed } from "./pages/news-feed.ts";
import type { World } from "./world.ts";

/** What a page is made from. */
interface Visit {
  world: World;
  baseUrl: string;
  now: Date;
  url: URL;
  /** Named groups of the route's pattern. */
  parts: Readonly<Record<string, string>>;
}

type Route = readonly [path: RegExp, serve: (visit: Visit) => Page | null];

const routes: readonly Route[] = [
  [/^\/$/, ({ baseUrl }) => homePage(baseUrl)],
  [/^\/robots\.txt$/, () => robotsPage()],
  [/^\/forum\/(?:index\.php)?$/, ({ world, now }) => indexPage(topicsAt(world.topics, now), now)],
  [/^\/forum\/viewforum\.php$/, serveBoard],
  [/^\/forum\/viewtopic\.php$/, serveTopic],
  [/^\/forum\/(?:feed\.php|(?:app\.php\/)?feed(?:\/(?<of>forum|topic)\/(?<id>\d+))?)$/, serveForumFeed],
  [
    /^\/news\/(?<language>ru|en)(?:\/rss\.xml)?$/,
    visit => newsFeed(languageOf(visit), visit.world.articles[languageOf(visit)], visit.baseUrl, visit.now),
  ],
  [/^\/news\/(?<language>ru|en)\/(?<id>\d+)$/, serveArticle],
  [
    /^\/(?<storefront>ru|us)\/rss\/customerreviews\/page=(?<page>\d+)\/id=(?<app>\d+)\/sortby=mostrecent\/(?<form>json|xml)$/,
    serveReviews,
  ],
  [/^\/s\/(?<channel>\w+)$/, visit => serveChannel(visit, numberIn(visit.url, "before"))],
  [/^\/(?<channel>\w+)\/(?<id>\d+)$/, visit => serveChannel(visit, Number(visit.parts["id"]) + 1)],
];

/** The page at that address as of `now`; null when there is none. */
export function pageAt(world: World, url: URL, baseUrl: string, now: Date): Page | null {
  for (const [path, serve] of routes) {
    const match = path.exec(url.pathname);
    if (match !== null) return serve({ world, baseUrl, now, url, parts: match.groups ?? {} });
  }
  return null;
}

/** A non-negative integer of the query string; null when absent or anything else. */
function numberIn(url: URL, name: string): number | null {
  const text = url.searchParams.get(name) ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function serveBoard({ world, url, now }: Visit): Page | null {
  const board = Object.values(boards).find(({ id }) => id === numberIn(url, "f"));
  if (board === undefined) return null;
  return boardPage(board, topicsAt(world.topics, now), numberIn(url, "start") ?? 0, now);
}

function serveTopic({ world, url, now }: Visit): Page | null {
  const topics = topicsAt(world.topics, now);
  const postId = numberIn(url, "p");
  if (postId !== null) return topicWithPost(topics, postId, now);
  const topic = topics.find(({ id }) => id === numberIn(url, "t"));
  return topic === undefined ? null : topicPage(topic, numberIn(url, "start") ?? 0, now);
}

function topicWithPost(topics: readonly SeenTopic[], postId: number, now: Date): Page | null {
  for (const topic of topics) {
    const index = topic.posts.findIndex(({ id }) => id === postId);
    if (index >= 0) return topicPage(topic, pageStart(index), now);
  }
  return null;
}

/** Old (`feed.php?f=&t=`) and new (`feed/topic/1`) addresses, as phpBB 3.3 answers both. */
function serveForumFeed({ world, url, parts, baseUrl, now }: Visit): Page | null {
  const topicId = parts["of"] === "topic" ? Number(parts["id"]) : numberIn(url, "t");
  const boardId = parts["of"] === "forum" ? Number(parts["id"]) : numberIn(url, "f");
  const chosen = topicsAt(world.topics, now).filter(
    topic => (topicId === null || topic.id === topicId) && (boardId === null || topic.board.id === boardId),
  );
  if (chosen.length === 0) return null;
  return forumFeed(chosen, `${baseUrl}${url.pathname}${url.search}`, `${baseUrl}/forum`, now);
}

const languageOf = ({ parts }: Visit): NewsLanguage => parts["language"] as NewsLanguage;

function serveArticle(visit: Visit): Page | null {
  const { world, parts, now } = visit;
  const found = world.articles[languageOf(visit)].find(({ id }) => id === Number(parts["id"]));
  if (found === undefined || found.publishedAt > now) return null;
  return articlePage(languageOf(visit), found, now);
}

function serveReviews({ world, parts, baseUrl, now }: Visit): Page | null {
  const page = Number(parts["page"]);
  if (Number(parts["app"]) !== app.id || page < 1 || page > deepestPage) return null;
  const storefront = parts["storefront"] as Storefront;
  const form = parts["form"] as FeedForm;
  return writeReviews(form, reviewFeed(storefront, form, world.reviews[storefront], page, baseUrl, now), now);
}

function serveChannel({ world, parts, baseUrl, now }: Visit, before: number | null): Page | null {
  const channel = channels.find(({ name }) => name === parts["channel"]);
  if (channel === undefined) return null;
  return channelPage(channel, world.channels[channel.entries], before, baseUrl, now);
}
