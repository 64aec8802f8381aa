import type { Acked, Message } from "./define.ts";
import type { Markup } from "./markup.ts";
import { sectionsOf } from "./sections.ts";
import { cleanLine, cut } from "./text.ts";
import { ackedOf, words } from "./wording.ts";

/** Slack refuses about 13,000 characters in all, however small the blocks: lists stop well before. */
const itemsMax = 7000;

/** https://docs.slack.dev/messaging/formatting-message-text: three characters, and no others. */
const encode = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const mrkdwn: Markup = {
  encode,
  strong: markup => (markup === "" ? "" : `*${markup}*`),
  quote: (text, maxLength) => {
    const quoted = cut(text, maxLength, piece => encode(piece).replaceAll("\n", "\n>"));
    return quoted === "" ? "" : `>${quoted}`;
  },
  link: (url, label) => `<${encode(url).replaceAll("|", "%7C")}|${encode(label)}>`,
};

/** Even a plain text knows `<!channel>`, so it is encoded too. */
const plainText: Markup = {
  encode,
  strong: markup => markup,
  quote: (text, maxLength) => cut(text, maxLength, encode),
  link: (url, label) => encode(`${label}: ${url}`),
};

const alwaysInText = () => true;

/** The id of the button that acknowledges; its value is the delivery. */
export const ackAction = "molva-ack";

/** What stands under a message: a button, or that somebody has pressed one. */
interface Foot {
  button: boolean;
  acked: Acked | null;
}

function footOf(
  { language, deliveryId, report }: Message,
  { button, acked }: Foot,
): Record<string, unknown>[] {
  if (acked !== null)
    return [{ type: "section", text: { type: "mrkdwn", text: ackedLine(language, acked) } }];
  if (!button || report) return [];
  const text = { type: "plain_text", text: words[language].ack, emoji: false };
  return [{ type: "actions", elements: [{ type: "button", action_id: ackAction, text, value: deliveryId }] }];
}

const ackedLine = (language: Message["language"], { at, by }: Acked): string =>
  `:white_check_mark: ${encode(ackedOf(language, { at, by: by === null ? null : cut(cleanLine(by), 100, piece => piece) }))}`;

/** The message in Block Kit, with a text for notifications. */
export function blocksOf(message: Message, foot: Foot): Record<string, unknown> {
  // Links stand in the text: a button of an app without interactivity shows a warning when pressed.
  const { title, summary, body } = sectionsOf(message, mrkdwn, { itemsMax, linkInText: alwaysInText });
  return {
    text: summary,
    blocks: [
      { type: "header", text: { type: "plain_text", text: title, emoji: false } },
      ...body.map(text => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } })),
      ...footOf(message, foot),
    ],
  };
}

/** The message as one text in Slack's markup, for what shows a file. */
export function commentOf(message: Message): string {
  const { title, body } = sectionsOf(message, mrkdwn, { itemsMax, linkInText: alwaysInText });
  return [mrkdwn.strong(encode(title)), ...body].join("\n\n");
}

/** The message as one text without markup. */
export function plainOf(message: Message, acked: Acked | null): Record<string, unknown> {
  const { title, body } = sectionsOf(message, plainText, { itemsMax: 3000, linkInText: alwaysInText });
  const last = acked === null ? [] : [ackedLine(message.language, acked)];
  return { text: [encode(title), ...body, ...last].join("\n\n"), mrkdwn: false };
}
