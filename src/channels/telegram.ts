import { z } from "zod";
import { defineChannel, type Message } from "./define.ts";
import { chatRetriesMs } from "./reply.ts";
import { type Markup, sectionsOf } from "./sections.ts";
import { telegramVerdict } from "./telegram-verdict.ts";
import { cut } from "./text.ts";
import { words } from "./wording.ts";

const settingsSchema = z.strictObject({
  botToken: z
    .string()
    .max(200)
    .regex(
      /^\d+:[\w-]+$/,
      "Expected the token that BotFather gave, digits, a colon and letters: 123456789:AA…",
    ),
  chatId: z.union(
    [z.int(), z.string().regex(/^(-?\d{1,19}|@[A-Za-z]\w{3,40})$/)],
    "Expected the chat's number (a group's begins with -) or the @name of a public channel or group",
  ),
  topicId: z.int().positive().optional(),
});

type TelegramSettings = z.output<typeof settingsSchema>;

/** Lists stop where title, notice, "more" and footer still fit into 4,096 units. */
const itemsMax = 3300;

/** https://core.telegram.org/bots/api#html-style */
const encode = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/**
 * Telegram refuses a button, and silently drops a link, whose host has no dot; we are stricter and give it
 * host names of the public web only. Other links are written out, for people who can open them.
 */
function isPublicName(url: string): boolean {
  const { hostname, username } = new URL(url);
  if (username !== "" || hostname.startsWith("[")) return false;
  if (/\.(localhost|local|internal|intranet|lan|home|corp|test|example|invalid|arpa)\.?$/.test(hostname))
    return false;
  return /\.([a-z]{2,63}|xn--[a-z0-9-]{1,59})\.?$/.test(hostname);
}

const written = (url: string, label: string): string => `${label}: ${url}`;

const html: Markup = {
  encode,
  strong: markup => (markup === "" ? "" : `<b>${markup}</b>`),
  quote: (text, maxLength) => {
    const quoted = cut(text, maxLength, encode);
    return quoted === "" ? "" : `<blockquote>${quoted}</blockquote>`;
  },
  link: (url, label) =>
    isPublicName(url) ? `<a href="${encode(url)}">${encode(label)}</a>` : encode(written(url, label)),
};

const plainText: Markup = {
  encode: text => text,
  strong: markup => markup,
  quote: (text, maxLength) => cut(text, maxLength, piece => piece),
  link: written,
};

/** The markup is never shorter than the text read from it, so the limit of 4,096 units holds after parsing too. */
function htmlOf(message: Message): Record<string, unknown> {
  const { title, body, link } = sectionsOf(message, html, {
    itemsMax,
    linkInText: url => !isPublicName(url),
  });
  const button =
    link !== null && isPublicName(link) ? [[{ text: words[message.language].open, url: link }]] : null;
  return {
    text: [html.strong(encode(title)), ...body].join("\n\n"),
    parse_mode: "HTML",
    ...(button === null ? {} : { reply_markup: { inline_keyboard: button } }),
  };
}

function plainOf(message: Message): Record<string, unknown> {
  const { title, body } = sectionsOf(message, plainText, { itemsMax, linkInText: () => true });
  return { text: [title, ...body].join("\n\n") };
}

/** Limits as Telegram's bot support tells them: 30 a second per bot, 1 a second per chat, 20 a minute per group. */
function budget({ botToken, chatId }: TelegramSettings): { key: string; everyMs: number }[] {
  const [botId] = botToken.split(":");
  const isPrivate = /^\d+$/.test(String(chatId));
  return [
    { key: `telegram:${botId}`, everyMs: 34 },
    { key: `telegram:${botId}:${String(chatId).toLowerCase()}`, everyMs: isPrivate ? 1000 : 3000 },
  ];
}

/** Telegram's Bot API, sendMessage in HTML mode. */
export const telegram = defineChannel({
  id: "telegram",
  title: { en: "Telegram", ru: "Telegram" },
  settings: settingsSchema,
  secrets: ["botToken"],
  example: {
    settings: { botToken: "123456789:AAExampleExampleExampleExampleExamp", chatId: -1001234567890 },
  },
  groupMs: 4000,
  budget,
  retriesMs: chatRetriesMs,
  request: (message, { botToken, chatId, topicId }, { plain, telegramApi }) => ({
    url: `${telegramApi.replace(/\/+$/, "")}/bot${botToken}/sendMessage`,
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({
      chat_id: chatId,
      ...(topicId === undefined ? {} : { message_thread_id: topicId }),
      ...(plain ? plainOf(message) : htmlOf(message)),
      link_preview_options: { is_disabled: true },
    }),
  }),
  verdict: telegramVerdict,
});
