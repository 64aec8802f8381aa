import { z } from "zod";
import { TooMuchError } from "#domain/errors.ts";
import type { Ask, Json, SourceRequest } from "#sources/define.ts";
import { boardUrl, feedUrl, forumUrl, indexUrl, topicUrl, topicUrlAt } from "./links.ts";
import { markOf, readMemory } from "./memory.ts";
import type { Settings } from "./settings.ts";

const forumState = z.object({
  forum: z.int(),
  mark: z.int().nullable(),
  floor: z.int().nullable(),
  top: z.int().nullable(),
  page: z.int(),
});
const threadState = z.object({ after: z.int().nullable(), page: z.int() });
const feedState = z.object({ forum: z.int().nullable() });

/**
 * `mark`: the newest post of the forum that earlier runs read, null on a first look. `floor`: threads up to this post
 * are left out, at first the mark. `top`: the newest post that the first page named. `page` counts from 1.
 */
export type ForumState = z.output<typeof forumState>;
/** `after`: posts up to this number are known, null when none is; `page` counts the pages read backwards from 1. */
export type ThreadState = z.output<typeof threadState>;

/** What a request carries; a request without a readable state is the first of its step. */
export const forumStateOf = (state: Json | undefined, url: string): ForumState =>
  forumState.safeParse(state).data ?? lookFrom(Number(/[?&]f=(\d+)/.exec(url)?.[1] ?? 0), null);
export const threadStateOf = (state: Json | undefined): ThreadState =>
  threadState.safeParse(state).data ?? { after: null, page: 1 };
export const feedForumOf = (state: Json | undefined): number | null =>
  feedState.safeParse(state).data?.forum ?? null;

/** The requests that a run begins with. */
export function startRequests(ask: Ask<Settings>): SourceRequest[] {
  const { forums, via } = ask.settings;
  if (via === "html") return listRequests(null, ask);
  return (forums ?? [null]).map(forum => feedRequest(forum, ask.settings));
}

/** The lists of one forum, of all the forums asked for, or the front page that names them all. */
export function listRequests(forum: number | null, ask: Ask<Settings>): SourceRequest[] {
  const forums = forum === null ? ask.settings.forums : [forum];
  if (forums === undefined) return [{ url: indexUrl(boardUrl(ask.settings.baseUrl)), step: "index" }];
  return forums.map(one => forumRequest(one, ask));
}

function feedRequest(forum: number | null, { baseUrl }: Settings): SourceRequest {
  return {
    url: feedUrl(boardUrl(baseUrl), forum),
    headers: { accept: "application/atom+xml, application/xml;q=0.9, */*;q=0.5" },
    step: "feed",
    state: { forum },
  };
}

/** A forum's list from its first page, as the last complete run left it. */
export function forumRequest(forum: number, ask: Ask<Settings>): SourceRequest {
  const mark = markOf(readMemory(ask.cursor), forum);
  return forumPageRequest(lookFrom(forum, mark), 0, ask.settings);
}

const lookFrom = (forum: number, mark: number | null): ForumState => ({
  forum,
  mark,
  floor: mark,
  top: null,
  page: 1,
});

/** No list or thread is read further in one run: a board that always names another page would hold us for ever. */
const mostPages = 1000;

function pageWithin(page: number, what: string): void {
  if (page > mostPages)
    throw new TooMuchError(`${what} has more than ${mostPages} pages of new posts; it was not read further.`);
}

/** A page of a forum's list; throws `TooMuchError` when a list does not end. */
export function forumPageRequest(state: ForumState, start: number, { baseUrl }: Settings): SourceRequest {
  pageWithin(state.page, `Forum ${state.forum}`);
  return {
    url: forumUrl(boardUrl(baseUrl), state.forum, start),
    step: "forum",
    state: { ...state },
  };
}

/** A page of a thread; throws `TooMuchError` when a thread does not end. */
export function threadRequest(
  topic: number,
  start: number,
  state: ThreadState,
  { baseUrl }: Settings,
): SourceRequest {
  pageWithin(state.page, `Thread ${topic}`);
  return {
    url: topicUrl(boardUrl(baseUrl), topic, start),
    step: "thread",
    state: { ...state },
  };
}

/** The page of a thread on which the post is, wherever that may be. */
export const threadRequestAt = (
  post: number,
  after: number | null,
  { baseUrl }: Settings,
): SourceRequest => ({
  url: topicUrlAt(boardUrl(baseUrl), post),
  step: "thread",
  state: { after, page: 1 },
});
