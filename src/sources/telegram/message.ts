import type { CheerioAPI } from "cheerio/slim";
import type { ItemInput } from "#domain/item.ts";
import { readDate } from "#sources/dates.ts";
import { fitItem } from "#sources/fit-item.ts";
import { type AnyNode, textOf } from "#sources/html.ts";
import { oneLine } from "#sources/plain-text.ts";
import { webAddress } from "#sources/web-address.ts";

type Selection = ReturnType<CheerioAPI>;

/** What the head of a preview says about the channel. */
export interface Channel {
  title: string | null;
  subscribers: number | null;
}

/** One message of a channel: its number, the item, and whether anything in it was understood. */
export interface Message {
  id: number;
  item: ItemInput;
  understood: boolean;
}

/** What a message may hold besides text, so that a wordless one is told from one that we cannot read. */
const media = [
  "photo_wrap",
  "video_player",
  "roundvideo_player",
  "voice",
  "voice_player",
  "document_wrap",
  "document",
  "sticker_wrap",
  "location_wrap",
  "contact_wrap",
  "invoice",
  "game",
  "poll",
  "grouped",
  "grouped_wrap",
  "link_preview",
]
  .map(name => `.tgme_widget_message_${name}`)
  .concat(".message_media_not_supported_wrap")
  .join(",");

/** Reads one `.tgme_widget_message`; null for one without a number or for a service message ("pinned …"). */
export function readMessage(message: Selection, channel: Channel, pageUrl: string): Message | null {
  const [, name, number] = /^([A-Za-z0-9_]{3,64})\/(\d{1,15})$/.exec(message.attr("data-post") ?? "") ?? [];
  if (name === undefined || message.hasClass("service_message")) return null;
  const text = textIn(message);
  const publishedAt = readDate(message.find(".tgme_widget_message_date time").attr("datetime"));
  const post = `${name}/${number}`;
  return {
    id: Number(number),
    understood: (text !== "" || message.find(media).length > 0) && message.find("time").length > 0,
    item: fitItem({
      externalId: idOf(post),
      kind: "post",
      url:
        webAddress(message.find("a.tgme_widget_message_date").attr("href"), pageUrl) ??
        `https://t.me/${post}`,
      title: oneLine(message.find(".link_preview_title").first().text()),
      text,
      author: authorOf(message, name, channel),
      publishedAt,
      threadTitle: channel.title ?? ownerOf(message),
      parentExternalId: repliedTo(message, pageUrl),
      engagement: viewsOf(message),
    }),
  };
}

/** Names of channels have no case, and their owners change it at will. */
const idOf = (post: string): string => post.toLowerCase();

function textIn(message: Selection): string {
  const written = message
    .find(".tgme_widget_message_text.js-message_text")
    .not(".tgme_widget_message_reply *, .tgme_widget_message_text *")
    .toArray();
  return [...written.map(textOf), pollIn(message)].filter(part => part !== "").join("\n");
}

/** A poll's question and its options are its text; the shares of the votes change all the time and are left out. */
function pollIn(message: Selection): string {
  const poll = message.find(".tgme_widget_message_poll");
  const question = linesOf(poll.find(".tgme_widget_message_poll_question").toArray());
  const options = linesOf(poll.find(".tgme_widget_message_poll_option_text").toArray());
  return [...question, ...options.map(option => `— ${option}`)].join("\n");
}

const linesOf = (nodes: readonly AnyNode[]): string[] =>
  nodes.map(node => oneLine(textOf(node))).filter(line => line !== null);

/** The channel speaks; a signature names who of its authors wrote, a forward where the words come from. */
function authorOf(message: Selection, channelName: string, channel: Channel): ItemInput["author"] {
  const signature = oneLine(message.find(".tgme_widget_message_from_author").first().text());
  const origin = oneLine(message.find(".tgme_widget_message_forwarded_from_name").first().text());
  const id = channelName.toLowerCase();
  return {
    id: signature === null ? id : `${id}:${signature}`,
    name: signature ?? channel.title ?? ownerOf(message) ?? channelName,
    url: `https://t.me/${channelName}`,
    reach: channel.subscribers,
    badges: origin === null ? [] : [`Forwarded from ${origin}`],
  };
}

const ownerOf = (message: Selection): string | null =>
  oneLine(message.find("a.tgme_widget_message_owner_name").first().text());

function repliedTo(message: Selection, pageUrl: string): string | null {
  const address = webAddress(message.find("a.tgme_widget_message_reply").attr("href"), pageUrl);
  const post = address === null ? undefined : /^\/([A-Za-z0-9_]+\/\d+)/.exec(new URL(address).pathname)?.[1];
  return post === undefined ? null : idOf(post);
}

function viewsOf(message: Selection): { views?: number } {
  const views = readShortCount(message.find(".tgme_widget_message_views").first().text());
  return views === null ? {} : { views };
}

const powers: { readonly [letter: string]: number } = { "": 1, K: 1e3, M: 1e6, B: 1e9 };

/** A count as Telegram shortens it: "2", "1 234", "436.6K", "3.1M"; null for anything else. */
export function readShortCount(text: string): number | null {
  const [, digits, letter = ""] =
    /^(\d{1,12}(?:[.,]\d{1,3})?)([KMB]?)$/i.exec(text.replace(/[\s\u00a0]/g, "")) ?? [];
  if (digits === undefined) return null;
  return Math.round(Number(digits.replace(",", ".")) * (powers[letter.toUpperCase()] ?? 1));
}
