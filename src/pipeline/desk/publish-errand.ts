import type { Asker } from "#pipeline/ask.ts";
import type { Deps } from "#pipeline/deps.ts";
import { credentialsOf, sourceFacts } from "#pipeline/source-facts.ts";
import { canReply, type ReplyDraft, type ReplyWay, type Words } from "#sources/define.ts";
import type { ReplyRow } from "#store/reply.ts";
import { type ReplyStory, replyStory } from "#store/reply-sending.ts";
import { findSource } from "#store/source.ts";
import { lengthWords, publishWords } from "./publish-words.ts";

/** A reply with all that its sending and the looks after it need. */
export interface Errand {
  reply: ReplyRow;
  story: ReplyStory;
  asker: Asker;
  way: ReplyWay<unknown>;
  draft: ReplyDraft;
}

/** Why a reply cannot be sent: in words for people, or because its kind takes replies from people only. */
export type Obstacle = { words: Words } | "assisted";

/** Reads what a reply is about; an obstacle when its source cannot be asked at all. */
export async function openErrand(
  { db, secrets, log }: Pick<Deps, "db" | "secrets" | "log">,
  reply: ReplyRow,
): Promise<Errand | Obstacle> {
  const story = await replyStory(db, reply);
  const source = await findSource(db, story.source_id);
  if (!source?.enabled || source.archived_at !== null) return { words: publishWords.sourceOff };
  try {
    const facts = sourceFacts(source);
    if (facts.kind.reply === undefined || !canReply(facts.kind, story.kind)) return "assisted";
    const credentials = credentialsOf(source, facts.kind, secrets);
    const { external_id: externalId, kind, original_text: replaces } = story;
    const draft = { externalId, kind, text: reply.text, replaces };
    return { reply, story, asker: { facts, credentials }, way: facts.kind.reply, draft };
  } catch (err) {
    log.warn({ err, replyId: reply.id, sourceId: source.id }, "reply has no way out");
    return { words: publishWords.credentials };
  }
}

/** What speaks against sending a reply of which nothing has left; null: nothing. */
export function obstacleTo({ reply, story, way }: Errand, now: Date): Words | null {
  if (story.erased_at !== null) return publishWords.erased;
  const length = [...reply.text].length;
  if (length < way.limits.minLength || reply.text.length > way.limits.maxLength)
    return lengthWords(length, way.limits);
  return reply.edit_of === null ? obstacleToFirst(story) : obstacleToEdit(story, way.limits.edits, now);
}

function obstacleToFirst({ case_status, answer_state }: ReplyStory): Words | null {
  if (answer_state === "published") return publishWords.answered;
  return case_status === "ended" ? publishWords.ended : null;
}

function obstacleToEdit(
  story: ReplyStory,
  edits: ReplyWay<unknown>["limits"]["edits"],
  now: Date,
): Words | null {
  if (story.original_state !== "published" && story.original_state !== "sent") return publishWords.noOriginal;
  if (edits === null || story.edit_count >= edits.count) return publishWords.editsSpent;
  const sinceMs = now.getTime() - (story.original_sent_at?.getTime() ?? now.getTime());
  return sinceMs > edits.withinMs ? publishWords.editLate : null;
}
