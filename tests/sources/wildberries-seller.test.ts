import { describe, expect, test } from "vitest";
import { BlockedError, MolvaError, QuotaError } from "#domain/errors.ts";
import { itemSchema } from "#domain/item.ts";
import type { Ask, Json, Page, SourceReply, SourceRequest } from "#sources/define.ts";
import { wildberriesSeller as kind } from "#sources/wildberries-seller.ts";
import { fixtures, itemsOf, parseFixture } from "./fixture.ts";

const now = new Date("2026-05-20T12:00:00Z");
const ask = (changes: Partial<Ask<ReturnType<typeof kind.settings.parse>>> = {}, settings: object = {}) => ({
  settings: kind.settings.parse(settings),
  cursor: null,
  progress: null,
  now,
  since: null,
  ...changes,
});
const requests = (question: ReturnType<typeof ask>): SourceRequest[] => [kind.request!(question)].flat();
const parametersOf = ({ url }: SourceRequest) => Object.fromEntries(new URL(url).searchParams);

const review = (id: string, createdDate = "2026-05-19T10:00:00Z") => ({
  id,
  text: id,
  productValuation: 5,
  createdDate,
  answer: null,
});
const answered = (
  request: SourceRequest,
  feedbacks: unknown[],
  changes: Partial<SourceReply> = {},
): SourceReply => ({
  request,
  url: request.url,
  status: 200,
  headers: {},
  body: JSON.stringify({ data: { feedbacks, questions: feedbacks }, error: false, errorText: "" }),
  ...changes,
});

const ordinary = (name: string) =>
  itemsOf(parseFixture(kind, fixtures(kind.id, "ordinary").find(fixture => fixture.name === name)!));

