import type { DocumentRow, KnownDocument, SeenAnswer } from "#store/document.ts";
import type { Draft } from "./draft.ts";

type AnswerColumns = Pick<DocumentRow, "answer" | "answer_state" | "answer_at" | "answer_basis">;

const none: AnswerColumns = { answer: null, answer_state: "none", answer_at: null, answer_basis: null };

/**
 * The answer of a document after this look at it. An answer given before the text changed is `stale`, and
 * stays so until the answer itself changes; one that the source showed and shows no more is `removed`.
 */
export function answerOf(
  draft: Draft,
  known: KnownDocument | null,
  textChanged: boolean,
  now: Date,
): AnswerColumns {
  const before: AnswerColumns = known === null ? none : answerColumns(known);
  const edited = known !== null && textChanged;
  const shown = draft.item.answer;
  if (shown === null) return withoutAnswer(before, edited);
  const same = before.answer?.text === shown.text;
  const aged = same && (before.answer_state === "stale" || (edited && before.answer_state === "published"));
  const { editedAt } = draft.item;
  const late = editedAt !== null && shown.publishedAt !== null && editedAt > shown.publishedAt;
  const { externalId, text, authorName, evidence, url } = shown;
  return {
    answer: { externalId, text, authorName, evidence, url, via: "item" },
    answer_state: shown.state === "published" && (aged || late) ? "stale" : shown.state,
    answer_at: shown.publishedAt ?? (same ? before.answer_at : null) ?? now,
    answer_basis: shown.publishedAt === null ? "seen" : "platform",
  };
}

const answerColumns = ({ answer, answer_state, answer_at, answer_basis }: KnownDocument): AnswerColumns => ({
  answer,
  answer_state,
  answer_at,
  answer_basis,
});

function withoutAnswer(before: AnswerColumns, edited: boolean): AnswerColumns {
  if (before.answer?.via === "item" && before.answer_state !== "removed")
    return { ...before, answer_state: "removed" };
  return edited && before.answer_state === "published" ? { ...before, answer_state: "stale" } : before;
}

/** A text of a thread that an official post may answer. */
export interface ThreadText {
  id: string;
  externalId: string;
  threadId: string | null;
  occurredAt: Date;
  answerState: DocumentRow["answer_state"];
  official: boolean;
}

/** An official post found on the page. */
export interface OfficialPost {
  row: DocumentRow;
  authorName: string | null;
  evidence: string;
}

/**
 * What official posts answer: the text they quote or reply to, else every earlier unanswered text of their
 * thread. A post from before a text is no answer to it.
 */
export function threadAnswers(
  posts: readonly OfficialPost[],
  texts: readonly ThreadText[],
  now: Date,
): Map<string, SeenAnswer> {
  const answers = new Map<string, SeenAnswer>();
  for (const { row, authorName, evidence } of posts.toSorted(
    (a, b) => Number(a.row.occurred_at) - Number(b.row.occurred_at),
  )) {
    for (const text of texts.filter(text => isAnsweredBy(text, row))) {
      if (answers.has(text.id)) continue;
      answers.set(text.id, {
        id: text.id,
        answer: {
          externalId: row.external_id,
          text: row.text,
          authorName,
          evidence,
          url: row.url,
          via: "thread",
        },
        answer_state: "published",
        answer_at: row.published_at ?? now,
        answer_basis: row.published_at === null ? "seen" : "platform",
      });
    }
  }
  return answers;
}

function isAnsweredBy(text: ThreadText, post: DocumentRow): boolean {
  if (text.official || text.answerState === "published" || text.id === post.id) return false;
  if (post.parent_external_id !== null) return text.externalId === post.parent_external_id;
  return post.thread_id !== null && text.threadId === post.thread_id && text.occurredAt < post.occurred_at;
}
