import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { ackAction } from "./slack-blocks.ts";

/** Slack asks to refuse what was signed longer ago, or is from the future by as much. */
const freshSeconds = 300;

/** Whether Slack signed these bytes with this secret not long ago: https://docs.slack.dev/authentication/verifying-requests-from-slack. */
export function isSignedBySlack(
  { timestamp, signature, body }: { timestamp: string; signature: string; body: string },
  signingSecret: string,
  now: Date,
): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > freshSeconds) return false;
  const due = Buffer.from(
    `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`,
  );
  const given = Buffer.from(signature);
  return given.length === due.length && timingSafeEqual(given, due);
}

/** A button of ours that somebody pressed in Slack. */
export interface SlackPress {
  /** Where the user belongs: a workspace, or an organisation of several. */
  teamId: string;
  userId: string;
  deliveryId: string;
  /** Where a word to that user can be sent for half an hour. */
  responseUrl: string | null;
}

const teamSchema = z.string().regex(/^[TE][A-Z0-9]{1,30}$/);

const payloadSchema = z.object({
  type: z.literal("block_actions"),
  team: z.object({ id: teamSchema }).nullish().catch(null),
  user: z.object({
    id: z.string().regex(/^[UW][A-Z0-9]{1,30}$/),
    team_id: teamSchema.optional().catch(undefined),
  }),
  response_url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional()
    .catch(undefined),
  actions: z.array(z.object({ action_id: z.string().optional(), value: z.string().optional() })).max(50),
});

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload; null for anything that is no press of ours. */
export function readSlackPress(form: string): SlackPress | null {
  const payload = new URLSearchParams(form).get("payload");
  if (payload === null) return null;
  const { data } = payloadSchema.safeParse(parsed(payload));
  const deliveryId = data?.actions.find(one => one.action_id === ackAction)?.value;
  // A channel may be shared by workspaces: the user's own one comes before the one where the button was pressed.
  const teamId = data?.user.team_id ?? data?.team?.id;
  if (data === undefined || teamId === undefined || !isUuid(deliveryId)) return null;
  return { teamId, userId: data.user.id, deliveryId, responseUrl: data.response_url ?? null };
}

const isUuid = (text: string | undefined): text is string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text ?? "");

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
