import { createHash, createHmac } from "node:crypto";
import { z } from "zod";
import { type ChannelReply, defineChannel, type RandomBytes, type Verdict } from "./define.ts";
import { isSuccess, passing, pause, retryAfterMs } from "./reply.ts";
import { webhookBody } from "./webhook-body.ts";

const secretPrefix = "whsec_";

/** Standard Webhooks 1.0, "Signature scheme": a symmetric secret is 24 to 64 random bytes in base64. */
const secretSchema = z
  .string()
  .refine(isSecret, "Expected whsec_ and 24 to 64 bytes in base64; leave it out, and Molva makes one");

const settingsSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: "Expected an https address" })
    .max(2000)
    .refine(
      url => !hasPassword(url),
      "An address with a name or password in it is not supported: verify the signature instead",
    ),
  secret: secretSchema,
  previousSecret: secretSchema
    .optional()
    .describe("messages are signed with it too, so that receivers can change over in their own time"),
  previousUntil: z.iso.datetime().optional().describe("when they are no more; absent: never"),
  events: z
    .array(z.enum(["alert.fired", "channel.broken", "report.ready"]))
    .min(1)
    .optional()
    .describe("what is sent; absent: everything"),
});

type WebhookSettings = z.output<typeof settingsSchema>;

/** Standard Webhooks: while a secret is replaced, every message carries a signature of each. */
function secretsAt({ secret, previousSecret, previousUntil }: WebhookSettings, now: Date): string[] {
  const isOver = previousUntil !== undefined && now.getTime() >= Date.parse(previousUntil);
  return previousSecret === undefined || isOver ? [secret] : [secret, previousSecret];
}

/** The spec's example schedule after the first attempt: 5 s … 24 h, ten attempts in all. */
const retrySeconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** A signing secret of 32 bytes. */
export function newWebhookSecret(random: RandomBytes): string {
  return secretPrefix + Buffer.from(random(32)).toString("base64");
}

/** Standard Webhooks v1: HMAC-SHA256 over `id.timestamp.body`, the time in whole seconds. */
export function webhookSignature(secret: string, id: string, timestamp: number, body: string): string {
  const hmac = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`);
  return `v1,${hmac.digest("base64")}`;
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret, "base64");
}

function isSecret(secret: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret)) return false;
  const { length } = keyOf(secret);
  return length >= 24 && length <= 64;
}

function hasPassword(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && (parsed.username !== "" || parsed.password !== "");
}

/** "The receiver is loaded": the spec asks to slow down, and all of its messages do. */
const throttling: readonly number[] = [429, 502, 503, 504];

function verdict(reply: ChannelReply, now: Date): Verdict {
  const { status } = reply;
  if (isSuccess(status)) return { kind: "delivered", externalId: null };
  if (status === 410) {
    return {
      kind: "disable",
      problem: "The receiver answered 410, gone: it wants no more messages at this address.",
    };
  }
  if (reply.headers["webhook-delivery"]?.trim().toLowerCase() === "abort-message") {
    return {
      kind: "failed",
      problem: `The receiver answered ${status} and asked not to repeat this message.`,
    };
  }
  if (throttling.includes(status)) {
    return pause(`The receiver answered ${status}: it is overloaded or away.`, retryAfterMs(reply, now));
  }
  return passing("The receiver", reply, now);
}

/** Any program that takes a signed POST by Standard Webhooks 1.0. */
export const webhook = defineChannel({
  id: "webhook",
  title: { en: "Webhook", ru: "Вебхук" },
  settings: settingsSchema,
  secrets: ["secret", "previousSecret"],
  issues: { secret: newWebhookSecret },
  example: {
    settings: {
      url: "https://example.com/hooks/molva",
      secret: "whsec_RXhhbXBsZSBzZWNyZXQgb2YgdGhpcnR5LXR3byBi",
    },
  },
  groupMs: 0,
  atOnce: 8,
  budget: ({ url }) => [
    { key: `webhook:${createHash("sha256").update(url).digest("hex").slice(0, 32)}`, everyMs: 0 },
  ],
  retriesMs: retrySeconds.map(seconds => seconds * 1000),
  request: (message, settings, { now }) => {
    const { url } = settings;
    const body = webhookBody(message);
    const timestamp = Math.floor(now.getTime() / 1000);
    return {
      url,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": message.deliveryId,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": secretsAt(settings, now)
          .map(one => webhookSignature(one, message.deliveryId, timestamp, body))
          .join(" "),
      },
      body,
    };
  },
  verdict: (reply, _settings, { now }) => verdict(reply, now),
});
