import { z } from "zod";
import { BlockedError } from "#domain/errors.ts";
import {
  type Ask,
  defineSource,
  type Json,
  type Page,
  type SourceReply,
  type SourceRequest,
} from "./define.ts";
import { refuseUnlessOk } from "./refusal.ts";
import { type Page as PreviewPage, readPage } from "./telegram/page.ts";

const settings = z.strictObject({
  channel: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{3,63}$/, "the channel's name as in t.me/name, without @")
    .describe("Public name of the channel"),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default("https://t.me")
    .describe("Where previews are read, e.g. a mirror of your own"),
  maxPages: z
    .int()
    .min(1)
    .max(500)
    .default(10)
    .describe("Pages of about 20 posts that the first run reads back"),
});
type Settings = z.output<typeof settings>;

/** The newest post seen by a complete run. */
const memorySchema = z.object({ lastId: z.number().int().nonnegative() });
const lastIdOf = (cursor: Json): number | null => memorySchema.safeParse(cursor).data?.lastId ?? null;

/** `linked`: the page before this one said that there are older posts. */
const positionSchema = z.object({
  page: z.number().int().positive(),
  before: z.number().int().nullable(),
  linked: z.boolean(),
});
type Position = z.output<typeof positionSchema>;
const firstPage: Position = { page: 1, before: null, linked: false };

/** Posts of a public channel, by the preview that Telegram shows to everybody. */
export const telegramChannel = defineSource({
  id: "telegram-channel",
  title: { en: "Telegram, public channel", ru: "Telegram, открытый канал" },
  homepage: "https://t.me/",
  family: "social",
  via: "html",
  yields: ["post"],
  hosts: ({ baseUrl }) => [new URL(baseUrl).hostname],
  site: () => "t.me",
  every: "10m",
  staleAfter: "7d",
  enabledByDefault: true,
  obeysRobots: true,
  settings,
  example: { settings: { channel: "telegram" } },
  limits: [
    "one request in 1.5 seconds",
    "comments are not part of the preview; channels that forbid the preview, private ones and groups cannot be read",
    "the time of an edit is not shown: a changed text is noticed while it is among the latest 20 posts",
  ],
  quota: () => ({ intervalMs: 1500, burst: 1, per: "host" }),
  request: ({ settings }) => requestAt(firstPage, settings),
  parse: readReply,
});

function requestAt(position: Position, { baseUrl, channel }: Settings): SourceRequest {
  const address = `${baseUrl.replace(/\/+$/, "")}/s/${channel}`;
  return {
    url: position.before === null ? address : `${address}?before=${position.before}`,
    headers: { "accept-language": "en" },
    step: position.before === null ? "newest" : "older",
    state: { ...position },
  };
}

function readReply(reply: SourceReply, ask: Ask<Settings>): Page {
  refuseUnlessOk(reply, ask.now);
  const position = positionSchema.safeParse(reply.request.state).data ?? firstPage;
  const page = readPage(reply.body, reply.url, ask.settings.channel);
  refuseSuspiciousEmptiness(page, position, ask);
  const lastId = Math.max(lastIdOf(ask.progress) ?? 0, lastIdOf(ask.cursor) ?? 0, page.newestId ?? 0);
  return {
    items: page.messages.map(message => message.item),
    next: positionBefore(page, position, ask),
    cursor: { lastId },
  };
}

/** Under load Telegram answers that there are no posts; where posts were promised or seen before, that is no truth. */
function refuseSuspiciousEmptiness(page: PreviewPage, position: Position, ask: Ask<Settings>): void {
  if (page.newestId !== null) return;
  const promised = position.before === null ? (lastIdOf(ask.cursor) ?? 0) > 0 : position.linked;
  if (!promised) return;
  throw new BlockedError(
    `Telegram answers that @${ask.settings.channel} has no posts where there were some; it does so under load, and is asked again later.`,
  );
}

/**
 * The next page back, or null when everything since the last run, since `since` or within `maxPages` is read.
 * The address is made from the oldest post, because under load the page's own link back is missing at times.
 */
function positionBefore(page: PreviewPage, position: Position, ask: Ask<Settings>): SourceRequest | null {
  const { oldestId } = page;
  const lastId = lastIdOf(ask.cursor);
  if (oldestId === null || oldestId <= 1) return null;
  if (position.before !== null && oldestId >= position.before) return null;
  if (lastId !== null && lastId > 0) {
    if (oldestId <= lastId) return null;
  } else if (position.page >= ask.settings.maxPages || reaches(page, ask.since)) return null;
  const next = { page: position.page + 1, before: oldestId, linked: page.linksBack };
  return requestAt(next, ask.settings);
}

const reaches = ({ messages }: PreviewPage, since: Date | null): boolean =>
  since !== null && messages.some(({ item }) => item.publishedAt != null && item.publishedAt < since);
