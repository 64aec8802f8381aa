import { z } from "zod";
import { SourceChangedError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { isSameText } from "#domain/same-text.ts";
import type { ReplyDraft, ReplyWay, SourceReply, SourceRequest, Standing, Words } from "#sources/define.ts";
import { readJson } from "#sources/json.ts";
import { readRecords } from "./records.ts";
import { failedInside, platformWords, refuseUnlessGranted } from "./refusals.ts";
import { apiUrl, type Settings } from "./settings.ts";

const dayMs = 86_400_000;

const envelope = z.looseObject({
  data: z.unknown(),
  error: z.boolean().nullish(),
  errorText: z.string().nullish(),
});

/**
 * Answers of the seller: a review takes POST and then one PATCH, a question the same PATCH for both. The id is
 * not checked there (204 for a wrong one), so only a look at the text tells what came of it.
 */
export const reply: ReplyWay<Settings> = {
  limits: {
    kinds: ["review", "question"],
    minLength: 2,
    maxLength: 5000,
    edits: { count: 1, withinMs: 60 * dayMs },
  },
  send: (draft, settings) => ({
    ...(draft.kind === "question" ? questionAnswer(draft) : reviewAnswer(draft)),
    url: apiUrl(settings) + (draft.kind === "question" ? "/api/v1/questions" : "/api/v1/feedbacks/answer"),
    headers: { "content-type": "application/json" },
    step: "answer",
  }),
  taking: (answer, { settings, now }) => {
    const reason = refusalOf(answer);
    if (reason !== null) return { kind: "refused", reason };
    refuseUnlessGranted(answer, settings, now);
    if (answer.body.trim() !== "") refuseError(answer);
    return { kind: "taken" };
  },
  look: (draft, settings) => {
    const url = new URL(`${apiUrl(settings)}/api/v1/${draft.kind === "question" ? "question" : "feedback"}`);
    url.searchParams.set("id", draft.externalId);
    return { url: url.href, step: "one" };
  },
  standing: (answer, draft, { settings, now }) => {
    if (answer.status === 422 && envelope.safeParse(readJson(answer.body)).data?.error === true)
      return { state: "gone", item: null };
    refuseUnlessGranted(answer, settings, now);
    return standingOf(recordOf(answer, draft), draft);
  },
};

const reviewAnswer = ({ externalId, text, replaces }: ReplyDraft): Omit<SourceRequest, "url"> => ({
  method: replaces === null ? "POST" : "PATCH",
  body: JSON.stringify({ id: externalId, text }),
});

/** Without the state a question would only be marked as seen; with `none` it would be hidden from buyers. */
const questionAnswer = ({ externalId, text }: ReplyDraft): Omit<SourceRequest, "url"> => ({
  method: "PATCH",
  body: JSON.stringify({ id: externalId, answer: { text }, state: "wbRu" }),
});

/** What people do about an answer that was not taken; 429 and 5xx are no refusals. */
const advice: { readonly [status: number]: Words } = {
  401: {
    en: "Wildberries does not accept the token: create a new one of the category «Вопросы и отзывы», put it into the source's credentials and send the answer again.",
    ru: "Wildberries не принимает токен: создайте новый токен категории «Вопросы и отзывы», укажите его в настройках источника и отправьте ответ ещё раз.",
  },
  402: {
    en: "Wildberries asks for payment: top up the balance of the solution in the seller's account and send the answer again.",
    ru: "Wildberries требует оплаты: пополните баланс решения в личном кабинете продавца и отправьте ответ ещё раз.",
  },
  403: {
    en: "Wildberries does not let this token answer: it lacks the category «Вопросы и отзывы» or may only read. Create one that may write and send the answer again.",
    ru: "Wildberries не разрешает отвечать с этим токеном: у него нет категории «Вопросы и отзывы» или он выдан только на чтение. Создайте токен с правом записи и отправьте ответ ещё раз.",
  },
  404: {
    en: "Wildberries does not find the text that this answers; it may have been removed.",
    ru: "Wildberries не находит текст, на который дан ответ: возможно, его удалили.",
  },
};

function refusalOf(answer: SourceReply): Words | null {
  if (answer.status < 400 || answer.status >= 500 || answer.status === 408 || answer.status === 429)
    return null;
  const known = advice[answer.status];
  if (known !== undefined) return known;
  const said = platformWords(answer);
  return {
    en: `Wildberries did not take the answer.${said === "" ? "" : ` It says: “${said}”.`}`,
    ru: `Wildberries не принял ответ.${said === "" ? "" : ` Его объяснение: «${said}».`}`,
  };
}

function refuseError(answer: SourceReply): void {
  const read = envelope.safeParse(readJson(answer.body));
  if (read.data?.error === true) throw failedInside(read.data.errorText ?? "");
}

/** The one record of the answer, as the lists would show it. */
function recordOf(answer: SourceReply, draft: ReplyDraft): ItemInput {
  const read = envelope.safeParse(readJson(answer.body));
  if (read.data?.error === true) throw failedInside(read.data.errorText ?? "");
  const [item] = readRecords([read.data?.data], draft.kind === "question" ? "question" : "review");
  if (item?.externalId === draft.externalId) return item;
  throw new SourceChangedError(
    "Wildberries was asked for one text and answered with another; the API changed, or another server answers at this address.",
  );
}

/** A text that was turned down, and the one that an edit is to replace, stand in nobody's way. */
function standingOf(item: ItemInput, { text, replaces }: ReplyDraft): Standing {
  const shown = item.answer ?? null;
  if (shown === null || shown.state === "removed") return { state: "none", item };
  if (isSameText(shown.text, text, replaces)) return { state: shown.state, item };
  const isOld = replaces !== null && isSameText(shown.text, replaces, text);
  return { state: isOld || shown.state === "rejected" ? "none" : "other", item };
}
