import type { CheerioAPI } from "cheerio/slim";
import { BlockedError, SourceChangedError } from "#domain/errors.ts";
import { loadHtml } from "#sources/html.ts";
import { oneLine } from "#sources/plain-text.ts";
import { type Channel, type Message, readMessage, readShortCount } from "./message.ts";

/** One page of a channel's preview, oldest message first. */
export interface Page {
  pageUrl: string;
  messages: Message[];
  /** The smallest number on the page, service messages included; null on an empty page. */
  oldestId: number | null;
  newestId: number | null;
  /** True when the page itself links to older messages. */
  linksBack: boolean;
}

const changed = (what: string): SourceChangedError =>
  new SourceChangedError(`The page of the Telegram channel ${what}. Look at it in a browser.`);

/** Reads a page of `t.me/s/<channel>`; throws what the page means when it is not one. */
export function readPage(body: string, pageUrl: string, channelName: string): Page {
  const $ = loadHtml(body);
  const found = $(".tgme_widget_message[data-post]");
  if (found.length === 0) {
    refuseUnlessChannel($, channelName);
    return { pageUrl, messages: [], oldestId: null, newestId: null, linksBack: false };
  }
  const page: Page = { pageUrl, messages: [], oldestId: null, newestId: null, linksBack: linksBack($) };
  const channel = channelOf($);
  for (const node of found.toArray()) {
    const message = readMessage($(node), channel, pageUrl);
    if (message !== null) page.messages.push(message);
  }
  const ids = found.toArray().map(node => Number(/\/(\d{1,15})$/.exec($(node).attr("data-post") ?? "")?.[1]));
  const numbered = ids.filter(id => Number.isSafeInteger(id));
  if (numbered.length === 0) throw changed("has messages without numbers");
  if (page.messages.length > 0 && !page.messages.some(message => message.understood))
    throw changed("has messages in which neither a text nor a known attachment was found");
  page.oldestId = numbered.reduce((a, b) => Math.min(a, b));
  page.newestId = numbered.reduce((a, b) => Math.max(a, b));
  return page;
}

const linksBack = ($: CheerioAPI): boolean =>
  $('link[rel="prev"], .tgme_messages_more[data-before], a.tme_messages_more[data-before]').length > 0;

function channelOf($: CheerioAPI): Channel {
  const title =
    oneLine($(".tgme_channel_info_header_title").first().text()) ??
    oneLine($('meta[property="og:title"]').attr("content"));
  const counter = $(".tgme_channel_info_counter")
    .toArray()
    .find(node => /subscriber|подписчик/i.test($(node).find(".counter_type").text()));
  const subscribers = counter === undefined ? null : readShortCount($(counter).find(".counter_value").text());
  return { title, subscribers };
}

/** A page without messages: an empty channel, a channel without a preview, no channel, or not Telegram at all. */
function refuseUnlessChannel($: CheerioAPI, channelName: string): void {
  if ($(".tgme_channel_info, .tgme_channel_info_header_username, .tgme_channel_info_counters").length > 0) {
    if ($("time[datetime]").length > 0) throw changed("has messages that are not built as they were");
    return;
  }
  if ($(emptySigns).length > 0) return;
  const isContactPage = $(".tgme_page").length > 0;
  if (!isContactPage) throw changed("is not built as it was: there is neither a channel nor a message");
  const audience = oneLine($(".tgme_page_extra").text()) ?? "";
  if (/subscriber|member|подписчик|участник/i.test(audience)) {
    throw new BlockedError(
      `@${channelName} exists (${audience.slice(0, 80)}), but shows no preview of its posts: it is a group, or its owner turned the preview off. It cannot be read without an account.`,
      { retry: "never" },
    );
  }
  throw new SourceChangedError(
    `Telegram shows no public channel @${channelName}: it was renamed, removed or made private, or the name is a person's. Check the name in the source's settings.`,
  );
}

const emptySigns = ".tgme_no_messages_found, .tme_no_messages_found";
