import { createHash } from "node:crypto";
import { z } from "zod";
import { type ChannelReply, defineChannel, type Message, type Verdict } from "./define.ts";
import { chatRetriesMs, isPage, isSuccess, passing, pause, retry, retryAfterMs } from "./reply.ts";
import { type Markup, sectionsOf } from "./sections.ts";
import { cut } from "./text.ts";

const settingsSchema = z.strictObject({
  webhookUrl: z
    .url({
      protocol: /^https?$/,
      error: "Expected the address of an incoming webhook, https://hooks.slack.com/services/…",
    })
    .max(2000),
});

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

function blocksOf(message: Message): Record<string, unknown> {
  // Links stand in the text: a button of an app without interactivity shows a warning when pressed.
  const { title, summary, body } = sectionsOf(message, mrkdwn, { itemsMax, linkInText: alwaysInText });
  return {
    text: summary,
    blocks: [
      { type: "header", text: { type: "plain_text", text: title, emoji: false } },
      ...body.map(text => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } })),
    ],
  };
}

function plainOf(message: Message): Record<string, unknown> {
  const { title, body } = sectionsOf(message, plainText, { itemsMax: 3000, linkInText: alwaysInText });
  return { text: [encode(title), ...body].join("\n\n"), mrkdwn: false };
}

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and its list of errors. */
const refusals: Readonly<Record<number, string>> = {
  400: "Slack does not take what this webhook sends; make a new incoming webhook and test the channel.",
  401: "Slack does not know this webhook; make a new incoming webhook and put its address here.",
  403: "Slack forbids this webhook to post there; allow it in the workspace, or make a new incoming webhook.",
  404: "Slack finds no such webhook or channel; make a new incoming webhook and put its address here.",
  410: "The Slack channel is archived or gone; choose another one with a new incoming webhook.",
};

/** Refusals of the blocks, not of the channel: the same words without blocks may pass. */
const aboutBlocks = /^(invalid_blocks|invalid_blocks_format|msg_blocks_too_long|msg_too_long)$/;

function verdict(reply: ChannelReply, now: Date, plain: boolean): Verdict {
  const { status } = reply;
  const word = reply.body.trim();
  const said = /^[a-z_]{2,60}$/.test(word) ? ` (${word})` : "";
  if (isSuccess(status)) {
    if (isPage(reply)) return retry(`Slack's address answered ${status} with a web page instead of "ok".`);
    return { kind: "delivered", externalId: null };
  }
  if (status === 429) return pause("Slack asks to send more slowly.", retryAfterMs(reply, now));
  if (status === 400 && !plain && aboutBlocks.test(word)) {
    return { kind: "plain", problem: `Slack refused the form of the message${said}.` };
  }
  const refusal = refusals[status];
  if (refusal !== undefined) return { kind: "disable", problem: `${refusal} It answered ${status}${said}.` };
  return passing("Slack", reply, now);
}

/** Slack's incoming webhook with Block Kit. */
export const slack = defineChannel({
  id: "slack",
  title: { en: "Slack", ru: "Slack" },
  settings: settingsSchema,
  secrets: ["webhookUrl"],
  example: {
    settings: { webhookUrl: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" },
  },
  groupMs: 4000,
  budget: ({ webhookUrl }) => [
    { key: `slack:${createHash("sha256").update(webhookUrl).digest("hex").slice(0, 32)}`, everyMs: 1000 },
  ],
  retriesMs: chatRetriesMs,
  request: (message, { webhookUrl }, { plain }) => ({
    url: webhookUrl,
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({
      ...(plain ? plainOf(message) : blocksOf(message)),
      unfurl_links: false,
      unfurl_media: false,
    }),
  }),
  verdict: (reply, _settings, { now, plain }) => verdict(reply, now, plain),
});
