import { isSameText } from "#domain/same-text.ts";
import { lockCases } from "#store/case.ts";
import type { Tx } from "#store/db.ts";
import { isPlaceTaken, lockShownReplies, type ShownReply, shownReplyCases } from "#store/reply-sending.ts";
import { loseReply, publishReply } from "./publish-settle.ts";
import { publishWords } from "./publish-words.ts";

/** What a source shows of a reply: our text · other words of ours, posted by hand · turned down · gone · something else in its place. */
type Seen = "published" | "adapted" | "rejected" | "removed" | "replaced";

/**
 * Brings replies in line with what a collection or a look has stored about these documents: only this makes a
 * reply `published`, and only this takes it back. The cases themselves have followed their mentions already.
 */
export async function noticeAnswers(tx: Tx, documentIds: readonly string[], now: Date): Promise<void> {
  const caseIds = await shownReplyCases(tx, documentIds);
  if (caseIds.length === 0) return;
  await lockCases(tx, caseIds);
  for (const reply of await lockShownReplies(tx, documentIds)) {
    const seen = seenOf(reply);
    if (seen !== null) await follow(tx, reply, seen, now);
  }
}

async function follow(tx: Tx, reply: ShownReply, seen: Seen, now: Date): Promise<void> {
  if (seen === "published" || seen === "adapted") {
    const isBack = reply.state === "refused" || reply.state === "removed";
    if (isBack && (await isPlaceTaken(tx, reply))) return;
    const words = seen === "adapted" ? publishWords.adapted : null;
    return publishReply(tx, reply, { at: reply.answer_at, words }, now);
  }
  await loseReply(tx, reply, seen === "rejected" ? "refused" : "removed", publishWords[seen], now);
}

/** Null: nothing new. A text that came before an edit of ours is looked at no more. */
function seenOf(reply: ShownReply): Seen | null {
  if (reply.edited_at !== null || reply.answer?.via === "person") return null;
  return reply.state === "published" ? lossOf(reply) : arrivalOf(reply);
}

const isShown = ({ answer_state }: ShownReply) => answer_state === "published" || answer_state === "stale";

const isOurs = ({ answer, text, original_text }: ShownReply): boolean =>
  answer !== null && isSameText(answer.text, text, original_text);

function arrivalOf(reply: ShownReply): Seen | null {
  if (isShown(reply) && isOurs(reply)) return "published";
  if (reply.state === "approved") return isShown(reply) ? "adapted" : null;
  const isWaiting = reply.state === "sent" || reply.state === "unknown";
  return isWaiting && reply.answer_state === "rejected" && isOurs(reply) ? "rejected" : null;
}

function lossOf(reply: ShownReply): Seen | null {
  if (reply.answer === null || reply.answer_state === "removed" || reply.answer_state === "none")
    return "removed";
  if (isOurs(reply)) return reply.answer_state === "rejected" ? "rejected" : null;
  return isShown(reply) && !reply.assisted ? "replaced" : null;
}
