import { BlockedError, MolvaError, QuotaError, SourceChangedError } from "#domain/errors.ts";
import type { SourceReply } from "./define.ts";

const minuteMs = 60_000;
const usualWaitMs = 15 * minuteMs;
const longestWaitMs = 24 * 60 * minuteMs;

/**
 * Lets a 2xx reply pass unless it is a challenge page; everything else becomes the error that says what happened:
 * `BlockedError` (401, 403, 451, captcha), `QuotaError` (429), `SourceChangedError` (other 4xx), `MolvaError`
 * ("source-gone" for 404 and 410, "source-unavailable" for 5xx). `now` is needed for a Retry-After that is a date.
 */
export function refuseUnlessOk(reply: SourceReply, now: Date): void {
  const challenge = challengeOf(reply);
  if (challenge !== null) {
    throw new BlockedError(
      `${hostOf(reply)} answered with ${challenge} instead of the page; the source pauses before it asks again.`,
    );
  }
  if (reply.status >= 200 && reply.status < 300) return;
  throw refusalOf(reply, now);
}

function refusalOf(reply: SourceReply, now: Date): MolvaError {
  const { status } = reply;
  const who = `${hostOf(reply)} answered ${status}`;
  if (status === 429)
    return new QuotaError(`${who}: too many requests.`, retryAfterMs(reply, now) ?? usualWaitMs);
  if ([401, 403, 407, 451].includes(status)) {
    return new BlockedError(
      `${who}: access is refused. Check the credentials and whether the site allows automatic reading.`,
    );
  }
  if (status === 404 || status === 410) {
    const retry = status === 410 ? "never" : "backoff";
    return new MolvaError(
      "source-gone",
      `${who}: there is nothing at ${reply.url.slice(0, 200)}. Check the address in the source's settings.`,
      { retry },
    );
  }
  if (status >= 500) {
    const afterMs = retryAfterMs(reply, now);
    return new MolvaError(
      "source-unavailable",
      `${who}: the site is out of order; it is asked again later.`,
      {
        retry: afterMs === null ? "backoff" : { afterMs },
      },
    );
  }
  return new SourceChangedError(`${who}: the request is no longer understood there.`);
}

/** Milliseconds of a Retry-After header, seconds or a date, at most a day; null when there is none. */
export function retryAfterMs(reply: SourceReply, now: Date): number | null {
  const text = reply.headers["retry-after"]?.trim() ?? "";
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 1000), longestWaitMs) : null;
}

/** Signs of pages that stand between a reader and the site, looked for in HTML only: a feed may speak of captchas. */
const challengeSigns: readonly (readonly [sign: RegExp, name: string])[] = [
  [/<title>\s*(?:just a moment|attention required! \| cloudflare|один момент)/i, "a Cloudflare challenge"],
  [/<title>[^<]{0,80}ddos-guard/i, "a DDoS-Guard challenge"],
  [/<title>[^<]{0,80}qrator|__qrator/i, "a Qrator challenge"],
  [/\/(?:showcaptcha|checkcaptcha)|smartcaptcha|g-recaptcha|h-captcha|hcaptcha\.com/i, "a captcha"],
];

/** A challenge is a small page; a long one with a captcha in its login form is an ordinary page. */
const challengePageLength = 20_000;

function challengeOf(reply: SourceReply): string | null {
  if (reply.headers["cf-mitigated"] === "challenge") return "a Cloudflare challenge";
  if (reply.headers["x-yandex-captcha"] !== undefined) return "a captcha";
  if (/\/(?:showcaptcha|captcha)\b/i.test(pathOf(reply.url))) return "a captcha";
  if (reply.body.length > challengePageLength || !looksLikeHtml(reply.body)) return null;
  return challengeSigns.find(([sign]) => sign.test(reply.body))?.[1] ?? null;
}

/** True when the text begins as a page does, whatever its content type says. */
export function looksLikeHtml(body: string): boolean {
  return /^\s*(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i.test(
    body.slice(0, 3000).replace(/^\uFEFF/, ""),
  );
}

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : "");

const hostOf = (reply: SourceReply): string =>
  URL.canParse(reply.url) ? new URL(reply.url).hostname : "The site";