describe("what a run asks", () => {
  test("all three lists of reviews, and the questions when they are wanted", () => {
    const steps = (settings: object) => requests(ask({}, settings)).map(request => request.step);
    expect(steps({})).toEqual(["unanswered", "answered", "archive"]);
    expect(steps({ questions: true })).toEqual([
      "unanswered",
      "answered",
      "archive",
      "unanswered-questions",
      "answered-questions",
    ]);
  });

  test("the documented parameters, dates in seconds, the archive without dates", () => {
    const [first, , archive] = requests(ask({ since: new Date("2026-05-06T12:00:00Z") }));
    expect(first?.url).toBe(
      "https://feedbacks-api.wildberries.ru/api/v1/feedbacks?isAnswered=false&take=1000&skip=0&order=dateAsc&dateFrom=1778068800",
    );
    expect(archive?.url).toBe(
      "https://feedbacks-api.wildberries.ru/api/v1/feedbacks/archive?take=1000&skip=0&order=dateDesc",
    );
  });

  test("the sandbox or a server of the operator's own", () => {
    expect(requests(ask({}, { environment: "sandbox" }))[0]?.url).toMatch(
      /^https:\/\/feedbacks-api-sandbox\./,
    );
    const local = ask({}, { baseUrl: "http://127.0.0.1:9/wb/" });
    expect(requests(local)[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:9\/wb\/api\/v1\/feedbacks\?/);
    expect(kind.hosts(local.settings)).toEqual(["127.0.0.1"]);
  });

  test("with the raw token in the header, and never elsewhere", () => {
    const authorized = kind.authorize!(requests(ask())[0]!, { token: "eyJ.x.y" });
    expect(authorized.headers).toEqual({ authorization: "eyJ.x.y" });
    expect(kind.credentials!.safeParse({ token: "Bearer eyJ.x.y" }).success).toBe(false);
    expect(kind.credentials!.safeParse({ token: "a\r\nhost: evil" }).success).toBe(false);
  });

  test("at the pace of its token", () => {
    const quota = (token: string) => kind.quota!(kind.settings.parse({ token }));
    expect(quota("personal")).toEqual({ intervalMs: 334, burst: 6, per: "credentials" });
    expect(quota("basic")).toEqual({ intervalMs: 720_000, burst: 1, per: "credentials" });
  });

  test("answers to older reviews: unanswered ones 35 days back in each run, the others so once an hour", () => {
    const cursor = { seenUntil: "2026-05-20T11:00:00.000Z", deepAt: "2026-05-20T11:30:00.000Z" };
    const from = (at: Date) => requests(ask({ cursor, now: at })).map(one => parametersOf(one)["dateFrom"]);
    const day = (text: string) => String(Date.parse(text) / 1000);
    expect(from(now)).toEqual([day("2026-04-15T12:00:00Z"), day("2026-05-19T11:00:00Z"), undefined]);
    const later = new Date("2026-05-20T12:30:00Z");
    expect(from(later)).toEqual([day("2026-04-15T12:30:00Z"), day("2026-04-15T12:30:00Z"), undefined]);
  });

  test("everything since the last run after a long silence", () => {
    const cursor = { seenUntil: "2026-01-10T00:00:00.000Z", deepAt: "2026-05-20T11:59:00.000Z" };
    const from = requests(ask({ cursor })).map(one => parametersOf(one)["dateFrom"]);
    expect(from.slice(0, 2)).toEqual(Array(2).fill(String(Date.parse("2026-01-09T00:00:00Z") / 1000)));
  });
});

describe("what a review says", () => {
  test("pros, cons and comment stand under their names, a lone comment without", () => {
    const [first] = ordinary("ordinary");
    expect(first).toMatchObject({
      externalId: "krA1unanswered00001",
      kind: "review",
      url: "https://www.wildberries.ru/catalog/810001/feedbacks?imtId=70001",
      text: "Достоинства: Красивый цвет\nНедостатки: Не держит тепло\nКомментарий: Крышка подтекает уже через неделю.\nЧай остыл за час.",
      rating: { value: 2, scale: 5 },
      author: { name: "Ирина" },
      publishedAt: new Date("2026-05-18T06:15:04Z"),
      answer: null,
      owned: true,
      product: "Термокружка 450 мл",
    });
    expect(ordinary("ordinary-answered")[0]?.text).toBe("Отличная кружка, спасибо!");
  });

  test("a rating without a text is kept, a nameless author is none", () => {
    expect(ordinary("ordinary")[1]).toMatchObject({ text: "", rating: { value: 1, scale: 5 }, author: null });
  });

  test("an added review names the first one and shares its thread", () => {
    expect(ordinary("ordinary")[2]).toMatchObject({
      parentExternalId: "krA1answered0000002",
      threadId: "krA1answered0000002",
    });
    expect(ordinary("ordinary-answered")[1]).toMatchObject({
      parentExternalId: null,
      threadId: "krA1answered0000002",
    });
    expect(ordinary("ordinary")[0]?.threadId).toBeNull();
  });
});

describe("an answer", () => {
  test("has the state that the shop gives it, and its text decides whether there is one", () => {
    expect(ordinary("ordinary-answered").map(item => item.answer?.state ?? "none")).toEqual([
      "published",
      "pending",
      "rejected",
      "none",
    ]);
    expect(ordinary("ordinary-archive")[0]?.answer).toBeNull();
  });

  test("of an unknown state is not yet public", () => {
    const record = { ...review("a"), answer: { text: "Спасибо", state: "brandNewState" } };
    const page = kind.parse!(answered(requests(ask())[0]!, [record]), ask());
    expect(itemSchema.parse(page.items[0]).answer?.state).toBe("pending");
  });

  test("to a question has a date; a rejected question is not answered in public", () => {
    const [shown, rejected] = ordinary("ordinary-processed-questions");
    expect(shown).toMatchObject({
      kind: "question",
      url: "https://www.wildberries.ru/catalog/810001/detail.aspx",
      answer: { text: "310 граммов", state: "published", publishedAt: new Date("2026-05-02T08:24:37.187Z") },
    });
    expect(rejected?.answer?.state).toBe("rejected");
  });
});

describe("paging", () => {
  const settings = { pageSize: 100 };
  const pageOf = (request: SourceRequest, count: number, dates?: (index: number) => string): Page =>
    kind.parse!(
      answered(
        request,
        Array.from({ length: count }, (_, index) => review(`r${index}`, dates?.(index))),
      ),
      ask({}, settings),
    );

  test("goes on with an overlap while pages are full, and ends at a short one", () => {
    const first = requests(ask({}, settings))[0]!;
    const { next } = pageOf(first, 100);
    expect(parametersOf(next!)).toMatchObject({ take: "100", skip: "90", isAnswered: "false" });
    expect(pageOf(next!, 99).next).toBeNull();
  });

  test("reads every review once or more even when others leave the list between two pages", () => {
    let list = Array.from({ length: 450 }, (_, index) => review(`r${index}`));
    const seen = new Set<string>();
    let request: SourceRequest | null | undefined = requests(ask({}, settings))[0];
    for (let turn = 0; request; turn += 1) {
      expect(turn).toBeLessThan(20);
      const { skip, take } = parametersOf(request);
      const page: Page = kind.parse!(
        answered(request, list.slice(Number(skip), Number(skip) + Number(take))),
        ask({}, settings),
      );
      for (const item of page.items) seen.add(item.externalId);
      list = list.slice(10);
      request = page.next;
    }
    for (const { id } of list) expect(seen).toContain(id);
  });

  test("of the archive ends where it reaches back far enough", () => {
    const since = new Date("2026-05-10T00:00:00Z");
    const archive = requests(ask({ since }, settings))[2]!;
    expect(pageOf(archive, 100, () => "2026-05-11T00:00:00Z").next).not.toBeNull();
    expect(
      pageOf(archive, 100, index => (index === 99 ? "2026-05-09T00:00:00Z" : "2026-05-11T00:00:00Z")).next,
    ).toBeNull();
  });

  test("beyond the largest skip goes on from the last date", () => {
    const question = ask({}, { ...settings, questions: true });
    const state: Json = { list: "answered-questions", skip: 9890, from: null, deep: true };
    const { next } = pageOf({ ...requests(question)[4]!, state }, 100, () => "2026-05-01T00:00:00Z");
    expect(parametersOf(next!)).toMatchObject({
      skip: "0",
      dateFrom: String(Date.parse("2026-05-01T00:00:00Z") / 1000),
    });
  });
});

describe("memory", () => {
  const newest = (page: Page) => page.cursor as { seenUntil: string | null; deepAt: string };

  test("keeps the newest date of all pages, never one ahead of now, never going back", () => {
    const request = requests(ask())[0]!;
    const first = kind.parse!(
      answered(request, [review("a", "2026-05-19T10:00:00Z"), review("b", "2044-01-01T00:00:00Z")]),
      ask(),
    );
    expect(newest(first)).toEqual({ seenUntil: now.toISOString(), deepAt: now.toISOString() });
    const progress = { seenUntil: "2026-05-19T10:00:00.000Z", deepAt: now.toISOString() };
    const second = kind.parse!(answered(request, [review("c", "2026-05-01T00:00:00Z")]), ask({ progress }));
    expect(newest(second).seenUntil).toBe("2026-05-19T10:00:00.000Z");
  });

  test("of an empty account remembers only when it looked", () => {
    const page = kind.parse!(answered(requests(ask())[0]!, []), ask());
    expect(newest(page)).toEqual({ seenUntil: null, deepAt: now.toISOString() });
  });
});

describe("a refusal", () => {
  const refused = (status: number, changes: Partial<SourceReply> = {}, settings: object = {}): MolvaError => {
    const body = JSON.stringify({ title: "refused", detail: "limited by a rule" });
    try {
      kind.parse!(answered(requests(ask())[0]!, [], { status, body, ...changes }), ask({}, settings));
    } catch (error) {
      if (error instanceof MolvaError) return error;
    }
    throw new Error("was not refused");
  };

  test.each([
    [401, /create a new one of the category «Вопросы и отзывы»/],
    [402, /top up the balance/],
    [403, /lacks the category/],
  ])("%d says what to do, quotes the reason and is not repeated by itself", (status, words) => {
    const error = refused(status);
    expect(error).toBeInstanceOf(BlockedError);
    expect(error.message).toMatch(words);
    expect(error.message).toContain("limited by a rule");
    expect(error.retry).toBe("never");
  });

  test("429 waits as long as the header says, else one interval of the token", () => {
    expect(refused(429, { headers: { "x-ratelimit-retry": "17" } }).retry).toEqual({ afterMs: 17_000 });
    expect(refused(429, { headers: { "retry-after": "5" } }).retry).toEqual({ afterMs: 5000 });
    expect(refused(429).retry).toEqual({ afterMs: 1000 });
    expect(refused(429, {}, { token: "basic" }).retry).toEqual({ afterMs: 720_000 });
    expect(refused(429)).toBeInstanceOf(QuotaError);
  });

  test("inside a 200 is a failure in the site's own words", () => {
    const body = JSON.stringify({ data: null, error: true, errorText: "Something went wrong" });
    expect(refused(200, { body })).toMatchObject({ code: "source-unavailable", retry: "backoff" });
    expect(refused(200, { body }).message).toContain("Something went wrong");
  });
});
