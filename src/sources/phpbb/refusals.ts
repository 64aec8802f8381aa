import type { CheerioAPI } from "cheerio/slim";
import { BlockedError, SourceChangedError } from "#domain/errors.ts";
import type { SourceReply } from "#sources/define.ts";
import { loadHtml } from "#sources/html.ts";
import { oneLine } from "#sources/plain-text.ts";
import { refuseUnlessOk } from "#sources/refusal.ts";

/**
 * The page of a reply, which has `content` or is an honest page of a board without it; throws what the board, or
 * whoever stands before it, says instead.
 */
export function openPage(reply: SourceReply, content: string, now: Date): CheerioAPI {
  const $ = loadHtml(reply.body);
  const ok = reply.status >= 200 && reply.status < 300;
  if (ok && $(content).length > 0) return $;
  refuseMessage($, reply.url);
  refuseUnlessOk(reply, now);
  if (!isBoard($)) throw notAsExpected(reply.url, "is no page of a phpBB board");
  return $;
}

/** phpBB names its pages on the body; a skin that does not is known by the powers that be. */
export const isBoard = ($: CheerioAPI): boolean =>
  $("body#phpbb, body[class*='section-view'], body.section-index").length > 0 ||
  /phpbb/i.test($(".copyright, #page-footer").text());

export const notAsExpected = (url: string, what: string): SourceChangedError =>
  new SourceChangedError(`${url.slice(0, 200)} ${what}. Look at it in a browser without logging in.`);

/** Removed topics and forums in the languages of boards that we have seen; any other message is a refusal. */
const gone =
  /does not exist|no longer exists|не существует|existiert nicht|n.existe pas|nie istnieje|no existe|non esiste/i;

/** phpBB answers in words, often with status 200: a message instead of the page, or a login form. */
function refuseMessage($: CheerioAPI, url: string): void {
  const message = oneLine($("#message p, #message .content").first().text()) ?? oneLine($("#message").text());
  if (message !== null && gone.test(message)) {
    throw notAsExpected(url, `is not there any more, the board says: ${quote(message)}`);
  }
  if (message !== null) {
    throw new BlockedError(
      `The board shows a message instead of ${url.slice(0, 200)}: ${quote(message)}. Take the forum out of the source's settings if guests may not read it.`,
    );
  }
  if ($("form#login, form[action*='mode=login'] input[type='password']").length > 0) {
    throw new BlockedError(
      `The board wants a login for ${url.slice(0, 200)}. Only what guests may read can be collected: take this forum out of the source's settings.`,
    );
  }
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 300).toWellFormed());
