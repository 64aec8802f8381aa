import { BlockedError, MolvaError, QuotaError, SourceChangedError } from "#domain/errors.ts";
import type { SourceReply } from "#sources/define.ts";
import { refuseUnlessOk, retryAfterMs } from "#sources/refusal.ts";
import { quotas, type Settings } from "./settings.ts";

const category = "«Вопросы и отзывы»";

/** What the operator does about a refused token. */
const advice: { readonly [status: number]: string } = {
  401: `does not accept the token: create a new one of the category ${category} in the seller's cabinet and put it into the source's credentials`,
  402: "asks for payment: top up the balance of the solution in the seller's account, or use a token of another type",
  403: `does not let this token in: it lacks the category ${category}; create one that has it and put it into the source's credentials`,
};

/** Throws the error that a refused reply means, with what to do about it; lets a 2xx reply pass. */
export function refuseUnlessGranted(reply: SourceReply, settings: Settings, now: Date): void {
  const advised = advice[reply.status];
  if (advised !== undefined) {
    throw new BlockedError(`Wildberries ${advised}.${said(reply)}`, { retry: "never" });
  }
  if (reply.status === 429) {
    throw new QuotaError(
      `Wildberries counts too many requests for a token of type ${settings.token}.${said(reply)}`,
      waitMs(reply, settings, now),
    );
  }
  if (reply.status === 400 || reply.status === 422) {
    throw new SourceChangedError(`Wildberries does not understand the request any more.${said(reply)}`);
  }
  refuseUnlessOk(reply, now);
}

/** A 200 may still carry `error: true`. */
export const failedInside = (errorText: string): MolvaError =>
  new MolvaError(
    "source-unavailable",
    `Wildberries reports an error; it is asked again later.${quoted(errorText)}`,
  );

function waitMs(reply: SourceReply, settings: Settings, now: Date): number {
  const seconds = Number.parseFloat(reply.headers["x-ratelimit-retry"] ?? "");
  if (seconds >= 0 && seconds <= 86_400) return Math.max(1000, Math.ceil(seconds * 1000));
  return retryAfterMs(reply, now) ?? Math.max(1000, quotas[settings.token].intervalMs);
}

/** The reason in the site's own words, from either of its two error shapes; empty when it gives none. */
export const platformWords = ({ body }: SourceReply): string =>
  /"(?:detail|errorText)"\s*:\s*"((?:[^"\\]|\\.){1,300})/
    .exec(body.slice(0, 5000))?.[1]
    ?.trim()
    .toWellFormed() ?? "";

const said = (reply: SourceReply): string => quoted(platformWords(reply));

const quoted = (text: string): string =>
  text.trim() === "" ? "" : ` It says: ${JSON.stringify(text.slice(0, 300).toWellFormed())}.`;
