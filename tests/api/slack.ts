import { createHmac } from "node:crypto";

/** What Slack sends when a button is pressed, signed by v0 of its scheme at that time. */
export function signedBySlack(
  payload: object,
  signingSecret: string,
  at: Date,
): { url: string; body: string; headers: Record<string, string> } {
  const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    url: "/v1/callbacks/slack",
    body,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signed}`,
    },
  };
}
