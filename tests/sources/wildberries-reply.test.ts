import { describe, expect, test } from "vitest";
import { MolvaError, QuotaError, SourceChangedError } from "#domain/errors.ts";
import type { ReplyDraft, SourceReply } from "#sources/define.ts";
import { wildberriesSeller } from "#sources/wildberries-seller.ts";

const way = wildberriesSeller.reply!;
const settings = wildberriesSeller.settings.parse({});
const context = { settings, now: new Date("2026-11-20T12:00:00Z") };
const text = "Здравствуйте! Нам жаль, вернём деньги сегодня.";
const review: ReplyDraft = { externalId: "J2FMRjUj6hwvwCElqssz", kind: "review", text, replaces: null };
const question: ReplyDraft = { ...review, externalId: "n5um6IUBQOOSTxXoo0gV", kind: "question" };
const edit: ReplyDraft = { ...review, replaces: "Спасибо за отзыв!" };

const answered = (status: number, body: unknown, headers: Record<string, string> = {}): SourceReply => ({
  request: way.send(review, settings),
  url: "https://feedbacks-api.wildberries.ru/",
  status,
  headers,
  body: body === null ? "" : JSON.stringify(body),
});

describe("the request", () => {
  const sent = (draft: ReplyDraft) => {
    const { method, url, body, headers } = way.send(draft, settings);
    return { method, url, body: JSON.parse(body ?? "null"), type: headers?.["content-type"] };
  };
  const host = "https://feedbacks-api.wildberries.ru";

  test("posts the answer to a review, and patches it once it stands", () => {
    const request = {
      url: `${host}/api/v1/feedbacks/answer`,
      body: { id: review.externalId, text },
      type: "application/json",
    };
    expect(sent(review)).toEqual({ ...request, method: "POST" });
    expect(sent(edit)).toEqual({ ...request, method: "PATCH" });
  });

  test("answers a question so that buyers see it", () => {
    expect(sent(question)).toEqual({
      method: "PATCH",
      url: `${host}/api/v1/questions`,
      body: { id: question.externalId, answer: { text }, state: "wbRu" },
      type: "application/json",
    });
  });

  test("looks for the answered text alone", () => {
    expect(way.look(review, settings).url).toBe(`${host}/api/v1/feedback?id=${review.externalId}`);
    expect(way.look(question, settings).url).toBe(`${host}/api/v1/question?id=${question.externalId}`);
    expect(way.look({ ...review, externalId: "a&b=c/d" }, settings).url).toBe(
      `${host}/api/v1/feedback?id=a%26b%3Dc%2Fd`,
    );
  });
});

describe("what became of it", () => {
  const taking = (...args: Parameters<typeof answered>) => way.taking(answered(...args), context);

  test("taken: 204 without a word for a review, 200 for a question", () => {
    expect(taking(204, null)).toEqual({ kind: "taken" });
    expect(taking(200, { data: null, error: false, errorText: "", additionalErrors: null })).toEqual({
      kind: "taken",
    });
  });

  test.each([
    [400, { title: "bad request", detail: "Неверный синтаксис JSON" }, "«Неверный синтаксис JSON»"],
    [422, { data: null, error: true, errorText: "Не удалось отредактировать вопрос" }, "«Не удалось"],
    [401, { title: "unauthorized", detail: "token problem" }, "создайте новый токен"],
    [402, { title: "payment required" }, "пополните баланс"],
    [403, { data: null, error: true, errorText: "Ошибка авторизации" }, "категории «Вопросы и отзывы»"],
    [404, { data: null, error: true, errorText: "Не найден отзыв" }, "не находит текст"],
  ])("refused by %d, in plain words", (status, body, words) => {
    const result = taking(status, body);
    expect(result.kind).toBe("refused");
    const { reason } = result as { reason: { en: string; ru: string } };
    expect(reason.ru).toContain(words);
    expect(reason.en).toMatch(/^Wildberries [a-z]/);
  });

  test("not taken for now: 429 says how long to wait", () => {
    const refused = () => taking(429, { title: "too many requests" }, { "x-ratelimit-retry": "7" });
    expect(refused).toThrow(QuotaError);
    expect(refused).toThrow(expect.objectContaining({ retry: { afterMs: 7000 } }));
  });

  test.each([
    [500, null],
    [502, { any: "thing" }],
    [302, null],
    [408, null],
    [200, { data: null, error: true, errorText: "Something went wrong" }],
  ])("unknown after %d: an error that is no quota", (status, body) => {
    const read = () => taking(status, body);
    expect(read).toThrow(MolvaError);
    expect(read).not.toThrow(QuotaError);
  });
});

