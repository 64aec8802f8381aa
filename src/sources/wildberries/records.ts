import { z } from "zod";
import { SourceChangedError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { clip } from "#sources/clip.ts";
import { readDate } from "#sources/dates.ts";
import { fitItem } from "#sources/fit-item.ts";
import { oneLine, tidyLines } from "#sources/plain-text.ts";

const text = z.string().nullish();
const wholeNumber = z.number().int().nullish().catch(null);
const unsure = z.string().nullish().catch(null);

const product = z.looseObject({ imtId: wholeNumber, nmId: wholeNumber, productName: unsure });
const answer = z.looseObject({ text, state: unsure, createDate: unsure });

/** What we read of a review and of a question; the rest of the reply may change without harm. */
const recordSchema = z.looseObject({
  id: z.string().min(1).max(200),
  text,
  pros: text,
  cons: text,
  productValuation: z.number().nullish(),
  createdDate: unsure,
  state: unsure,
  answer: answer.nullish(),
  productDetails: product.nullish().catch(null),
  userName: unsure,
  parentFeedbackId: unsure,
  childFeedbackId: unsure,
});
type Record = z.output<typeof recordSchema>;
type Answer = ItemInput["answer"];

/** Reads the records of one list; throws `SourceChangedError` when one is not built as documented. */
export function readRecords(records: readonly unknown[], kind: "review" | "question"): ItemInput[] {
  const read = z.array(recordSchema).safeParse(records);
  if (!read.success) {
    const where = read.error.issues[0]?.path.join(".") ?? "";
    throw new SourceChangedError(
      `A Wildberries ${kind} is not built as documented (at ${where}); nothing of this page was stored.`,
    );
  }
  return read.data.map(record => fitItem(kind === "review" ? reviewItem(record) : questionItem(record)));
}

function reviewItem(record: Record): ItemInput {
  const { productDetails, parentFeedbackId, childFeedbackId } = record;
  const address = productDetails?.nmId
    ? `https://www.wildberries.ru/catalog/${productDetails.nmId}/feedbacks` +
      (productDetails.imtId ? `?imtId=${productDetails.imtId}` : "")
    : null;
  return {
    ...commonFacts(record),
    kind: "review",
    url: address,
    text: reviewText(record),
    rating: ratingOf(record.productValuation),
    parentExternalId: oneLine(parentFeedbackId),
    threadId: oneLine(parentFeedbackId) ?? (oneLine(childFeedbackId) === null ? null : record.id),
    answer: answerOf(record, reviewAnswerStates[record.answer?.state ?? ""] ?? "pending"),
  };
}

function questionItem(record: Record): ItemInput {
  const { nmId } = record.productDetails ?? {};
  return {
    ...commonFacts(record),
    kind: "question",
    url: nmId ? `https://www.wildberries.ru/catalog/${nmId}/detail.aspx` : null,
    text: tidyLines(record.text ?? ""),
    answer: answerOf(record, questionAnswerStates[record.state ?? ""] ?? "pending"),
  };
}

const commonFacts = (record: Record) => ({
  externalId: record.id,
  author: authorOf(record.userName),
  publishedAt: readDate(record.createdDate),
  owned: true,
  product: oneLine(record.productDetails?.productName),
});

/** As the shop shows it: pros, cons, comment, each under its name; a lone comment goes without. */
function reviewText({ pros, cons, text }: Record): string {
  const parts = [
    ["Достоинства", tidyLines(pros ?? "")],
    ["Недостатки", tidyLines(cons ?? "")],
    ["Комментарий", tidyLines(text ?? "")],
  ] as const;
  const written = parts.filter(([, part]) => part !== "");
  if (written.length === 1 && written[0]?.[0] === "Комментарий") return written[0][1];
  return written.map(([label, part]) => `${label}: ${part}`).join("\n");
}

const ratingOf = (value: number | null | undefined): ItemInput["rating"] =>
  value && value >= 1 && value <= 5 ? { value, scale: 5 } : null;

const authorOf = (userName: string | null | undefined): ItemInput["author"] => {
  const name = oneLine(userName);
  return name === null ? null : { name };
};

type State = NonNullable<Answer>["state"];

/** An unknown state counts as pending: only a published answer may close a case. */
const reviewAnswerStates: { readonly [state: string]: State } = {
  none: "pending",
  reviewRequired: "pending",
  wbRu: "published",
  rejected: "rejected",
};

/** Of the question itself: `none` is a question that the seller rejected, its text is not shown to buyers. */
const questionAnswerStates: { readonly [state: string]: State } = {
  wbRu: "published",
  suppliersPortalSynch: "pending",
  none: "rejected",
};

/** The text decides: the lists' `isAnswered` and the record's own state are marks of processing. */
function answerOf(record: Record, state: State): Answer {
  const said = clip(tidyLines(record.answer?.text ?? ""), 100_000);
  if (said === null) return null;
  return {
    text: said,
    publishedAt: readDate(record.answer?.createDate),
    state,
    evidence: "the seller's own answer in the seller API",
  };
}
