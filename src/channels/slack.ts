import { createHash } from "node:crypto";
import { z } from "zod";
import { type Acked, type ChannelRequest, type ChatApis, defineChannel, type Message } from "./define.ts";
import { chatRetriesMs } from "./reply.ts";
import { blocksOf, commentOf, plainOf } from "./slack-blocks.ts";
import { slackUpload, withoutFile } from "./slack-upload.ts";
import { apiVerdict, webhookVerdict } from "./slack-verdict.ts";

const minuteMs = 60_000;
const defaultThreadMinutes = 60;

const settingsSchema = z
  .strictObject({
    webhookUrl: z
      .url({
        protocol: /^https?$/,
        error: "Expected the address of an incoming webhook, https://hooks.slack.com/services/…",
      })
      .max(2000)
      .optional(),
    botToken: z
      .string()
      .max(300)
      .regex(/^xox[a-z][.-][\w.-]+$/, "Expected the bot token of a Slack app, xoxb-…")
      .optional(),
    channel: z
      .string()
      .regex(
        /^([CGD][A-Z0-9]{1,30}|#?[\p{L}\p{N}_-]{1,80})$/u,
        "Expected the channel's id (C0123456789) or its #name",
      )
      .optional(),
    signingSecret: z
      .string()
      .regex(/^[\w-]{16,100}$/, "Expected the signing secret of the Slack app, 32 letters and digits")
      .optional()
      .describe("messages get a button to acknowledge; Slack sends what is pressed to /v1/callbacks/slack"),
    threadMinutes: z
      .int()
      .min(0)
      .max(1440)
      .optional()
      .describe(
        "with a bot: what a rule tells so soon after a message goes into its thread; 60 unless said, 0: never",
      ),
  })
  .refine(
    ({ webhookUrl, botToken, channel }) =>
      (webhookUrl === undefined) === (botToken !== undefined && channel !== undefined),
    {
      path: ["webhookUrl"],
      error: "Expected webhookUrl alone, or botToken with channel",
    },
  )
  .refine(
    ({ webhookUrl, botToken, channel }) =>
      webhookUrl === undefined || (botToken === undefined && channel === undefined),
    {
      path: ["webhookUrl"],
      error: "Expected webhookUrl alone, or botToken with channel; null takes a setting away",
    },
  );

type SlackSettings = z.output<typeof settingsSchema>;

const keyOf = (text: string) => `slack:${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;

/** Slack's limit, one message a second, is per channel of a workspace: a bot has one token in each. */
const budgetKey = ({ webhookUrl, botToken, channel }: SlackSettings) =>
  keyOf(webhookUrl ?? `${botToken} ${channel?.replace(/^#/, "").toLowerCase()}`);

const quiet = { unfurl_links: false, unfurl_media: false };

function apiRequest(
  method: string,
  body: object | URLSearchParams,
  { botToken }: SlackSettings,
  { slackApi }: ChatApis,
): ChannelRequest {
  const isForm = body instanceof URLSearchParams;
  const type = isForm ? "application/x-www-form-urlencoded" : "application/json; charset=utf-8";
  return {
    url: `${slackApi.replace(/\/+$/, "")}/${method}`,
    method: "POST",
    headers: { "content-type": type, authorization: `Bearer ${botToken}` },
    body: isForm ? body.toString() : JSON.stringify(body),
  };
}

/** Files are shared by a channel's id only, a message by its name too. */
const isChannelId = (channel: string | undefined) => /^[CGD][A-Z0-9]{7,30}$/.test(channel ?? "");

/** The message as it is posted, or as it stands once everything in it is acknowledged. */
const contentOf = (
  message: Message,
  { signingSecret }: SlackSettings,
  plain: boolean,
  acked: Acked | null,
) => (plain ? plainOf(message, acked) : blocksOf(message, { button: signingSecret !== undefined, acked }));

/** Slack with Block Kit: an incoming webhook, or a bot that also writes into threads and rewrites what it sent. */
export const slack = defineChannel({
  id: "slack",
  title: { en: "Slack", ru: "Slack" },
  settings: settingsSchema,
  secrets: ["webhookUrl", "botToken", "signingSecret"],
  optionalSecrets: ["signingSecret"],
  example: {
    settings: { webhookUrl: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" },
  },
  groupMs: 4000,
  atOnce: 1,
  files: ({ botToken, channel }, { plain }) => !plain && botToken !== undefined && isChannelId(channel),
  upload: (file, settings, { now, ...apis }) =>
    slackUpload(file, (method, body) => apiRequest(method, body, settings, apis), now),
  threadMs: ({ botToken, threadMinutes = defaultThreadMinutes }) =>
    botToken === undefined ? 0 : threadMinutes * minuteMs,
  budget: settings => [{ key: budgetKey(settings), everyMs: 1000 }],
  retriesMs: chatRetriesMs,
  request: (message, settings, { plain, thread, fileId = null, ...apis }) => {
    const { webhookUrl, channel } = settings;
    if (fileId !== null) {
      const files = [{ id: fileId, title: message.report?.file?.name }];
      const shared = { files, channel_id: channel, initial_comment: commentOf(message) };
      return apiRequest("files.completeUploadExternal", shared, settings, apis);
    }
    const content = { ...contentOf(message, settings, plain, null), ...quiet };
    if (webhookUrl === undefined) {
      const place = { channel, ...(thread === null ? {} : { thread_ts: thread.split(":").at(-1) }) };
      return apiRequest("chat.postMessage", { ...place, ...content }, settings, apis);
    }
    return {
      url: webhookUrl,
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(content),
    };
  },
  edit: (message, settings, { externalId, acked, plain, ...apis }) => {
    const [channel, ts] = externalId.split(":");
    return apiRequest(
      "chat.update",
      { channel, ts, ...contentOf(message, settings, plain, acked) },
      settings,
      apis,
    );
  },
  verdict: (reply, { webhookUrl }, { now, plain, fileId = null }) => {
    if (webhookUrl !== undefined) return webhookVerdict(reply, now, plain);
    const verdict = apiVerdict(reply, now, plain);
    return fileId === null || verdict.kind === "delivered" ? verdict : withoutFile(verdict);
  },
});
