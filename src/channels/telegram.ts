import { z } from "zod";
import { type Acked, type ChannelRequest, defineChannel, type Message, type ReportFile } from "./define.ts";
import type { Markup } from "./markup.ts";
import { multipartForm } from "./multipart.ts";
import { chatRetriesMs } from "./reply.ts";
import { sectionsOf } from "./sections.ts";
import { telegramVerdict } from "./telegram-verdict.ts";
import { cleanLine, cut } from "./text.ts";
import { ackedOf, words } from "./wording.ts";

const chatExpected =
  "Expected the chat's number (a group's begins with -) or the @name of a public channel or group";

const settingsSchema = z.strictObject({
  botToken: z
    .string()
    .max(200)
    .regex(
      /^\d+:[\w-]+$/,
      "Expected the token that BotFather gave, digits, a colon and letters: 123456789:AA…",
    ),
  chatId: z.union(
    [z.int(), z.string().regex(/^(-?\d{1,19}|@[A-Za-z]\w{3,40})$/, chatExpected)],
    chatExpected,
  ),
  topicId: z.int().positive().optional(),
  acknowledge: z
    .boolean()
    .default(true)
    .describe(
      "whether messages have a button to acknowledge; what the bot is told is read for it, so the bot serves nothing else",
    ),
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

const ackPrefix = "ack:";

/** What a pressed button tells back: 40 of at most 64 bytes. */
const ackData = (deliveryId: string): string => `${ackPrefix}${deliveryId}`;

type Button = { text: string } & ({ url: string } | { callback_data: string });

function buttonsOf(message: Message, link: string | null, canAck: boolean): Button[][] {
  const { language, deliveryId } = message;
  const open: Button[] =
    link !== null && isPublicName(link) ? [{ text: words[language].open, url: link }] : [];
  const ack: Button[] = canAck ? [{ text: words[language].ack, callback_data: ackData(deliveryId) }] : [];
  const row = [...ack, ...open];
  return row.length === 0 ? [] : [row];
}

/** How a message stands: with a button to acknowledge it, or acknowledged. */
interface Standing {
  canAck: boolean;
  acked: Acked | null;
}

const ackedPart = ({ language }: Message, { acked }: Standing, markup: Markup): string[] => {
  if (acked === null) return [];
  const by = acked.by === null ? null : cut(cleanLine(acked.by), 100, piece => piece);
  return [markup.encode(`✅ ${ackedOf(language, { ...acked, by })}`)];
};

/** What a message says; as the caption of a file too, which ends at 1,024 units. */
interface Content {
  text: string;
  parse_mode?: "HTML";
  reply_markup?: object;
}

/** The markup is never shorter than the text read from it, so the limit of 4,096 units holds after parsing too. */
function htmlOf(message: Message, standing: Standing): Content {
  const { title, body, link } = sectionsOf(message, html, {
    itemsMax,
    linkInText: url => !isPublicName(url),
  });
  const buttons = buttonsOf(message, link, standing.canAck);
  return {
    text: [html.strong(encode(title)), ...body, ...ackedPart(message, standing, html)].join("\n\n"),
    parse_mode: "HTML",
    ...(buttons.length === 0 ? {} : { reply_markup: { inline_keyboard: buttons } }),
  };
}

function plainOf(message: Message, standing: Standing): Content {
  const { title, body } = sectionsOf(message, plainText, { itemsMax, linkInText: () => true });
  const buttons = buttonsOf(message, null, standing.canAck);
  return {
    text: [title, ...body, ...ackedPart(message, standing, plainText)].join("\n\n"),
    ...(buttons.length === 0 ? {} : { reply_markup: { inline_keyboard: buttons } }),
  };
}

const contentOf = (message: Message, plain: boolean, standing: Standing) => ({
  ...(plain ? plainOf(message, standing) : htmlOf(message, standing)),
  link_preview_options: { is_disabled: true },
});

/** A call of the Bot API; the token stands in its address. */
export function botCall(method: string, body: object, botToken: string, telegramApi: string): ChannelRequest {
  return {
    url: `${telegramApi.replace(/\/+$/, "")}/bot${botToken}/${method}`,
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(body),
  };
}

/** sendDocument with the file itself; its answer is that of a message. */
function documentCall(
  fields: Record<string, unknown>,
  file: ReportFile,
  deliveryId: string,
  { botToken, telegramApi }: { botToken: string; telegramApi: string },
): ChannelRequest {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const values = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  const form = multipartForm(`molva-${deliveryId}`, values, "document", file);
  return {
    ...botCall("sendDocument", {}, botToken, telegramApi),
    headers: { "content-type": form.contentType },
    body: "",
    bytes: form.body,
  };
}

/**
 * Limits as Telegram's bot support tells them: 30 a second per bot, 1 a second per chat, 20 a minute per group;
 * a little under the last, for messages do not arrive exactly as far apart as they were sent.
 */
function budget({ botToken, chatId }: TelegramSettings): { key: string; everyMs: number }[] {
  const [botId] = botToken.split(":");
  const isPrivate = /^\d+$/.test(String(chatId));
  return [
    { key: `telegram:${botId}`, everyMs: 34 },
    { key: `telegram:${botId}:${String(chatId).toLowerCase()}`, everyMs: isPrivate ? 1000 : 3100 },
  ];
}

/** Telegram's Bot API, sendMessage in HTML mode; reports by sendDocument. */
export const telegram = defineChannel({
  id: "telegram",
  title: { en: "Telegram", ru: "Telegram" },
  settings: settingsSchema,
  secrets: ["botToken"],
  example: {
    settings: { botToken: "123456789:AAExampleExampleExampleExampleExamp", chatId: -1001234567890 },
  },
  groupMs: 4000,
  files: () => true,
  atOnce: 1,
  budget,
  retriesMs: chatRetriesMs,
  request: (message, { botToken, chatId, topicId, acknowledge }, { plain, telegramApi }) => {
    const place = { chat_id: chatId, ...(topicId === undefined ? {} : { message_thread_id: topicId }) };
    const content = contentOf(message, plain, { canAck: acknowledge && !message.report, acked: null });
    const file = message.report?.file;
    if (file) {
      const { text: caption, parse_mode } = content;
      return documentCall({ ...place, caption, parse_mode }, file, message.deliveryId, {
        botToken,
        telegramApi,
      });
    }
    return botCall("sendMessage", { ...place, ...content }, botToken, telegramApi);
  },
  edit: (message, { botToken, chatId }, { externalId, acked, plain, telegramApi }) => {
    const content = contentOf(message, plain, { canAck: false, acked });
    const place = { chat_id: chatId, message_id: Number(externalId) };
    return botCall("editMessageText", { ...place, ...content }, botToken, telegramApi);
  },
  verdict: telegramVerdict,
});
