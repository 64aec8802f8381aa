import { pressText } from "#channels/press-words.ts";
import { isSignedBySlack, readSlackPress } from "#channels/slack-press.ts";
import { channelsOfKind, insertChatAnswer } from "#store/chat.ts";
import type { Tx } from "#store/db.ts";
import type { ChannelRow } from "#store/delivery.ts";
import { secretSettings } from "./channel-settings.ts";
import { pressAck } from "./chat-press.ts";
import type { SecretBox } from "./deps.ts";

/** A request as it came; the body is the very text that was signed. */
export interface SlackCall {
  timestamp: string;
  signature: string;
  body: string;
}

/** Slack takes words to a user for half an hour after the press. */
const answerableMs = 30 * 60_000;

/**
 * What a button in Slack does. "unsigned" is a call that no channel's signing secret vouches for; a call that is
 * none of ours does nothing. The word to the user is stored, and sent after the commit.
 */
export async function slackCallback(
  tx: Tx,
  tools: { secrets: SecretBox; checkAddress: (url: string) => void },
  call: SlackCall,
  now: Date,
): Promise<"unsigned" | "done"> {
  const signed = (await channelsOfKind(tx, "slack")).filter(row => isFrom(row, tools.secrets, call, now));
  const [channel] = signed;
  if (channel === undefined) return "unsigned";
  const press = readSlackPress(call.body);
  if (press === null) return "done";
  const { teamId, userId, deliveryId, responseUrl } = press;
  const channelIds = signed.map(row => row.id);
  const pressed = await pressAck(
    tx,
    { user: { kind: "slack", teamId, userId }, deliveryId, channelIds },
    now,
  );
  if (responseUrl === null) return "done";
  tools.checkAddress(responseUrl);
  await insertChatAnswer(
    tx,
    {
      channelId: channel.id,
      address: tools.secrets.seal(responseUrl),
      text: pressText(pressed.language ?? "ru", pressed.outcome, {
        user: `${teamId}/${userId}`,
        ackedCount: pressed.ackedCount,
      }),
      expiresAt: new Date(now.getTime() + answerableMs),
    },
    now,
  );
  return "done";
}

function isFrom(row: ChannelRow, secrets: SecretBox, call: SlackCall, now: Date): boolean {
  const signingSecret = secretSettings(row, secrets)?.["signingSecret"];
  return typeof signingSecret === "string" && isSignedBySlack(call, signingSecret, now);
}
