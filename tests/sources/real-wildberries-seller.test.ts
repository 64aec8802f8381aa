import { describe, expect, test } from "vitest";
import { BlockedError, type MolvaError, QuotaError, SourceChangedError } from "#domain/errors.ts";
import type { Item } from "#domain/item.ts";
import type { Ask, Json } from "#sources/define.ts";
import { wildberriesSeller as kind } from "#sources/wildberries-seller.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { itemsOf } from "./fixture.ts";

const file = "fixtures/wildberries/seller-api-doc-examples.json";
const specification = "fixtures/wildberries/seller-api-spec-feedbacks-questions.json";

interface Examples {
  examples: { [method: string]: { responses: { [status: string]: { body: unknown } } } };
}

const settings = kind.settings.parse({ questions: true });
const ask: Ask<typeof settings> = {
  settings,
  cursor: null,
  progress: null,
  now: new Date("2026-05-20T12:00:00Z"),
  since: null,
};

const steps = {
  "GET /api/v1/feedbacks": ["unanswered", "answered"],
  "GET /api/v1/feedbacks/archive": ["archive"],
  "GET /api/v1/questions": ["unanswered-questions", "answered-questions"],
} as const;
type Method = keyof typeof steps;

function read(list: string, status: number, body: unknown): Item[] {
  const state: Json = { list, skip: 0, from: null, deep: true };
  const request = { url: "https://feedbacks-api.wildberries.ru/api/v1/feedbacks", step: list, state };
  return itemsOf(
    kind.parse!({ request, url: request.url, status, headers: {}, body: JSON.stringify(body) }, ask),
  );
}

describeShared("the documented examples of the Wildberries seller API", file, () => {
  const { examples } = readSharedJson<Examples>(file);
  const responses = (method: string) => examples[method]?.responses ?? {};

  test.each(["unanswered", "answered", "archive"])("the documented review is read from the list %s", list => {
    const method = list === "archive" ? "GET /api/v1/feedbacks/archive" : "GET /api/v1/feedbacks";
    expect(read(list, 200, responses(method)["200"]?.body)).toEqual([
      {
        externalId: "YX52RZEBhH9mrcYdEJuD",
        kind: "review",
        url: "https://www.wildberries.ru/catalog/987654321/feedbacks?imtId=123456789",
        title: null,
        text: "Достоинства: Удобный\nНедостатки: Нет\nКомментарий: Спасибо, всё подошло",
        rating: { value: 5, scale: 5 },
        author: { id: null, name: "Николай", url: null, reach: null, badges: [] },
        publishedAt: new Date("2024-09-26T07:20:48Z"),
        editedAt: null,
        threadId: "YX52RZEBhH9mrcYdEJuD",
        threadTitle: null,
        parentExternalId: null,
        engagement: {},
        answer: {
          externalId: null,
          text: "Пожалуйста. Ждём вас снова!",
          authorName: null,
          publishedAt: null,
          state: "published",
          evidence: "the seller's own answer in the seller API",
          url: null,
        },
        owned: true,
        product: "ВАЗ",
        observation: null,
      },
    ]);
  });

  test("the documented unanswered question is read", () => {
    const items = read("unanswered-questions", 200, responses("GET /api/v1/questions")["200"]?.body);
    expect(items).toMatchObject([
      {
        externalId: "2ncBtX4B9I0UHoornoqG",
        kind: "question",
        text: "Question text",
        publishedAt: new Date("2022-02-01T11:18:08.769Z"),
        answer: null,
        product: "Coffee",
      },
    ]);
  });

  test("the documented answered question, as its list would hold it", () => {
    const body = responses("GET /api/v1/question")["200"]?.body as { data: unknown } | undefined;
    const items = read("answered-questions", 200, { data: { questions: [body?.data] }, error: false });
    expect(items).toMatchObject([
      {
        text: "Хороший карандаш? Когда еще поставите?",
        publishedAt: new Date("2025-01-27T11:38:21.202Z"),
        product: "Карандаш с ластиком",
        answer: {
          text: "На следующей неделе",
          state: "published",
          publishedAt: new Date("2025-07-28T08:24:37.187Z"),
        },
      },
    ]);
  });

  test("every documented error of the lists becomes its class, in the words of the site", () => {
    const classes: {
      readonly [status: string]: typeof MolvaError | typeof QuotaError | typeof BlockedError;
    } = {
      400: SourceChangedError,
      401: BlockedError,
      402: BlockedError,
      403: BlockedError,
      422: SourceChangedError,
      429: QuotaError,
    };
    let refused = 0;
    for (const [method, lists] of Object.entries(steps) as [Method, readonly string[]][])
      for (const [status, expected] of Object.entries(classes)) {
        const documented = responses(method)[status]?.body as { [name: string]: unknown } | undefined;
        if (documented === undefined) continue;
        const named = Object.values(documented)[0];
        const body = named !== null && typeof named === "object" ? named : documented;
        expect(() => read(lists[0] ?? "", Number(status), body)).toThrow(expected);
        expect(() => read(lists[0] ?? "", Number(status), body)).toThrow(/It says: ".+"/);
        refused += 1;
      }
    expect(refused).toBe(16);
  });
});

interface Specification {
  paths: { [path: string]: { get?: { parameters: { name: string; required?: boolean }[] } } };
}

describeShared("the specification of the Wildberries seller API", specification, () => {
  const { paths } = readSharedJson<Specification>(specification);

  describe.each(
    [kind.request!({ ...ask, since: new Date(0) })].flat().map(one => [one.step ?? "", one] as const),
  )("the request of the list %s", (_, request) => {
    const url = new URL(request.url);
    const documented = paths[url.pathname]?.get?.parameters ?? [];

    test("uses documented parameters only, and every required one", () => {
      const names = documented.map(parameter => parameter.name);
      const required = documented.filter(parameter => parameter.required).map(parameter => parameter.name);
      expect(names).toEqual(expect.arrayContaining([...url.searchParams.keys()]));
      expect([...url.searchParams.keys()]).toEqual(expect.arrayContaining(required));
      expect(required.length).toBeGreaterThan(1);
    });
  });
});
