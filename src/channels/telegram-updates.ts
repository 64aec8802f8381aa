import { z } from "zod";
import type { ChannelReply, ChannelRequest } from "./define.ts";
import { isSuccess, replyJson, retryAfterMs, waitMs } from "./reply.ts";
import { botCall } from "./telegram.ts";

/** How long Telegram holds a question for updates that it has none for, in seconds. */
export const holdSeconds = 20;

/** A button of ours that somebody pressed; `updateId` is Telegram's count, the rest null where it is no such thing. */
export interface BotUpdate {
  updateId: number;
  press: {
    queryId: string;
    userId: string;
    chatId: string | null;
    /** With its @; null where the chat has none. */
    chatName: string | null;
    deliveryId: string | null;
    language: "ru" | "en";
  } | null;
}

/** What a question for updates brought: `conflict` is that another program listens to the same bot. */
export type Heard =
  | { kind: "updates"; updates: BotUpdate[] }
  | { kind: "conflict"; problem: string }
  | { kind: "wait"; afterMs: number | null; problem: string };

/** https://core.telegram.org/bots/api#getupdates: all before `offset` are forgotten; of others only pressed buttons are asked. */
export const updatesRequest = (botToken: string, offset: number, telegramApi: string): ChannelRequest =>
  botCall(
    "getUpdates",
    { offset, timeout: holdSeconds, limit: 100, allowed_updates: ["callback_query"] },
    botToken,
    telegramApi,
  );

/** https://core.telegram.org/bots/api#answercallbackquery: the text is shown to whoever pressed, and nobody else. */
export const pressAnswer = (
  botToken: string,
  { queryId, text, alert }: { queryId: string; text: string; alert: boolean },
  telegramApi: string,
): ChannelRequest =>
  botCall(
    "answerCallbackQuery",
    { callback_query_id: queryId, text, show_alert: alert, cache_time: 0 },
    botToken,
    telegramApi,
  );

const querySchema = z.object({
  id: z.string().max(100),
  from: z.object({ id: z.int(), language_code: z.string().optional().catch(undefined) }),
  message: z
    .object({ chat: z.object({ id: z.int(), username: z.string().optional().catch(undefined) }) })
    .optional()
    .catch(undefined),
  data: z.string().max(64).optional().catch(undefined),
});

const answerSchema = z.object({
  ok: z.boolean().optional().catch(undefined),
  error_code: z.int().optional().catch(undefined),
  description: z.string().catch(""),
  result: z
    .array(z.object({ update_id: z.int(), callback_query: querySchema.optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  parameters: z.object({ retry_after: z.number().nonnegative().optional().catch(undefined) }).catch({}),
});

const ackData = /^ack:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Reads an answer of getUpdates; never throws, and repeats none of the platform's words, which may hold the token. */
export function readUpdates(reply: ChannelReply, now: Date): Heard {
  const answer = answerSchema.safeParse(replyJson(reply)).data ?? answerSchema.parse({});
  const status = answer.error_code ?? reply.status;
  if (isSuccess(reply.status) && answer.ok === true && answer.result !== undefined)
    return { kind: "updates", updates: answer.result.map(readUpdate) };
  if (status === 409) {
    const problem = /webhook/i.test(answer.description)
      ? "The bot has a webhook set, so pressed buttons are not heard; give Molva a bot of its own, or delete the webhook (deleteWebhook)."
      : "Another program listens to this bot, so pressed buttons may be missed; give Molva a bot of its own, or stop the other program.";
    return { kind: "conflict", problem };
  }
  const afterMs = waitMs(answer.parameters.retry_after) ?? retryAfterMs(reply, now);
  return {
    kind: "wait",
    afterMs,
    problem: `Telegram answered ${status} when asked for pressed buttons; ${remedy(status)}.`,
  };
}

const remedy = (status: number): string =>
  status === 401 || status === 404
    ? "the bot's token is no longer good: put a new one of @BotFather into the channel's settings"
    : "Molva keeps asking by itself; if this lasts, see whether its notifier reaches the Bot API";

function readUpdate({
  update_id: updateId,
  callback_query: query,
}: {
  update_id: number;
  callback_query?: z.output<typeof querySchema> | undefined;
}): BotUpdate {
  if (query === undefined) return { updateId, press: null };
  const { id: queryId, from, message, data = "" } = query;
  return {
    updateId,
    press: {
      queryId,
      userId: String(from.id),
      chatId: message === undefined ? null : String(message.chat.id),
      chatName: message?.chat.username === undefined ? null : `@${message.chat.username}`,
      deliveryId: ackData.exec(data)?.[1] ?? null,
      language: /^(ru|uk|be|kk)\b/.test(from.language_code ?? "ru") ? "ru" : "en",
    },
  };
}
