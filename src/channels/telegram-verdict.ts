import { z } from "zod";
import type { ChannelReply, Verdict } from "./define.ts";
import { isPage, isSuccess, passing, pause, replyJson, retry, retryAfterMs, waitMs } from "./reply.ts";
import { cleanLine, cut } from "./text.ts";

/** https://core.telegram.org/bots/api#making-requests; what does not fit counts as not said. */
const answerSchema = z.object({
  ok: z.boolean().optional().catch(undefined),
  error_code: z.int().optional().catch(undefined),
  description: z.string().catch(""),
  result: z.object({ message_id: z.int() }).optional().catch(undefined),
  parameters: z
    .object({
      retry_after: z.number().nonnegative().optional().catch(undefined),
      migrate_to_chat_id: z
        .union([z.int(), z.string().regex(/^-?\d{1,19}$/)])
        .optional()
        .catch(undefined),
    })
    .catch({}),
});

interface Sender {
  botToken: string;
  chatId: string | number;
}

type Answer = z.output<typeof answerSchema>;

/** What a 400 says about the chat itself, so that no other message would pass either. */
const aboutChat: readonly [said: RegExp, advice: string][] = [
  [/thread not found|TOPIC_(DELETED|CLOSED|ID_INVALID)/i, "The topic is closed or gone: correct topicId."],
  [
    /not enough rights|have no rights|need administrator rights|WRITE_FORBIDDEN|SEND_PLAIN_FORBIDDEN|CHAT_RESTRICTED/i,
    "The bot may not write there: give it the right to post messages.",
  ],
  [
    /chat not found|chat_id is empty|user not found|PEER_ID_INVALID|CHANNEL_(INVALID|PRIVATE)|chat was (deactivated|deleted|upgraded)/i,
    "Telegram finds no such chat: correct chatId, and add the bot to the chat (in private, press Start first).",
  ],
];

const badToken = "Telegram does not know this bot: put the token that BotFather shows into botToken.";
const shutOut =
  "The bot was blocked, or is not a member of the chat any more: let it in again, or choose another chat.";
const refusals: Readonly<Record<number, string>> = { 401: badToken, 403: shutOut, 404: badToken };

/** Reads an answer of sendMessage. */
export function telegramVerdict(
  reply: ChannelReply,
  settings: Sender,
  { now, plain }: { now: Date; plain: boolean },
): Verdict {
  const answer = answerSchema.safeParse(replyJson(reply)).data ?? answerSchema.parse({});
  if (isSuccess(reply.status) && answer.ok !== false) {
    if (isPage(reply)) return retry(`Telegram's address answered ${reply.status} with a web page.`);
    return { kind: "delivered", externalId: answer.result ? String(answer.result.message_id) : null };
  }
  const status = answer.error_code ?? reply.status;
  if (status === 429) {
    return pause("Telegram asks to send more slowly.", waitMs(secondsIn(answer)) ?? retryAfterMs(reply, now));
  }
  const moved = answer.parameters.migrate_to_chat_id;
  if (moved !== undefined && String(moved) !== String(settings.chatId)) {
    return {
      kind: "again",
      settings: { chatId: moved },
      problem: `The group became a supergroup with the id ${moved}.`,
    };
  }
  const refusal = refusals[status];
  if (refusal !== undefined) return { kind: "disable", problem: `${refusal}${said(answer, settings)}` };
  if (status === 400) return badRequest(answer, settings, plain);
  return passing("Telegram", { ...reply, status }, now);
}

function badRequest(answer: Answer, settings: Sender, plain: boolean): Verdict {
  const [, advice] = aboutChat.find(([pattern]) => pattern.test(answer.description)) ?? [];
  if (advice !== undefined) return { kind: "disable", problem: `${advice}${said(answer, settings)}` };
  const problem = `Telegram refused the message itself.${said(answer, settings)}`;
  return plain ? { kind: "failed", problem } : { kind: "plain", problem };
}

function secondsIn({ parameters, description }: Answer): number | undefined {
  const inWords = /retry after (\d{1,9})/i.exec(description)?.[1];
  return parameters.retry_after ?? (inWords === undefined ? undefined : Number(inWords));
}

/** Telegram's own words, in case a proxy on the way echoes the address with its token. */
function said({ description }: Answer, { botToken }: Sender): string {
  const text = cut(cleanLine(description.replaceAll(botToken, "…")), 200, piece => piece);
  return text === "" ? "" : ` It answered: ${text}`;
}
