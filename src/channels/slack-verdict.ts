import { z } from "zod";
import type { ChannelReply, Verdict } from "./define.ts";
import { isPage, isSuccess, passing, pause, replyJson, retry, retryAfterMs } from "./reply.ts";

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
const slackWord = /^[a-z_]{2,60}$/;
const slower = "Slack asks to send more slowly.";

/** Reads an answer of an incoming webhook: a word, and the status says the rest. */
export function webhookVerdict(reply: ChannelReply, now: Date, plain: boolean): Verdict {
  const { status } = reply;
  const word = reply.body.trim();
  const said = slackWord.test(word) ? ` (${word})` : "";
  if (isSuccess(status)) {
    if (isPage(reply)) return retry(`Slack's address answered ${status} with a web page instead of "ok".`);
    return { kind: "delivered", externalId: null };
  }
  if (status === 429) return pause(slower, retryAfterMs(reply, now));
  if (status === 400 && !plain && aboutBlocks.test(word)) {
    return { kind: "plain", problem: `Slack refused the form of the message${said}.` };
  }
  const refusal = refusals[status];
  if (refusal !== undefined) return { kind: "disable", problem: `${refusal} It answered ${status}${said}.` };
  return passing("Slack", reply, now);
}

/** https://docs.slack.dev/apis/web-api: the status is 200 for refusals too, and `error` is one word. */
const answerSchema = z.object({
  ok: z.boolean().optional().catch(undefined),
  error: z.string().regex(slackWord).optional().catch(undefined),
  channel: z
    .string()
    .regex(/^[A-Z0-9]{2,30}$/)
    .optional()
    .catch(undefined),
  ts: z
    .string()
    .regex(/^\d{1,20}\.\d{1,10}$/)
    .optional()
    .catch(undefined),
});

/** What chat.postMessage and chat.update say of the token or the channel, so that no other message would pass either. */
const aboutChannel: readonly [words: RegExp, advice: string][] = [
  [
    /^(not_authed|invalid_auth|account_inactive|user_is_bot|token_(revoked|expired)|not_allowed_token_type|access_denied)$/,
    "Slack does not take this token: put the bot token of the app (xoxb-…) into botToken.",
  ],
  [
    /^(missing_scope|no_permission|restricted_action.*|ekm_access_denied|org_login_required|team_access_not_granted|two_factor_setup_required|posting_to_.*_denied)$/,
    "Slack does not let the app post there: give it the scope chat:write and the right to post in the channel.",
  ],
  [
    /^(channel_not_found|not_in_channel|is_archived|invalid_channel|is_inactive|channel_type_not_supported)$/,
    "The bot cannot post in this channel: correct it, bring it back, or /invite the bot into it.",
  ],
];

const threadGone = /^(thread_not_found|cannot_reply_to_message|message_not_found|invalid_thread_ts)$/;
const passingWords =
  /^(fatal_error|internal_error|service_unavailable|request_timeout|team_added_to_org|org_resolving|accesslimited)$/;

/** Reads an answer of chat.postMessage or chat.update; the id of a message is its channel and its `ts`. */
export function apiVerdict(reply: ChannelReply, now: Date, plain: boolean): Verdict {
  const answer = answerSchema.safeParse(replyJson(reply)).data ?? answerSchema.parse({});
  const { error = "" } = answer;
  if (
    reply.status === 429 ||
    error === "ratelimited" ||
    error === "rate_limited" ||
    error === "message_limit_exceeded"
  ) {
    return pause(slower, retryAfterMs(reply, now));
  }
  if (!isSuccess(reply.status)) return passing("Slack", reply, now);
  if (isPage(reply)) return retry(`Slack's address answered ${reply.status} with a web page.`);
  if (answer.ok !== false) {
    const { channel, ts } = answer;
    return { kind: "delivered", externalId: channel && ts ? `${channel}:${ts}` : null };
  }
  return refused(error, plain);
}

function refused(error: string, plain: boolean): Verdict {
  const said = ` It answered ${error === "" ? "no reason" : error}.`;
  if (passingWords.test(error)) return retry(`Slack has a fault of its own.${said}`);
  if (threadGone.test(error)) return { kind: "unthreaded", problem: `The thread is gone.${said}` };
  const [, advice] = aboutChannel.find(([words]) => words.test(error)) ?? [];
  if (advice !== undefined) return { kind: "disable", problem: `${advice}${said}` };
  const problem = `Slack refused the message itself.${said}`;
  return plain ? { kind: "failed", problem } : { kind: "plain", problem };
}