describe("what stands under the text", () => {
  const record = (id: string, answer: object | null, state: string) => ({
    data: { id, text: "Пришла пустая коробка", createdDate: "2026-11-19T10:00:00+03:00", answer, state },
    error: false,
    errorText: "",
  });
  const standing = (draft: ReplyDraft, body: unknown, status = 200) =>
    way.standing(answered(status, body), draft, context);
  const reviewStands = (answer: object | null, draft = review) =>
    standing(draft, record(draft.externalId, answer, "wbRu")).state;

  test.each([
    ["none", null],
    ["none", { text: "", state: "none", editable: false }],
    ["pending", { text, state: "reviewRequired", editable: true }],
    ["published", { text, state: "wbRu", editable: true }],
    ["rejected", { text, state: "rejected", editable: false }],
    ["pending", { text, state: "a new one", editable: false }],
    ["other", { text: "Напишите нам в чат.", state: "wbRu", editable: true }],
    ["other", { text: "Напишите нам в чат.", state: "reviewRequired", editable: true }],
    ["none", { text: "Напишите нам в чат.", state: "rejected", editable: false }],
  ])("%s under a review with the answer %j", (state, answer) => expect(reviewStands(answer)).toBe(state));

  test("an edit has not come through while the old text stands there", () => {
    expect(reviewStands({ text: edit.replaces, state: "wbRu" }, edit)).toBe("none");
    expect(reviewStands({ text, state: "wbRu" }, edit)).toBe("published");
    expect(reviewStands({ text: "Третий текст", state: "wbRu" }, edit)).toBe("other");
  });

  test("a question is answered when it is shown with our text", () => {
    const under = (answer: object | null, state: string) =>
      standing(question, record(question.externalId, answer, state)).state;
    expect(under(null, "suppliersPortalSynch")).toBe("none");
    expect(under({ text, editable: true, createDate: "2026-11-20T11:00:00Z" }, "wbRu")).toBe("published");
    expect(under({ text, editable: true }, "none")).toBe("rejected");
  });

  test("tells the text as a run would, so that it can be stored", () => {
    const { item } = standing(review, record(review.externalId, { text, state: "wbRu" }, "wbRu"));
    expect(item).toMatchObject({
      externalId: review.externalId,
      kind: "review",
      text: "Пришла пустая коробка",
      answer: { text, state: "published" },
    });
  });

  test("gone when Wildberries does not know the id", () => {
    const unknown = { data: null, error: true, errorText: "Невозможно получить отзыв по id" };
    expect(standing(review, unknown, 422)).toEqual({ state: "gone", item: null });
  });

  test.each([
    ["a page", 422, "<html>"],
    ["another record", 200, record("another", null, "none")],
    ["no record", 200, { data: null, error: false }],
    ["a list", 200, { data: [], error: false }],
    ["a server error", 503, {}],
  ])("never guessed from %s", (_what, status, body) => {
    expect(() => standing(review, body, status)).toThrow(MolvaError);
  });

  test("another record is a change of the API", () => {
    expect(() => standing(review, record("another", null, "none"))).toThrow(SourceChangedError);
  });
});
